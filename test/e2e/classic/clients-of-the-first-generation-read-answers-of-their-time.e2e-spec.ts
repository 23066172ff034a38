import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

const OLD = { sdkVersion: '6.2.8' }
const meta = { author: '-1', createdAt: expect.any(Number), updatedAt: null, updater: null, active: true, deletedAt: null }
const anyMeta = expect.objectContaining({ active: true, createdAt: expect.any(Number) })

describe.each(['http', 'websocket'] as const)('a client that says it is of the first generation, over %s', (transport) => {
  let host: StartedHost
  let socket: Awaited<ReturnType<typeof openSocket>>
  /** What a client that is old, or one that says nothing, is answered. */
  const send = async (action: string, given: object = {}, { controller = 'document', volatile = OLD as object | null } = {}) => {
    const frame = { index: 'shop', collection: 'flowers', controller, action, ...given, ...(volatile && { volatile }) }
    const answer = transport === 'websocket' ? await socket.ask(frame) : (await host.ask('POST', '/_query', { body: frame })).body
    return answer as { status: number; error: { id?: string; status?: number; errors?: unknown[] } | null; result: never }
  }

  beforeAll(async () => {
    host = await startHost()
    socket = await openSocket(host.port)
    await send('create', { index: 'shop' }, { controller: 'index', volatile: null })
    await send('create', {}, { controller: 'collection', volatile: null })
  })
  afterAll(async () => {
    socket.socket.terminate()
    await host.close()
  })

  test('reads metadata beside the content', async () => {
    expect((await send('create', { _id: 'rose', body: { price: 3 } })).result).toMatchObject({ _id: 'rose', _source: { price: 3 }, _meta: meta })
    for (const result of [(await send('get', { _id: 'rose' })).result, (await send('update', { _id: 'rose', body: { price: 4 } })).result]) {
      expect(result).toMatchObject({ _meta: anyMeta })
      expect(result).not.toHaveProperty('_source._kuzzle_info')
    }
  })

  test('reads lists as hits and their number, and what failed as status 206', async () => {
    const all = await send('mCreateOrReplace', { body: { documents: [{ _id: 'iris', body: { price: 1 } }] } })
    expect(all).toMatchObject({ status: 200, error: null, result: { total: 1, hits: [{ _id: 'iris', _source: { price: 1 }, _meta: anyMeta }] } })
    const some = await send('mCreate', { body: { documents: [{ _id: 'iris', body: {} }, { _id: `fern-${transport}`, body: {} }] } })
    expect(some).toMatchObject({ status: 206, error: { status: 206, count: 1, errors: [expect.anything()] }, result: { total: 1, hits: [{ _id: `fern-${transport}` }] } })
    expect(await send('mDelete', { body: { ids: [`fern-${transport}`] } })).toMatchObject({ status: 200, result: [`fern-${transport}`] })
  })

  test('reads pages whose documents are of the same shape, and their scroll by both names', async () => {
    const { result } = await send('search', { body: { query: { ids: { values: ['iris'] } } }, scroll: '1m' }) as { result: Record<string, unknown> }
    expect(result).toMatchObject({ total: 1, hits: [{ _id: 'iris', _source: { price: 1 }, _meta: anyMeta }], scrollId: expect.any(String) })
    expect(result._scroll_id).toBe(result.scrollId)
  })

  test('has indexes and collections acknowledged', async () => {
    expect((await send('create', { index: `new-${transport}` }, { controller: 'index' })).result).toEqual({ acknowledged: true, shards_acknowledged: true })
    expect((await send('create', { index: `new-${transport}`, collection: 'empty' }, { controller: 'collection' })).result).toEqual({ acknowledged: true, shards_acknowledged: true })
  })

  test('is told errors like everybody, and leaves the answers of others alone', async () => {
    expect(await send('get', { _id: 'nothing' })).toMatchObject({ status: 404, error: { id: 'services.storage.not_found' } })
    for (const volatile of [null, {}, { sdkName: 'js@7.17.1' }]) {
      const { result } = await send('get', { _id: 'iris' }, { volatile })
      expect(result).toHaveProperty('_source._kuzzle_info')
      expect(result).not.toHaveProperty('_meta')
    }
  })
})
