import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Request, type RequestData } from '@mortise/sdk'
import { callAction, toRequest } from '../../../../test/support/call-action.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'
import type { ChangedDocument, ChangeKind } from '@app/realtime'
import { Changes } from '../ports/changes.js'
import { Limits } from '../ports/limits.js'

const place = { index: 'shop', collection: 'orders' }

class KeptChanges extends Changes {
  readonly told: [ChangeKind, string[]][] = []

  tell(_request: Request, kind: ChangeKind, documents: readonly ChangedDocument[]): void {
    this.told.push([kind, documents.map(({ _id }) => _id)])
  }
}

let host: StartedBuiltIns
let changes: KeptChanges

beforeEach(async () => {
  changes = new KeptChanges()
  host = await startBuiltIns({ changes, limits: new Limits(3, 4) })
  await host.store.createCollection(place, { mappings: { properties: { city: { type: 'keyword' }, at: { properties: { day: { type: 'integer' } } } } } })
})

afterEach(() => host.stop())

const call = (action: string, rest: Partial<RequestData> = {}): Promise<Request> =>
  callAction(host.pipeline, { controller: 'document', action, ...place, ...rest })

const overHttp = (method: string, url: string, body?: unknown): Promise<Request> =>
  host.pipeline.run(toRequest(host.registry, { method, url: `/shop/orders/${url}`, body }) as Request)

const fill = (...ids: string[]): Promise<unknown> => host.store.mCreate(place, ids.map((_id) => ({ _id, body: { city: 'Hue' } })))

describe('arguments', () => {
  test.each<[string, Partial<RequestData>, string, number]>([
    ['a list of documents that is none', { action: 'mCreate', body: { documents: 'nope' } }, 'api.assert.invalid_type', 400],
    ['a document under "_source"', { action: 'mCreate', body: { documents: [{ _source: {} }] } }, 'api.assert.unexpected_argument', 400],
    ['a body that is a list', { action: 'create', body: [] }, 'api.assert.invalid_type', 400],
    ['no body', { action: 'update', _id: 'a' }, 'api.assert.body_required', 400],
    ['no id', { action: 'replace', body: {} }, 'api.assert.missing_argument', 400],
    ['no index', { action: 'get', _id: 'a', index: undefined }, 'api.assert.missing_argument', 400],
    ['several indexes', { action: 'get', _id: 'a', index: 'a,b' }, 'services.storage.no_multi_indexes', 400],
    ['several collections', { action: 'get', _id: 'a', collection: 'a,b' }, 'services.storage.no_multi_collections', 400],
    ['an id that is no text', { action: 'mGet', body: { ids: ['a', 1] } }, 'api.assert.invalid_type', 400],
    ['a field to delete that is no text', { action: 'deleteFields', _id: 'a', body: { fields: ['city', 1] } }, 'api.assert.invalid_type', 400],
    ['no query to delete by', { action: 'deleteByQuery', body: {} }, 'api.assert.missing_argument', 400],
    ['too many documents to write', { action: 'mCreate', body: { documents: [{}, {}, {}, {}] } }, 'services.storage.write_limit_exceeded', 413],
    ['too many documents to delete', { action: 'mDelete', body: { ids: ['a', 'b', 'c', 'd'] } }, 'services.storage.write_limit_exceeded', 413],
    ['too many documents to get', { action: 'mGet', body: { ids: ['a', 'b', 'c', 'd', 'e'] } }, 'services.storage.get_limit_exceeded', 413],
    ['too large a page', { action: 'search', size: 5, body: {} }, 'services.storage.get_limit_exceeded', 413],
    ['too large a page in the body', { action: 'search', body: { size: 5 } }, 'services.storage.get_limit_exceeded', 413],
    ['a target without index', { action: 'search', index: undefined, collection: undefined, targets: [{}], body: {} }, 'services.storage.invalid_target_format', 400],
    ['an export over a socket', { action: 'export' }, 'api.assert.unsupported_protocol', 500],
  ])('%s is refused', async (_, { action, ...rest }, id, status) => {
    const { error } = await call(action as string, rest)
    expect([error?.id, error?.status]).toEqual([id, status])
  })

  test('a query that finds more than one request may touch changes nothing', async () => {
    await fill('a', 'b', 'c', 'd', 'e')
    for (const action of ['updateByQuery', 'deleteByQuery']) {
      expect((await call(action, { body: { query: {}, changes: { city: 'Sapa' } } })).error?.id).toBe('services.storage.get_limit_exceeded')
    }
    expect(await host.store.count(place, { query: { equals: { city: 'Hue' } } }, { lang: 'koncorde' })).toBe(5)
  })

  test.each<[string, Partial<RequestData>, string]>([
    ['create', { body: {} }, 'silent'],
    ['createOrReplace', { _id: 'a', body: {} }, 'silent'],
    ['replace', { _id: 'a', body: {} }, 'silent'],
    ['update', { _id: 'a', body: {} }, 'silent source'],
    ['upsert', { _id: 'a', body: { changes: {} } }, 'silent source'],
    ['deleteFields', { _id: 'a', body: { fields: [] } }, 'silent source'],
    ['delete', { _id: 'a' }, 'silent source'],
    ['mCreate', { body: { documents: [{ body: {} }, {}] } }, 'silent strict'],
    ['mCreateOrReplace', { body: { documents: [{ _id: 'a', body: {} }, {}] } }, 'silent strict'],
    ['mReplace', { body: { documents: [{ _id: 'a', body: {} }, {}] } }, 'silent strict'],
    ['mUpdate', { body: { documents: [{ _id: 'a', body: {} }, {}] } }, 'silent strict'],
    ['mUpsert', { body: { documents: [{ _id: 'a', changes: {} }, {}] } }, 'silent strict'],
    ['mDelete', { body: { ids: ['a', 'z'] } }, 'silent strict'],
    ['updateByQuery', { body: { query: {}, changes: {} } }, 'silent source'],
    ['deleteByQuery', { body: { query: {} } }, 'silent source'],
  ])('%s refuses a flag that is no boolean before it stores anything', async (action, data, flags) => {
    await fill('a')
    for (const flag of flags.split(' ')) expect((await call(action, { ...data, [flag]: 'yes' })).error).toMatchObject({ id: 'api.assert.invalid_type', props: [flag, 'boolean'] })
    expect((await host.store.search(place, {})).hits).toMatchObject([{ _id: 'a', _version: 1 }])
  })

  test('entries of many are refused one by one, each with its reason', async () => {
    const { result } = await call('mUpdate', { body: { documents: ['x', { body: {} }, { _id: 1, body: {} }] } })
    expect(result).toMatchObject({ successes: [], errors: [{ document: 'x', status: 400 }, { status: 400 }, { status: 400 }] })
  })

  test('source=false over HTTP hides what many writes answer', async () => {
    const { result } = await overHttp('POST', '_mCreate?source=false', { documents: [{ _id: 'a', body: {} }] })
    expect(result).toEqual({ successes: [{ _id: 'a', _version: 1, status: 201, created: true, result: 'created' }], errors: [] })
  })

  test('strict makes one missing document fail the whole answer', async () => {
    await fill('a')
    expect((await call('mGet', { strict: true, body: { ids: ['a', 'z'] } })).error).toMatchObject({ id: 'api.process.incomplete_multiple_request', errors: ['z'] })
    expect((await call('mDelete', { strict: true, body: { ids: ['a', 'z'] } })).error).toMatchObject({ count: 1 })
  })

  test('ids may come in the query string, with commas or as JSON', async () => {
    await fill('a', 'b')
    for (const ids of ['a,b', '["a","b"]']) {
      expect((await overHttp('GET', `_mGet?ids=${encodeURIComponent(ids)}`)).result).toMatchObject({ successes: [{ _id: 'a' }, { _id: 'b' }] })
    }
  })

  test('a search over GET has its body in an argument', async () => {
    await fill('a')
    const searchBody = encodeURIComponent(JSON.stringify({ query: { term: { city: 'Hue' } } }))
    expect((await overHttp('GET', `_search?searchBody=${searchBody}`)).result).toMatchObject({ total: 1, hits: [{ _id: 'a' }] })
  })

  test('targets search several collections at once', async () => {
    await fill('a')
    await host.store.createCollection({ index: 'shop', collection: 'returns' })
    await host.store.create({ index: 'shop', collection: 'returns' }, { _id: 'r', body: {} })
    const search = (targets: unknown): Promise<Request> => call('search', { index: undefined, collection: undefined, targets, body: {} })
    expect((await search([{ index: 'shop' }])).result).toMatchObject({ total: 2 })
    expect((await search([{ index: 'shop', collections: ['returns'] }])).result).toMatchObject({ hits: [{ _id: 'r', collection: 'returns' }] })
  })
})

describe('metadata', () => {
  test('what a client sends in its place is not stored', async () => {
    const forged = { _kuzzle_info: { author: 'the king' } }
    await call('create', { _id: 'a', body: forged })
    await call('update', { _id: 'a', body: forged })
    expect((await host.store.get(place, 'a'))._source._kuzzle_info).toMatchObject({ author: '-1', updater: '-1' })
  })

  test('names the user who asks', async () => {
    const user = { _id: 'ann', profileIds: [] }
    const request = new Request({ controller: 'document', action: 'create', ...place, body: {} }, { user })
    const answer = await host.pipeline.run(request, { events: false, rights: false, limits: false })
    expect(answer.result).toMatchObject({ _source: { _kuzzle_info: { author: 'ann', updatedAt: null } } })
  })
})

describe('changes', () => {
  test('are told by kind, new documents apart from replaced ones', async () => {
    await call('create', { _id: 'a', body: {} })
    await call('createOrReplace', { _id: 'a', body: {} })
    await call('mCreateOrReplace', { body: { documents: [{ _id: 'a', body: {} }, { _id: 'b', body: {} }] } })
    await call('upsert', { _id: 'c', body: { changes: {} } })
    await call('updateByQuery', { body: { query: {}, changes: { city: 'Sapa' } } })
    await call('mDelete', { body: { ids: ['a', 'z'] } })
    expect(changes.told).toEqual([
      ['create', ['a']], ['replace', ['a']], ['create', ['b']], ['replace', ['a']], ['create', ['c']], ['update', ['a', 'b', 'c']], ['delete', ['a']],
    ])
  })

  test('are not told of silent requests', async () => {
    await call('create', { _id: 'a', body: {}, silent: true })
    await call('mCreate', { body: { documents: [{ body: {} }] }, silent: true })
    await call('delete', { _id: 'a', silent: true })
    expect(changes.told).toEqual([])
  })

  test('are not told of what was refused', async () => {
    await call('update', { _id: 'nobody', body: {} })
    expect(changes.told).toEqual([])
  })
})

describe('export', () => {
  const exported = async (url: string, body?: unknown): Promise<{ type: unknown; lines: string[] }> => {
    const answer = await overHttp(body ? 'POST' : 'GET', url, body)
    expect(answer.error).toBeNull()
    return { type: answer.response.getHeader('content-type'), lines: (await text(answer.result as Readable)).trimEnd().split('\n') }
  }

  beforeEach(() => host.store.mCreate(place, [
    { _id: 'a', body: { city: 'Hue, "old"', at: { day: 1 }, tags: ['x'] } },
    { _id: 'b', body: { city: 'Sapa' } },
  ]))

  test('writes a JSON document a line', async () => {
    const { type, lines } = await exported('_export?format=jsonl')
    expect(type).toBe('application/x-ndjson')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { _id: 'a', _source: { city: 'Hue, "old"', at: { day: 1 }, tags: ['x'] } }, { _id: 'b', _source: { city: 'Sapa' } },
    ])
  })

  test('collapses nested fields into dotted ones', async () => {
    const { lines: [first = ''] } = await exported('_export?format=jsonl&collapse')
    expect(JSON.parse(first)).toEqual({ _id: 'a', _source: { 'city': 'Hue, "old"', 'at.day': 1, 'tags': ['x'] } })
  })

  test('writes the mapped fields as separated values, quoted where they must be', async () => {
    expect(await exported('_export?format=csv')).toEqual({
      type: 'text/csv; charset=utf-8', lines: ['_id,city,at.day', 'a,"Hue, ""old""",1', 'b,Sapa,'],
    })
  })

  test('takes query, fields, their titles and a separator', async () => {
    const body = { query: { term: { city: 'Sapa' } }, fields: ['city', 'tags'], fieldsName: { city: 'Town' } }
    expect((await exported('_export?format=csv&separator=;', body)).lines).toEqual(['_id;Town;tags', 'b;Sapa;'])
  })

  test('refuses an unknown format, collection or query before it answers', async () => {
    expect((await overHttp('GET', '_export?format=xml')).error?.id).toBe('api.assert.invalid_argument')
    expect((await overHttp('POST', '_export', { query: { nopes: {} } })).error?.status).toBe(400)
    expect((await overHttp('POST', '_export', { fields: ['city', 1] })).error?.id).toBe('api.assert.invalid_type')
    await host.store.deleteCollection(place)
    expect((await overHttp('GET', '_export')).error?.id).toBe('services.storage.unknown_collection')
  })
})
