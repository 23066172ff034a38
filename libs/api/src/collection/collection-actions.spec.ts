import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Request, RequestData } from '@mortise/sdk'
import { callAction } from '../../../../test/support/call-action.js'
import { QuietHost, startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

class WatchedHost extends QuietHost {
  override realtimeCollections(): readonly string[] {
    return ['live', 'orders']
  }
}

let host: StartedBuiltIns

beforeEach(async () => {
  host = await startBuiltIns({ host: new WatchedHost() })
  for (const collection of ['orders', 'returns']) await host.store.createCollection({ index: 'shop', collection })
})

afterEach(() => host.stop())

const call = (action: string, rest: Partial<RequestData> = {}): Promise<Request> =>
  callAction(host.pipeline, { controller: 'collection', action, index: 'shop', collection: 'orders', ...rest })

test('list shows stored collections and watched ones, each once', async () => {
  const [live, orders, returns] = [{ name: 'live', type: 'realtime' }, { name: 'orders', type: 'stored' }, { name: 'returns', type: 'stored' }]
  expect((await call('list')).result).toEqual({ type: 'all', collections: [live, orders, returns] })
  expect((await call('list', { type: 'stored' })).result).toEqual({ type: 'stored', collections: [orders, returns] })
  expect((await call('list', { type: 'realtime' })).result).toEqual({ type: 'realtime', collections: [live] })
  expect((await call('list', { type: 'other' })).error?.id).toBe('api.assert.invalid_argument')
})

test('list gives a page when it is asked for one', async () => {
  expect((await call('list', { from: 1, size: 1 })).result).toEqual({ type: 'all', collections: [{ name: 'orders', type: 'stored' }], from: 1, size: 1 })
  expect((await call('list', { from: 2 })).result).toEqual({ type: 'all', collections: [{ name: 'returns', type: 'stored' }], from: 2 })
  expect((await call('list', { size: 0 })).result).toMatchObject({ collections: { length: 3 } })
  for (const page of [{ from: -1 }, { size: -1 }]) expect((await call('list', page)).error?.id).toBe('api.assert.invalid_argument')
})

test('create takes mappings with settings, or mappings alone', async () => {
  const properties = { city: { type: 'keyword' } }
  await call('create', { collection: 'one', body: { mappings: { properties }, settings: { number_of_shards: 1 } } })
  await call('create', { collection: 'two', body: { properties } })
  for (const collection of ['one', 'two']) expect((await call('getMapping', { collection })).result).toMatchObject({ properties })
  expect((await call('getSettings', { collection: 'one' })).result).toEqual({ number_of_shards: 1 })
})

test('getMapping shows what was declared, and the fields of the metadata when it is asked for them', async () => {
  const city = { city: { type: 'keyword' } }
  await call('create', { collection: 'one', body: { properties: { ...city, _kuzzle_info: { properties: { author: { type: 'keyword' } } } } } })
  expect((await call('getMapping', { collection: 'one' })).result).toEqual({ dynamic: 'false', _meta: {}, properties: city })
  expect((await call('getMapping', { collection: 'one', includeKuzzleMeta: true })).result).toMatchObject({
    properties: { ...city, _kuzzle_info: { properties: { author: { type: 'keyword' }, createdAt: { type: 'date' }, updatedAt: { type: 'date' }, updater: { type: 'keyword' } } } },
  })
})

test('create needs no body, but none that is a list', async () => {
  expect((await call('create', { collection: 'one' })).result).toEqual({ acknowledged: true })
  expect((await call('create', { collection: 'two', body: [] })).error?.id).toBe('api.assert.invalid_type')
  expect((await call('create', { collection: 'two', body: { settings: 'x' } })).error?.id).toBe('api.assert.invalid_type')
})

test('update changes mappings and leaves settings that it does not name', async () => {
  await call('create', { collection: 'one', body: { settings: { number_of_shards: 1 } } })
  expect((await call('update', { collection: 'one', body: { mappings: { dynamic: 'strict' } } })).result).toBeNull()
  expect((await call('getMapping', { collection: 'one' })).result).toMatchObject({ dynamic: 'strict' })
  expect((await call('getSettings', { collection: 'one' })).result).toEqual({ number_of_shards: 1 })
})

test('updateMapping answers what now holds, and refuses to change a type', async () => {
  expect((await call('updateMapping', { body: { properties: { n: { type: 'integer' } } } })).result).toMatchObject({ properties: { n: { type: 'integer' } } })
  expect((await call('updateMapping', { body: { properties: { n: { type: 'keyword' } } } })).error?.status).toBe(400)
})

test('refresh and truncate want a collection that exists', async () => {
  for (const action of ['refresh', 'truncate', 'update', 'getMapping', 'getSettings']) {
    expect((await call(action, { collection: 'ghost', body: {} })).error?.id).toBe('services.storage.unknown_collection')
  }
})

test('truncate keeps the collection and its mappings', async () => {
  await call('updateMapping', { body: { properties: { n: { type: 'integer' } } } })
  await host.store.create({ index: 'shop', collection: 'orders' }, { body: { n: 1 } })
  expect((await call('truncate')).result).toEqual({ acknowledged: true })
  expect(await host.store.count({ index: 'shop', collection: 'orders' })).toBe(0)
  expect((await call('getMapping')).result).toMatchObject({ properties: { n: { type: 'integer' } } })
})
