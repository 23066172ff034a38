import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { UserOption, type Kuzzle, type ScopeOption } from 'kuzzle-sdk'
import { cut, Ear, RealtimeClients, type Heard } from '../../support/realtime-clients.js'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

const HUE = { equals: { city: 'Hue' } }

let host: StartedHost
let clients: RealtimeClients
let ada: Kuzzle
let bob: Kuzzle

beforeAll(async () => {
  host = await startHost()
  clients = new RealtimeClients(host.port)
})
afterAll(() => host.close())

beforeEach(async () => {
  [ada, bob] = [await clients.connect(), await clients.connect()]
  await ada.query({ controller: 'admin', action: 'loadMappings', body: { shop: { orders: { mappings: { properties: { city: { type: 'keyword' } } } } } } })
  await ada.collection.truncate('shop', 'orders')
})
afterEach(async () => {
  clients.close()
  await until(() => host.host.rooms.realtime.totals, ({ subscriptions }) => subscriptions === 0)
})

const summary = ({ action, scope, result }: Heard): string => `${action} ${scope} ${result._id}`

describe('a client hears of documents', () => {
  test('that come into its filter\'s reach, change there and leave it, whoever writes them', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('shop', 'orders', HUE, ear.listen)
    await bob.document.create('shop', 'orders', { city: 'Hue', n: 1 }, 'a')
    await bob.document.create('shop', 'orders', { city: 'Hanoi' }, 'b')
    await bob.document.update('shop', 'orders', 'a', { n: 2 })
    await bob.document.update('shop', 'orders', 'a', { city: 'Hanoi' })
    await bob.document.replace('shop', 'orders', 'b', { city: 'Hue' })
    await bob.document.delete('shop', 'orders', 'b')
    const heard = await ear.take(5)
    expect(heard.map(summary)).toEqual(['create in a', 'update in a', 'update out a', 'replace in b', 'delete out b'])
    expect(heard[1]).toMatchObject({
      type: 'document', status: 200, event: 'write', index: 'shop', collection: 'orders', controller: 'document', protocol: 'websocket',
      result: { _id: 'a', _source: { city: 'Hue', n: 2 }, _updatedFields: ['n'] }, volatile: { sdkInstanceId: bob.protocol.id },
    })
  })

  test('one by one, when many are written at once or by query', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('shop', 'orders', HUE, ear.listen)
    await bob.document.mCreate('shop', 'orders', ['a', 'b', 'c'].map((_id) => ({ _id, body: { city: _id === 'b' ? 'Hanoi' : 'Hue' } })))
    await bob.document.updateByQuery('shop', 'orders', { equals: { city: 'Hanoi' } }, { city: 'Hue' }, { lang: 'koncorde' })
    await bob.document.mDelete('shop', 'orders', ['a', 'b', 'c'])
    expect((await ear.take(6)).map(summary)).toEqual(['create in a', 'create in c', 'update in b', 'delete out a', 'delete out b', 'delete out c'])
  })

  test.each([['in', ['create in a']], ['out', ['update out a']], ['none', []], ['all', ['create in a', 'update out a']]] as const)(
    'with scope "%s", of %j alone', async (scope, expected) => {
      const [ear, all] = [new Ear(), new Ear()]
      await ada.realtime.subscribe('shop', 'orders', HUE, ear.listen, { scope: scope as ScopeOption })
      await bob.realtime.subscribe('shop', 'orders', HUE, all.listen)
      await bob.document.create('shop', 'orders', { city: 'Hue' }, 'a')
      await bob.document.update('shop', 'orders', 'a', { city: 'Hanoi' })
      await all.take(2)
      await ada.server.now({})
      expect(ear.heard.map(summary)).toEqual(expected)
    })

  test('but not of those written in silence', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('shop', 'orders', {}, ear.listen)
    await bob.document.create('shop', 'orders', {}, 'quiet', { silent: true })
    await bob.document.create('shop', 'orders', {}, 'loud')
    expect((await ear.take(1)).map(summary)).toEqual(['create in loud'])
  })

  test('over HTTP just as well', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('shop', 'orders', HUE, ear.listen)
    await host.ask('POST', '/shop/orders/a/_create', { body: { city: 'Hue' } })
    expect(await ear.take(1)).toMatchObject([{ protocol: 'http', result: { _id: 'a' } }])
    const answer = await host.ask('POST', '/_query', { body: { controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {} } })
    expect(answer.status).toBe(200)
    await until(() => host.host.rooms.realtime.totals, ({ rooms }) => rooms === 1)
  })

  test('its own as well, unless it asks for others\' alone', async () => {
    const [own, others] = [new Ear(), new Ear()]
    await ada.realtime.subscribe('shop', 'orders', {}, own.listen)
    await ada.realtime.subscribe('shop', 'orders', {}, others.listen, { subscribeToSelf: false })
    await ada.document.create('shop', 'orders', {}, 'a')
    await bob.document.create('shop', 'orders', {}, 'b')
    expect((await own.take(2)).map(summary)).toEqual(['create in a', 'create in b'])
    expect((await others.take(1)).map(summary)).toEqual(['create in b'])
  })
})

describe('messages', () => {
  test('reach those whose filter they match, signed and with their id, and are not stored', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('shop', 'orders', HUE, ear.listen)
    await expect(bob.realtime.publish('shop', 'orders', { city: 'Hanoi' })).resolves.toBe(true)
    await expect(bob.realtime.publish('shop', 'orders', { city: 'Hue' }, { _id: 'm' } as object)).resolves.toBe(true)
    const [message] = await ear.take(1)
    expect(message).toMatchObject({ action: 'publish', event: 'publish', scope: 'in', result: { _id: 'm', _source: { city: 'Hue', _kuzzle_info: { author: '-1' } } } })
    await expect(bob.document.exists('shop', 'orders', 'm')).resolves.toBe(false)
  })

  test('need no collection', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('nowhere', 'chat', {}, ear.listen)
    await bob.realtime.publish('nowhere', 'chat', { text: 'hi' })
    expect((await ear.take(1))[0]?.result._source.text).toBe('hi')
    expect((await ada.collection.list('nowhere').catch((error: { id: string }) => error.id))).toBeDefined()
  })

  test.each([[undefined], [[1]], ['text']])('of %j are refused', async (body) => {
    await expect(ada.query({ controller: 'realtime', action: 'publish', index: 'shop', collection: 'orders', body: body as object })).rejects.toMatchObject({ status: 400 })
  })
})

describe('users', () => {
  test('who come and go are told, with what they subscribed with', async () => {
    const ear = new Ear()
    await ada.realtime.subscribe('shop', 'orders', HUE, ear.listen, { users: UserOption.all })
    const room = await bob.realtime.subscribe('shop', 'orders', HUE, () => {}, { volatile: { name: 'Bob' } })
    await bob.realtime.unsubscribe(room)
    await bob.realtime.subscribe('shop', 'orders', HUE, () => {}, { volatile: { name: 'Bob again' } })
    cut(bob)
    const heard = await ear.take(4)
    expect(heard.map(({ user, result, volatile: { name } }) => [user, result.count, name])).toEqual([
      ['in', 2, 'Bob'], ['out', 1, 'Bob'], ['in', 2, 'Bob again'], ['out', 1, 'Bob again'],
    ])
  })

  test('are counted, and rooms listed, until the last has gone', async () => {
    const [first, second] = [await ada.realtime.subscribe('shop', 'orders', HUE, () => {}), await bob.realtime.subscribe('shop', 'orders', { and: [HUE] }, () => {})]
    expect(second).toBe(first)
    await expect(ada.realtime.count(first)).resolves.toBe(2)
    await expect(ada.query({ controller: 'realtime', action: 'list' })).resolves.toMatchObject({ result: { shop: { orders: { [first]: 2 } } } })
    await ada.realtime.unsubscribe(first)
    await expect(ada.realtime.count(first)).resolves.toBe(1)
    await bob.realtime.unsubscribe(first)
    await expect(ada.realtime.count(first)).resolves.toBe(0)
  })

  test('can join a room by its id', async () => {
    const roomId = await ada.realtime.subscribe('shop', 'orders', HUE, () => {})
    const { result } = await bob.query({ controller: 'realtime', action: 'join', body: { roomId }, scope: 'in' })
    expect(result).toEqual({ roomId, channel: `${roomId}-312` })
    await expect(bob.query({ controller: 'realtime', action: 'join', body: { roomId: 'nowhere' } })).rejects.toMatchObject({ id: 'core.realtime.room_not_found', status: 404 })
  })
})

describe('a client whose line breaks', () => {
  test('is subscribed again once it is back, and hears what happens from then on', async () => {
    const ear = new Ear()
    const back = new Promise((resolve) => bob.once('reconnected', resolve))
    const roomId = await bob.realtime.subscribe('shop', 'orders', HUE, ear.listen)
    cut(bob)
    await back
    await until(() => host.host.rooms.realtime.count(roomId), (count) => count === 1)
    await ada.document.create('shop', 'orders', { city: 'Hue' }, 'a')
    expect((await ear.take(1)).map(summary)).toEqual(['create in a'])
  })

  test('that keeps what it could not send sends it in order, and hears its own acknowledged writes in that order', async () => {
    const offline = await clients.connect({ offlineMode: 'auto' })
    const ear = new Ear()
    await offline.realtime.subscribe('shop', 'orders', {}, ear.listen)
    await offline.document.create('shop', 'orders', { n: 0 }, 'doc')
    await ear.take(1)
    const lost = new Promise((resolve) => offline.once('disconnected', resolve))
    cut(offline)
    await lost
    await Promise.all(Array.from({ length: 20 }, (_, n) => offline.document.update('shop', 'orders', 'doc', { n: n + 1 })))
    // What was replayed before the subscription was renewed is not heard; what follows has no gap.
    await offline.document.update('shop', 'orders', 'doc', { n: 21 })
    const heard = await until(() => ear.heard, (seen) => seen.at(-1)?.result._source.n === 21)
    const numbers = heard.map(({ result }) => result._source.n as number)
    expect(numbers).toEqual(numbers.map((_, position) => 22 - numbers.length + position))
  })
})
