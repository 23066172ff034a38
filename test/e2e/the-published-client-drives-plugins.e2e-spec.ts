import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Http, Kuzzle, WebSocket } from 'kuzzle-sdk'
import CreatedAt from '../../plugins/available/created-at/src/index.js'
import HelloWorld from '../../plugins/available/hello-world/src/index.js'
import StockGuard from '../../plugins/available/stock-guard/src/index.js'
import { startHost, type StartedHost } from '../support/start-host.js'

const transports = { http: Http, websocket: WebSocket }

describe.each(['http', 'websocket'] as const)('the published client over %s', (transport) => {
  let host: StartedHost
  let client: Kuzzle

  beforeAll(async () => {
    host = await startHost({
      enabled: ['classic-hello', 'classic-with-an-api', 'sample'],
      plugins: [HelloWorld, CreatedAt, StockGuard],
      config: { plugins: { 'hello-world': { greeting: 'Good day' }, 'classic-hello': { greeting: 'Good evening' } } },
    })
    client = new Kuzzle(new transports[transport]('127.0.0.1', { port: host.port }))
    await client.connect()
    await client.index.create('shop')
    for (const collection of ['orders', 'stock', 'notes']) await client.collection.create('shop', collection, { mappings: {} })
    await client.document.create('shop', 'stock', { quantity: 3 }, 'apple')
  })
  afterAll(async () => {
    client.disconnect()
    await host.close()
  })

  /** What a request is rejected with. */
  const rejection = (request: Promise<unknown>): Promise<unknown> => request.then(() => 'nothing', (error: unknown) => error)

  describe('is connected, and', () => {
    test('is told the time', async () => {
      expect(Math.abs(await client.server.now({}) - Date.now())).toBeLessThan(60_000)
    })

    test('finds actions of plugins among all others', async () => {
      const api = await client.server.info({}) as { serverInfo: { kuzzle: { plugins: Record<string, unknown> } } }
      expect(Object.keys(api.serverInfo.kuzzle.plugins)).toEqual(expect.arrayContaining(['hello-world', 'classic-hello', 'created-at', 'stock-guard']))
    })
  })

  describe('calls actions', () => {
    test.each([
      ['of a decorated plugin', 'hello-world/hello', 'Good day Ann'],
      ['of a classic plugin', 'classic-hello/hello', 'Good evening Ann'],
    ])('%s', async (_shape, controller, greeting) => {
      await expect(client.query({ controller, action: 'sayHello', name: 'Ann' })).resolves.toMatchObject({ status: 200, error: null, result: greeting })
    })

    test('with arguments and a body, and is given back its volatile data', async () => {
      const answer = await client.query({ controller: 'sample', action: 'helpers', n: 12, b: true, body: { title: 't' }, volatile: { tab: 3 } })
      expect(answer).toMatchObject({ result: { n: 12, b: true, s: 'default', body: 't' }, volatile: { tab: 3 } })
    })
  })

  describe('writes documents', () => {
    test('that a pipe of a plugin stamps', async () => {
      const { _source } = await client.document.create('shop', 'notes', { text: 'hi' })
      expect(_source).toMatchObject({ text: 'hi', createdAt: expect.any(Number) })
    })

    test('that a pipe of a plugin refuses, with the plugin\'s own error', async () => {
      await expect(client.document.create('shop', 'orders', { product: 'apple', quantity: 2 })).resolves.toMatchObject({ _version: 1 })
      expect(await rejection(client.document.create('shop', 'orders', { product: 'apple', quantity: 4 }))).toMatchObject({
        id: 'plugin.stock-guard.out_of_stock', code: expect.any(Number), status: 412, message: expect.stringContaining('There are only 3 of "apple" left.'),
      })
    })

    test('and nothing of what was refused is stored', async () => {
      await rejection(client.document.create('shop', 'orders', { product: 'pear', quantity: 1 }, 'refused'))
      await expect(client.document.exists('shop', 'orders', 'refused')).resolves.toBe(false)
    })

    test('and reads, changes, finds and deletes them', async () => {
      await client.document.createOrReplace('shop', 'notes', 'n1', { text: 'one' })
      await client.document.update('shop', 'notes', 'n1', { read: true })
      expect((await client.document.get('shop', 'notes', 'n1'))._source).toMatchObject({ text: 'one', read: true })
      await client.document.replace('shop', 'notes', 'n1', { text: 'two' })
      expect((await client.document.get('shop', 'notes', 'n1'))._source).not.toHaveProperty('read')
      const { successes, errors } = await client.document.mGet('shop', 'notes', ['n1', 'ghost'])
      expect([successes.map(({ _id }) => _id), errors]).toEqual([['n1'], ['ghost']])
      await expect(client.document.delete('shop', 'notes', 'n1')).resolves.toBe('n1')
      await expect(client.document.exists('shop', 'notes', 'n1')).resolves.toBe(false)
    })

    test('in indexes and collections that it makes, lists and removes', async () => {
      await client.index.create('attic')
      await client.collection.create('attic', 'boxes', { mappings: { properties: { label: { type: 'keyword' } } } })
      expect(await client.index.list()).toContain('attic')
      expect((await client.collection.list('attic')).collections).toEqual([{ name: 'boxes', type: 'stored' }])
      expect(await client.collection.getMapping('attic', 'boxes')).toMatchObject({ properties: { label: { type: 'keyword' } } })
      await client.index.delete('attic')
      expect(await client.index.exists('attic')).toBe(false)
    })
  })

  describe('is refused with id, code, status and message', () => {
    test.each([
      ['an unknown controller', { controller: 'hello-wrld/hello', action: 'sayHello' }, { id: 'api.process.controller_not_found', code: 33685508, status: 404 }, 'hello-wrld/hello'],
      ['an unknown action', { controller: 'hello-world/hello', action: 'sayHelo' }, { id: 'api.process.action_not_found', code: 33685509, status: 404 }, 'sayHelo'],
      ['an unknown document', { controller: 'document', action: 'get', index: 'shop', collection: 'notes', _id: 'ghost' }, { id: 'services.storage.not_found', code: 16842763, status: 404 }, 'ghost'],
      ['an error that a manifest declares', { controller: 'failures', action: 'declared' }, { id: 'plugin.classic-with-an-api.rotten', code: expect.any(Number), status: 412 }, 'rotten for 3 days'],
      ['an error that no catalogue knows', { controller: 'sample', action: 'native' }, { id: 'plugin.runtime.unexpected_error', code: 67239938, status: 500 }, 'plain failure'],
    ])('%s', async (_case, request, error, words) => {
      // Over HTTP, the client refuses by itself what it finds no route for.
      const isUnrouted = transport === 'http' && error.status === 404 && request.controller.startsWith('hello')
      const refusal = await rejection(client.query(request))
      expect(refusal).toBeInstanceOf(Error)
      if (!isUnrouted) expect(refusal).toMatchObject({ ...error, message: expect.stringContaining(words) })
    })
  })
})
