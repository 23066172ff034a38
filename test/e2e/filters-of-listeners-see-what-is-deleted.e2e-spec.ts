import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startIsolated, type IsolatedHost } from '../support/start-isolated.js'
import { until } from '../support/until.js'

describe.each(['inline', 'process'] as const)('with the plugin %s, a filter', (isolation) => {
  let host: IsolatedHost
  beforeAll(async () => {
    host = await startIsolated({ isolation, enabled: ['that-guards-invoices'] })
    await host.ask('POST', '/shop/_create')
    await host.ask('PUT', '/shop/papers', { body: { mappings: { properties: { kind: { type: 'keyword' }, state: { type: 'keyword' } } } } })
  }, 60_000)
  afterAll(() => host.stop())

  const create = (_id: string, body: object) => host.ask('POST', `/shop/papers/${_id}/_create`, { body })
  const remove = (path: string, body?: object) => host.ask('DELETE', `/shop/papers/${path}`, { body })
  const exists = async (_id: string): Promise<boolean> => (await host.ask('GET', `/shop/papers/${_id}/_exists`)).body.result

  /** What the listeners heard of the deletions since this was last asked: so many things. */
  async function heard(count: number): Promise<unknown[]> {
    const all: unknown[] = []
    let isAsking = false
    await until(() => {
      if (!isAsking) {
        isAsking = true
        void host.ask('GET', '/_/that-guards-invoices/invoices/heard').then(({ body }) => {
          all.push(...body.result)
          isAsking = false
        })
      }
      return all.length
    }, (length) => length >= count, 15_000)
    return all.sort()
  }

  test('of what is about to be deleted sees what it holds, so that a pipe may refuse it', async () => {
    await create('i1', { kind: 'invoice', state: 'open' })
    await create('n1', { kind: 'note', state: 'open' })
    expect((await remove('i1')).body.error).toMatchObject({ status: 403, message: 'open: i1' })
    expect((await remove('n1')).status).toBe(200)
    expect([await exists('i1'), await exists('n1')]).toEqual([true, false])
    await host.ask('PUT', '/shop/papers/i1/_update', { body: { state: 'paid' } })
    expect((await remove('i1')).status).toBe(200)
    expect(await heard(3)).toEqual([['before', 'i1'], ['each', ['i1']], ['one', 'i1']])
  })

  test('of many sees each, and hands over those that match', async () => {
    for (const [id, kind, state] of [['a', 'invoice', 'paid'], ['b', 'note', 'open'], ['c', 'invoice', 'open']]) await create(id as string, { kind, state })
    expect((await remove('_mDelete', { ids: ['a', 'b', 'c'] })).body.error).toMatchObject({ status: 403, message: 'open: c' })
    expect((await host.ask('DELETE', '/shop/papers/_mDelete?ids=a,b')).body.result.successes).toEqual(['a', 'b'])
    expect(await heard(2)).toEqual([['each', ['a']], ['many', ['a', 'b']]])
  })

  test('of a query sees what it deleted', async () => {
    await create('d', { kind: 'note', state: 'paid' })
    await remove('_query', { query: { term: { state: 'paid' } } })
    await create('e', { kind: 'invoice', state: 'paid' })
    await remove('_query', { query: { term: { state: 'paid' } } })
    expect(await heard(2)).toEqual([['each', ['e']], ['many', ['e']]])
  })

  test('of a document that is not there sees nothing, and the action says so', async () => {
    expect((await remove('nobody')).body.error).toMatchObject({ status: 404, id: 'services.storage.not_found' })
    expect((await host.ask('DELETE', '/nowhere/papers/x')).body.error).toMatchObject({ status: 412, id: 'services.storage.unknown_index' })
    expect((await remove('c?source=true')).body.error).toMatchObject({ status: 403 })
  })
})
