import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Request, type RequestData, type User } from '@mortise/sdk'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

let host: StartedBuiltIns

beforeEach(async () => {
  host = await startBuiltIns()
  for (const index of ['a', 'b', 'c']) await host.store.createIndex(index)
})

afterEach(() => host.stop())

const call = (action: string, rest: Partial<RequestData> = {}, user: User | null = null): Promise<Request> =>
  host.pipeline.run(new Request({ controller: 'index', action, ...rest }, { user }), { events: true, rights: false, limits: false })

test('mDelete deletes those of the named indexes that exist', async () => {
  expect((await call('mDelete', { body: { indexes: ['a', 'ghost', 'c'] } })).result).toEqual({ deleted: ['a', 'c'] })
  expect(await host.store.listIndexes()).toEqual(['b'])
})

test('mDelete without names deletes all', async () => {
  expect((await call('mDelete')).result).toEqual({ deleted: ['a', 'b', 'c'] })
})

test('mDelete leaves what the user may not delete', async () => {
  const isActionAllowed = async (request: unknown): Promise<boolean> => (request as Request).input.args.index === 'b'
  expect((await call('mDelete', {}, { _id: 'ann', profileIds: [], isActionAllowed })).result).toEqual({ deleted: ['b'] })
})

test('list counts collections when it is asked to', async () => {
  await host.store.createCollection({ index: 'b', collection: 'one' })
  expect((await call('list', { countCollection: true })).result).toEqual({ indexes: ['a', 'b', 'c'], collections: { a: 0, b: 1, c: 0 } })
})

test('delete takes the index away with what is in it', async () => {
  await host.store.createCollection({ index: 'b', collection: 'one' })
  expect((await call('delete', { index: 'b' })).result).toEqual({ acknowledged: true })
  expect((await call('delete', { index: 'b' })).error).toMatchObject({ id: 'services.storage.unknown_index', status: 412 })
})

test('indexes of plugins and of the host are not there', async () => {
  await host.store.createIndex('plugin-geo', 'private')
  expect((await call('exists', { index: 'plugin-geo' })).result).toBe(false)
  expect((await call('list')).result).toEqual({ indexes: ['a', 'b', 'c'] })
})
