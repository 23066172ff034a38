import { afterEach, describe, expect, test } from '@jest/globals'
import type { EventDocument, Request, RequestData } from '@mortise/sdk'
import type { PipeDefinition } from '@app/registry'
import { callAction } from '../../../../test/support/call-action.js'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

const place = { index: 'shop', collection: 'orders' }
let host: StartedBuiltIns

/** A host whose collection holds `a` and `b`, with the given pipes in place. */
async function startWith(pipes: Record<string, (...payload: never[]) => unknown>): Promise<void> {
  const definitions = Object.entries(pipes).map(([event, handler]): PipeDefinition => ({ event, name: 'Changer.pipe', handler: handler as PipeDefinition['handler'] }))
  host = await startBuiltIns({ plugins: [definePlugin({ name: 'changer', pipes: definitions })] })
  await host.store.createCollection(place)
  await host.store.mCreate(place, [{ _id: 'a', body: { n: 1 } }, { _id: 'b', body: { n: 2 } }])
}

const call = (controller: string, action: string, rest: Partial<RequestData>): Promise<Request> =>
  callAction(host.pipeline, { controller, action, ...place, ...rest })

const stamp = (documents: EventDocument[]): EventDocument[] => documents.map(({ _id, _source }) => ({ _id, _source: { ..._source, stamped: true } }))
const sourceOf = async (id: string): Promise<Record<string, unknown>> => (await host.store.get(place, id))._source

afterEach(() => host.stop())

describe('what a pipe changes is what is stored', () => {
  test.each<[string, string, Partial<RequestData>, string]>([
    ['document', 'create', { _id: 'c', body: {} }, 'c'],
    ['document', 'createOrReplace', { _id: 'a', body: {} }, 'a'],
    ['document', 'replace', { _id: 'a', body: {} }, 'a'],
    ['document', 'update', { _id: 'a', body: {} }, 'a'],
    ['document', 'upsert', { _id: 'c', body: { changes: {} } }, 'c'],
    ['document', 'mCreate', { body: { documents: [{ _id: 'c', body: {} }] } }, 'c'],
    ['document', 'mCreateOrReplace', { body: { documents: [{ _id: 'a', body: {} }] } }, 'a'],
    ['document', 'mReplace', { body: { documents: [{ _id: 'a', body: {} }] } }, 'a'],
    ['document', 'mUpdate', { body: { documents: [{ _id: 'a', body: {} }] } }, 'a'],
    ['document', 'mUpsert', { body: { documents: [{ _id: 'a', changes: {} }] } }, 'a'],
    ['bulk', 'write', { _id: 'a', body: {} }, 'a'],
    ['bulk', 'mWrite', { body: { documents: [{ _id: 'a', body: {} }] } }, 'a'],
    ['bulk', 'import', { body: { bulkData: [{ index: { _id: 'c' } }, {}] } }, 'c'],
    ['bulk', 'import', { body: { bulkData: [{ update: { _id: 'a' } }, { doc: {} }] } }, 'a'],
  ])('by %s:%s', async (controller, action, data, id) => {
    await startWith({ 'generic:document:beforeWrite': stamp, 'generic:document:beforeUpdate': stamp })
    expect((await call(controller, action, data)).error).toBeNull()
    expect(await sourceOf(id)).toMatchObject({ stamped: true })
  })

  test('a document that a pipe leaves out is not stored', async () => {
    const keepFirst = (documents: EventDocument[]): EventDocument[] => documents.slice(0, 1)
    await startWith({ 'generic:document:beforeWrite': keepFirst, 'generic:document:beforeDelete': keepFirst })
    await call('document', 'mCreate', { body: { documents: [{ _id: 'c', body: {} }, { _id: 'd', body: {} }] } })
    await call('bulk', 'import', { body: { bulkData: [{ index: { _id: 'e' } }, {}, { create: { _id: 'f' } }, {}] } })
    await call('document', 'mDelete', { body: { ids: ['a', 'b'] } })
    expect(await host.store.mExists(place, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual({ successes: ['b', 'c', 'e'], errors: ['a', 'd', 'f'] })
  })

  test('a document is stored under the id that a pipe gives it', async () => {
    const rename = (documents: EventDocument[]): EventDocument[] => documents.map((document) => ({ ...document, _id: `x-${document._id}` }))
    await startWith({ 'generic:document:beforeWrite': rename })
    expect((await call('document', 'create', { _id: 'c', body: {} })).result).toMatchObject({ _id: 'x-c' })
    await call('bulk', 'import', { body: { bulkData: [{ index: { _id: 'd' } }, {}] } })
    expect((await host.store.mExists(place, ['x-c', 'x-d'])).errors).toEqual([])
  })

  test('metadata is stored as a pipe leaves it, for one document and for many', async () => {
    await startWith({
      'generic:document:injectMetadata': ((event: { metadata: object }) => ({ ...event, metadata: { ...event.metadata, origin: 'import' } })) as never,
    })
    await call('document', 'create', { _id: 'c', body: {} })
    await call('document', 'update', { _id: 'a', body: { n: 3 } })
    await call('document', 'mCreate', { body: { documents: [{ _id: 'd', body: {} }] } })
    for (const id of ['a', 'c', 'd']) expect(await sourceOf(id)).toMatchObject({ _kuzzle_info: { origin: 'import' } })
  })

  test('a new document of an upsert gets the default metadata', async () => {
    await startWith({
      'generic:document:injectMetadata': ((event: { defaultMetadata: object }) => ({ ...event, defaultMetadata: { author: 'somebody' } })) as never,
    })
    await call('document', 'upsert', { _id: 'c', body: { changes: {} } })
    expect(await sourceOf('c')).toEqual({ _kuzzle_info: { author: 'somebody' } })
  })

  test('a refusal leaves nothing behind', async () => {
    await startWith({ 'generic:document:beforeWrite': () => { throw new Error('no') } })
    for (const [controller, action] of [['document', 'mCreate'], ['bulk', 'mWrite']] as const) {
      expect((await call(controller, action, { body: { documents: [{ _id: 'c', body: {} }] } })).status).toBe(500)
    }
    expect(await host.store.exists(place, 'c')).toBe(false)
  })
})

describe('what listens after an action', () => {
  test('reads what was written', async () => {
    const read: unknown[] = []
    await startWith({ 'generic:document:afterWrite': (async (documents: EventDocument[]) => {
      for (const { _id } of documents) read.push((await host.store.get(place, _id as string))._source.n)
      return documents
    }) as never })
    await call('document', 'create', { body: { n: 3 } })
    await call('document', 'mCreate', { body: { documents: [{ body: { n: 4 } }, { body: { n: 5 } }] } })
    await call('bulk', 'import', { body: { bulkData: [{ index: { _id: 'c' } }, { n: 6 }] } })
    expect(read).toEqual([3, 4, 5, 6])
  })

  test('changes what is answered', async () => {
    await startWith({ 'generic:document:afterGet': stamp, 'generic:document:afterWrite': stamp })
    expect((await call('document', 'get', { _id: 'a' })).result).toMatchObject({ _source: { n: 1, stamped: true } })
    expect((await call('bulk', 'write', { _id: 'c', body: {} })).result).toMatchObject({ _source: { stamped: true } })
    expect(await sourceOf('c')).toEqual({})
  })
})
