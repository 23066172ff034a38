import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { Ear, RealtimeClients } from '../../support/realtime-clients.js'
import { openSocket } from '../../support/start-doors.js'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

let host: StartedHost
let clients: RealtimeClients

beforeAll(async () => {
  const limits = { subscriptionsPerConnection: 5, subscriptionConditionsCount: 8 }
  host = await startHost({ config: { limits, server: { websocket: { maxBufferedBytes: 200_000 } } } })
  clients = new RealtimeClients(host.port)
})
afterAll(async () => {
  clients.close()
  await host.close()
})

const subscribe = (filters: unknown, options: object = {}) => ({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: filters, ...options })
const totals = () => ({ ...host.host.rooms.realtime.totals, connections: host.host.rooms.gateway.entryPoint.connections.counts })
const nothing = { rooms: 0, subscriptions: 0, connections: {} }

describe('what cannot be subscribed to is refused by name', () => {
  const deep = (depth: number): object => (depth === 0 ? { exists: 'a' } : { not: deep(depth - 1) })
  test.each([
    ['an unknown keyword', subscribe({ equalz: { a: 1 } }), 'api.assert.koncorde_dsl_error', 400],
    ['a list', subscribe([]), 'api.assert.koncorde_dsl_error', 400],
    ['a filter nested too deep', subscribe(deep(500)), 'api.assert.koncorde_dsl_error', 400],
    ['a pattern that would stall', subscribe({ regexp: { a: '(a+)+$(' } }), 'api.assert.koncorde_dsl_error', 400],
    ['too many conditions', subscribe({ and: Array.from({ length: 9 }, (_, n) => ({ exists: `f${n}` })) }), 'core.realtime.too_many_terms', 413],
    ['an unknown scope', subscribe({}, { scope: 'sideways' }), 'core.realtime.invalid_scope', 400],
    ['a scope of another type', subscribe({}, { scope: { a: 1 } }), 'core.realtime.invalid_scope', 400],
    ['unknown users', subscribe({}, { users: 1 }), 'core.realtime.invalid_users', 400],
    ['no filter', { ...subscribe({}), body: undefined }, 'api.assert.body_required', 400],
    ['no collection', { ...subscribe({}), collection: undefined }, 'api.assert.missing_argument', 400],
    ['several indexes', subscribe({}, { index: 'shop,attic' }), 'services.storage.no_multi_indexes', 400],
    ['a room id that is no text', { controller: 'realtime', action: 'join', body: { roomId: {} } }, 'api.assert.invalid_type', 400],
  ])('%s', async (_what, frame, id, status) => {
    const socket = await openSocket(host.port)
    expect((await socket.ask({ ...frame, requestId: 'r' })).error).toMatchObject({ id, status })
    socket.socket.close()
    await until(totals, ({ subscriptions }) => subscriptions === 0)
  })

  test('a flood of rooms from one connection, while others go on', async () => {
    const [flood, other] = [await openSocket(host.port), await openSocket(host.port)]
    for (let n = 0; n < 20; n++) flood.send(subscribe({ equals: { n } }))
    const answers = await Promise.all(Array.from({ length: 20 }, () => flood.receive()))
    expect(answers.filter(({ error }) => error === null)).toHaveLength(5)
    expect(answers.at(-1).error).toMatchObject({ id: 'core.realtime.too_many_rooms', status: 413 })
    expect((await other.ask(subscribe({}))).status).toBe(200)
    flood.socket.close()
    other.socket.close()
    expect(await until(totals, ({ connections }) => Object.keys(connections).length === 0)).toEqual(nothing)
  })
})

test('thousands who connect, subscribe and drop leave no connection, room or subscription behind', async () => {
  const rounds = 15
  const perRound = 200
  for (let round = 0; round < rounds; round++) {
    await Promise.all(Array.from({ length: perRound }, async (_, n) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}`)
      await once(socket, 'open')
      socket.send(JSON.stringify(subscribe(n % 2 ? { equals: { n: n % 10 } } : {})))
      // Every third does not wait for its answer: its connection is gone before it is subscribed.
      if (n % 3 > 0) await once(socket, 'message')
      if (n % 5 === 0) socket.close()
      else socket.terminate()
      await once(socket, 'close')
    }))
  }
  expect(await until(totals, ({ connections }) => Object.keys(connections).length === 0)).toEqual(nothing)
}, 60_000)

test('a subscriber who does not read is cut off, and the others hear everything in order', async () => {
  const [slow, ear] = [await openSocket(host.port), new Ear()]
  await slow.ask(subscribe({}))
  const [listener, writer] = [await clients.connect(), await clients.connect()]
  await listener.realtime.subscribe('shop', 'orders', {}, ear.listen)
  const gone = slow.closed()
  slow.socket.pause()
  const text = 'x'.repeat(50_000)
  let n = 0
  while (host.host.rooms.realtime.totals.subscriptions > 1 && n < 2_000) await writer.realtime.publish('shop', 'orders', { n: n++, text })
  expect(host.host.rooms.realtime.totals.subscriptions).toBe(1)
  expect((await ear.take(n)).map(({ result }) => result._source.n as number)).toEqual(Array.from({ length: n }, (_, at) => at))
  slow.socket.resume()
  await gone
}, 60_000)
