import { describe, expect, test } from '@jest/globals'
import { createRealtime } from '../../../test/support/create-realtime.js'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { RealtimeHub, type Subscribed } from './realtime-hub.js'
import { readChannelOptions } from './subscriptions/channel.js'

const HUE = { equals: { city: 'Hue' } }

describe('rooms', () => {
  test('equal filters share one, however they are written', async () => {
    const { hub, subscribe } = createRealtime()
    const [one, other] = [await subscribe('a', HUE), await subscribe('b', { and: [HUE, HUE] })]
    expect(one).toEqual(other)
    expect(hub.count(one.roomId)).toBe(2)
    expect(hub.counts()).toEqual({ shop: { orders: { [one.roomId]: 2 } } })
    expect(hub.totals).toEqual({ rooms: 1, subscriptions: 2 })
  })

  test.each([
    [{}, '311'], [{ users: 'all' }, '111'], [{ users: 'in', scope: 'out' }, '213'], [{ scope: 'none' }, '31'],
    [{ users: 'out', scope: 'in' }, '412'], [{ propagate: false }, '321'],
  ])('the channel of %j ends in %s', async (options, suffix) => {
    const { subscribe } = createRealtime()
    const { roomId, channel } = await subscribe('a', HUE, options)
    expect(channel).toBe(`${roomId}-${suffix}`)
  })

  test.each([['scope', 'sideways', 'invalid_scope'], ['users', 'some', 'invalid_users'], ['scope', null, 'invalid_scope']])(
    '%s "%s" is refused', async (name, value, id) => {
      const { subscribe } = createRealtime()
      await expect(subscribe('a', HUE, { [name]: value })).rejects.toMatchObject({ id: `core.realtime.${id}`, status: 400 })
    })

  test('to subscribe twice with the same options is to subscribe once', async () => {
    const { hub, subscribe, write, sink } = createRealtime()
    const [first, second] = [await subscribe('a'), await subscribe('a')]
    expect(second).toEqual(first)
    write('1', {})
    expect(sink.take('a')).toHaveLength(1)
    expect(hub.count(first.roomId)).toBe(1)
  })

  test('with other options, a connection is on two channels of the room, and leaves both', async () => {
    const { hub, subscribe, write, sink, request } = createRealtime()
    const { roomId } = await subscribe('a', HUE, { scope: 'in' })
    await subscribe('a', HUE, { scope: 'all' })
    write('1', { city: 'Hue' })
    write('1', { city: 'Hanoi' }, 'update')
    expect(sink.take('a').map(({ scope }) => scope)).toEqual(['in', 'in', 'out'])
    hub.unsubscribe(request('a'), roomId)
    write('2', { city: 'Hue' })
    expect(sink.take('a')).toEqual([])
    expect(hub.totals).toEqual({ rooms: 0, subscriptions: 0 })
  })

  test('a change goes from the store through filters to the doors, and is forgotten with its connection', async () => {
    const { registry, bus, logger, limits, sink, gone, request } = createRealtime()
    const isConnected = (id: string): boolean => !gone.has(id)
    const [filters, documents] = [HUE, [{ _id: '1', _source: { city: 'Hue' }, _version: 1 }]]

    const hub = new RealtimeHub({ registry, bus, logger, limits, nodeId: 'node', sink, isConnected })
    const { roomId, channel } = await hub.subscribe(request('a'), { index: 'shop', collection: 'orders', filters, options: readChannelOptions({}) }) as Subscribed
    hub.tellChanges(request('b', { controller: 'document', action: 'create' }), 'create', documents)
    hub.forget({ id: 'a', protocol: 'test' })

    expect([sink.take('a'), channel]).toMatchObject([[{ action: 'create', result: { _id: '1' } }], `${roomId}-311`])
    expect(hub.totals).toEqual({ rooms: 0, subscriptions: 0 })
  })

  test('only who is in a room can leave it', async () => {
    const { hub, subscribe, request } = createRealtime()
    const { roomId } = await subscribe('a')
    for (const [id, room] of [['b', roomId], ['a', 'nowhere']] as const) {
      expect(() => hub.unsubscribe(request(id), room)).toThrow(expect.objectContaining({ id: 'core.realtime.not_subscribed', status: 412 }))
    }
  })

  test('one that exists can be joined by its id, with options of one\'s own', async () => {
    const { hub, subscribe, request, write, sink } = createRealtime()
    const { roomId } = await subscribe('a', HUE)
    expect(hub.join(request('b'), roomId, { scope: 'in', users: 'none', propagate: true })).toEqual({ roomId, channel: `${roomId}-312` })
    expect(() => hub.join(request('b'), 'nowhere', { scope: 'in', users: 'none', propagate: true })).toThrow(expect.objectContaining({ id: 'core.realtime.room_not_found', status: 404 }))
    write('1', { city: 'Hue' })
    expect(sink.take('b')).toHaveLength(1)
  })

  test('a request from within, which belongs to no connection, cannot subscribe', async () => {
    const { subscribe } = createRealtime()
    await expect(subscribe(null as unknown as string)).rejects.toMatchObject({ id: 'plugin.context.unavailable_realtime' })
  })
})

describe('limits', () => {
  test('of conditions, once the filter is simplified', async () => {
    const { subscribe } = createRealtime({ limits: { subscriptionConditionsCount: 2 } })
    const filter = (count: number): object => ({ and: Array.from({ length: count }, (_, n) => ({ exists: `field${n}` })) })
    await subscribe('a', filter(2))
    await subscribe('a', { and: [HUE, HUE, HUE] })
    await expect(subscribe('a', filter(3))).rejects.toMatchObject({ id: 'core.realtime.too_many_terms', status: 413 })
  })

  test('of rooms, which others that exist already do not count against', async () => {
    const { hub, subscribe, request } = createRealtime({ limits: { subscriptionRooms: 1 } })
    const { roomId } = await subscribe('a', HUE)
    await subscribe('b', HUE)
    await expect(subscribe('a')).rejects.toMatchObject({ id: 'core.realtime.too_many_rooms', status: 413 })
    hub.unsubscribe(request('a'), roomId)
    hub.unsubscribe(request('b'), roomId)
    await expect(subscribe('a')).resolves.toHaveProperty('roomId')
  })

  test('of rooms that one connection is in, leaving no empty room behind', async () => {
    const { hub, subscribe, request } = createRealtime({ limits: { subscriptionsPerConnection: 1 } })
    const { roomId } = await subscribe('a', HUE)
    await subscribe('a', HUE, { scope: 'in' })
    await expect(subscribe('a')).rejects.toMatchObject({ id: 'core.realtime.too_many_rooms', status: 413 })
    expect(hub.totals).toEqual({ rooms: 1, subscriptions: 1 })
    await subscribe('b')
    expect(() => hub.join(request('b'), roomId, { scope: 'all', users: 'none', propagate: true })).toThrow(expect.objectContaining({ id: 'core.realtime.too_many_rooms' }))
  })

  test('a filter that cannot be read is refused', async () => {
    const { hub, subscribe } = createRealtime()
    for (const filter of [{ equalz: {} }, [], 'text', null]) {
      await expect(subscribe('a', filter)).rejects.toMatchObject({ id: 'api.assert.koncorde_dsl_error', status: 400 })
    }
    expect(hub.totals.rooms).toBe(0)
  })
})

describe('connections that go', () => {
  test('leave every room, and take empty ones with them', async () => {
    const { hub, subscribe, write, sink } = createRealtime()
    await subscribe('a', HUE)
    await subscribe('a')
    await subscribe('b')
    hub.forget({ id: 'a', protocol: 'test' })
    expect(hub.totals).toEqual({ rooms: 1, subscriptions: 1 })
    write('1', { city: 'Hue' })
    expect(sink.take('a')).toEqual([])
    hub.forget({ id: 'b', protocol: 'test' })
    hub.forget({ id: 'b', protocol: 'test' })
    expect(hub.totals).toEqual({ rooms: 0, subscriptions: 0 })
    expect(hub.collectionsOf('shop')).toEqual([])
  })

  test('while they subscribe are not subscribed', async () => {
    const { hub, subscribe, gone, request } = createRealtime()
    const { roomId } = await subscribe('b')
    gone.add('a')
    expect(await subscribe('a')).toBeNull()
    expect(hub.join(request('a'), roomId, { scope: 'all', users: 'none', propagate: true })).toBeNull()
    expect(hub.count(roomId)).toBe(1)
  })

  test('by the end of their token are told so first', async () => {
    const { hub, subscribe, sink } = createRealtime()
    await subscribe('a')
    hub.endToken('a')
    expect(sink.received).toMatchObject([{ connectionId: 'a', channel: 'kuzzle:notification:server', payload: { type: 'TokenExpired', status: 200 } }])
    expect(hub.totals.subscriptions).toBe(0)
  })
})

describe('users are told of each other', () => {
  test('with how many they are and what each subscribed with, but not of themselves', async () => {
    const { hub, subscribe, sink, request } = createRealtime()
    const { roomId } = await subscribe('a', HUE, { users: 'all' })
    await subscribe('b', HUE, { users: 'all', volatile: { who: 'b' } })
    expect(sink.take('a')).toMatchObject([{ type: 'user', user: 'in', result: { count: 2 }, volatile: { who: 'b' }, action: 'subscribe', protocol: 'test' }])
    hub.unsubscribe(request('b', { action: 'unsubscribe', volatile: { who: 'else' } }), roomId)
    expect(sink.take('a')).toMatchObject([{ type: 'user', user: 'out', result: { count: 1 }, volatile: { who: 'b' }, action: 'unsubscribe', protocol: null }])
    expect(sink.take('b')).toEqual([])
  })

  test('when a connection drops', async () => {
    const { hub, subscribe, sink } = createRealtime()
    await subscribe('a', HUE, { users: 'out' })
    await subscribe('b', HUE)
    hub.forget({ id: 'b', protocol: 'test' })
    expect(sink.take('a')).toMatchObject([{ user: 'out', result: { count: 1 }, index: 'shop', collection: 'orders' }])
  })

  test('only in the direction they asked for', async () => {
    const { hub, subscribe, sink, request } = createRealtime()
    for (const users of ['in', 'out', 'none', 'all']) await subscribe(users, HUE, { users })
    sink.received.length = 0
    const { roomId } = await subscribe('z', HUE)
    hub.unsubscribe(request('z'), roomId)
    const heard = Object.fromEntries(['in', 'out', 'none', 'all'].map((id) => [id, sink.take(id).map(({ user }) => user as string)]))
    expect(heard).toEqual({ in: ['in'], out: ['out'], none: [], all: ['in', 'out'] })
  })

  test('unless whoever unsubscribes them wants silence', async () => {
    const { hub, subscribe, sink, request } = createRealtime()
    await subscribe('a', HUE, { users: 'all' })
    const { roomId } = await subscribe('b', HUE)
    sink.received.length = 0
    hub.unsubscribe(request('b'), roomId, false)
    expect(sink.received).toEqual([])
  })
})

describe('documents', () => {
  test('come in, stay, go out and come in again', async () => {
    const { subscribe, write, sink } = createRealtime()
    await subscribe('a', HUE)
    write('1', { city: 'Hue' })
    write('1', { city: 'Hue', n: 2 }, 'update')
    write('1', { city: 'Hanoi' }, 'update')
    write('1', { city: 'Hanoi', n: 3 }, 'update')
    write('1', { city: 'Hue' }, 'replace')
    write('1', { city: 'Hue' }, 'delete')
    expect(sink.take('a').map(({ action, event, scope }) => `${action}/${event} ${scope}`)).toEqual([
      'create/write in', 'update/write in', 'update/write out', 'replace/write in', 'delete/delete out',
    ])
  })

  test('are told as in or out to those who asked for that alone', async () => {
    const { subscribe, write, sink } = createRealtime()
    for (const scope of ['in', 'out', 'none', 'all']) await subscribe(scope, HUE, { scope })
    write('1', { city: 'Hue' })
    write('1', { city: 'Hanoi' }, 'update')
    const heard = Object.fromEntries(['in', 'out', 'none', 'all'].map((id) => [id, sink.take(id).map(({ scope }) => scope as string)]))
    expect(heard).toEqual({ in: ['in'], out: ['out'], none: [], all: ['in', 'out'] })
  })

  test('are remembered for so long and so many', async () => {
    const { subscribe, write, sink } = createRealtime({ limits: { subscriptionDocuments: 2 } })
    await subscribe('a', HUE)
    for (const id of ['1', '2', '3']) write(id, { city: 'Hue' })
    for (const id of ['1', '2', '3']) write(id, { city: 'Hanoi' }, 'update')
    expect(sink.take('a').filter(({ scope }) => scope === 'out').map(({ result }) => result._id as string)).toEqual(['2', '3'])
    const brief = createRealtime({ limits: { subscriptionDocumentTTL: -1 } })
    await brief.subscribe('a', HUE)
    brief.write('1', { city: 'Hue' })
    brief.write('1', { city: 'Hanoi' }, 'update')
    expect(brief.sink.take('a')).toHaveLength(1)
  })

  test('of other collections concern nobody', async () => {
    const { hub, subscribe, request, sink } = createRealtime()
    await subscribe('a')
    hub.tellChanges(request('w', { collection: 'bills', action: 'create' }), 'create', [{ _id: '1', _source: {}, _version: 1 }])
    hub.tellChanges(request('w', { index: 'orders', collection: 'shop', action: 'create' }), 'create', [{ _id: '1', _source: {}, _version: 1 }])
    expect(sink.received).toEqual([])
  })

  test('messages are signed, reach those they match, and are not remembered', async () => {
    const { hub, subscribe, request, sink, write } = createRealtime()
    await subscribe('a', HUE)
    const cause = request('b', { action: 'publish', _id: '1' })
    cause.context.user = { _id: 'ada', profileIds: [] }
    hub.publish(cause, { city: 'Hue', _kuzzle_info: { author: 'somebody else' } })
    hub.publish(request('b', { action: 'publish' }), { city: 'Hanoi' })
    write('1', { city: 'Hanoi' }, 'update')
    const [message, ...others] = sink.take('a')
    expect(others).toEqual([])
    expect(message).toMatchObject({
      type: 'document', action: 'publish', event: 'publish', scope: 'in', node: 'node', protocol: 'test', requestId: cause.id,
      result: { _id: '1', _source: { city: 'Hue', _kuzzle_info: { author: 'ada', createdAt: expect.any(Number) as unknown } } },
    })
  })

  test('one message to a thousand subscribers leaves once', async () => {
    const { hub, subscribe, request, sink } = createRealtime()
    for (let n = 0; n < 1_000; n++) await subscribe(`c${n}`)
    hub.publish(request('w', { action: 'publish' }), {})
    expect([sink.broadcasts, sink.received.length]).toEqual([1, 1_000])
  })
})

describe('connections within the host', () => {
  test('hear what clients hear, until they end; one that throws keeps nobody else', async () => {
    const { hub, subscribe, write, sink, logger } = createRealtime()
    const heard: unknown[] = []
    hub.connect('broken', () => { throw new Error('ouch') })
    const end = hub.connect('inner', (channel, notification) => heard.push([channel, notification.scope, notification.room]))
    await subscribe('broken')
    const { channel } = await subscribe('inner')
    await subscribe('client')
    write('1', {})
    expect(heard).toEqual([[channel, 'in', channel]])
    expect(sink.take('client')).toHaveLength(1)
    expect(logger.textsOf('error')).toEqual(['ouch'])
    end()
    write('2', {})
    expect(heard).toHaveLength(1)
    expect(hub.totals.subscriptions).toBe(2)
  })
})

describe('events', () => {
  const recorder = (events: readonly string[], heard: [string, unknown][]) => definePlugin({
    name: 'recorder', hooks: events.map((event) => ({ event, name: 'Recorder.note', handler: (payload: unknown) => void heard.push([event, payload]) })),
  })

  test('tell of rooms, of subscriptions and of what is sent', async () => {
    const heard: [string, unknown][] = []
    const events = [
      'core:hotelClerk:addSubscription', 'room:new', 'core:realtime:room:create:after', 'core:realtime:subscribe:after', 'core:realtime:user:subscribe:after',
      'core:notify:document', 'notify:document', 'notify:dispatch', 'core:realtime:notification:dispatch:before', 'core:notify:user',
      'room:remove', 'core:realtime:unsubscribe:after', 'core:hotelClerk:removeRoomForCustomer', 'core:realtime:user:unsubscribe:after',
    ]
    const { hub, subscribe, write, request } = createRealtime({ plugins: [recorder(events, heard)] })
    const { roomId, channel } = await subscribe('a', HUE)
    const room = { collection: 'orders', id: roomId, index: 'shop' }
    const place = { index: 'shop', collection: 'orders', roomId }
    expect(heard.splice(0)).toEqual([
      ['core:hotelClerk:addSubscription', { changed: true, connectionId: 'a', filters: HUE, ...place }],
      ['room:new', place],
      ['core:realtime:room:create:after', { args: [{ ...room, filter: { type: 'equals', field: 'city', value: 'Hue' } }], response: undefined }],
      ['core:notify:user', { room: roomId, notification: expect.objectContaining({ user: 'in' }) }],
      ['core:realtime:subscribe:after', { args: [roomId], response: undefined }],
      ['core:realtime:user:subscribe:after', { ...place, connectionId: 'a', filters: { type: 'equals', field: 'city', value: 'Hue' }, kuid: null }],
    ])
    write('1', { city: 'Hue' })
    await new Promise(setImmediate)
    const notification = expect.objectContaining({ type: 'document', scope: 'in' })
    expect(heard.splice(0)).toEqual([
      ['core:notify:document', { rooms: [roomId], notification }], ['notify:document', notification], ['notify:dispatch', notification],
      ['core:realtime:notification:dispatch:before', { channels: [channel], notification }],
    ])
    hub.unsubscribe(request('a'), roomId)
    await new Promise(setImmediate)
    expect(heard.map(([event]) => event).sort()).toEqual([
      'core:hotelClerk:removeRoomForCustomer', 'core:notify:user', 'core:realtime:unsubscribe:after', 'core:realtime:user:unsubscribe:after', 'room:remove',
    ])
  })

  test('a pipe may change a notification, or drop it, which is logged', async () => {
    const plugin = definePlugin({
      name: 'censor',
      pipes: [{
        event: 'notify:document', name: 'Censor.check', handler: (payload) => {
          const notification = payload as { result: { _id: string } }
          if (notification.result._id === 'secret') throw new Error('not for you')
          return { ...notification, seen: true }
        },
      }],
    })
    const { subscribe, write, sink, logger } = createRealtime({ plugins: [plugin] })
    await subscribe('a')
    write('secret', {})
    write('open', {})
    await new Promise(setImmediate)
    expect(sink.take('a')).toMatchObject([{ result: { _id: 'open' }, seen: true }])
    expect(logger.textsOf('warn')).toEqual(['A document notification was dropped, as a pipe refused it.'])
  })

  test('the order of one document\'s notifications is kept, however long pipes take', async () => {
    const waits = new Map<number, () => void>()
    const plugin = definePlugin({
      name: 'slow',
      pipes: [{
        event: 'notify:document', name: 'Slow.wait', handler: async (payload) => {
          const { n } = (payload as { result: { _source: { n: number } } }).result._source
          if (n < 2) await new Promise<void>((resolve) => waits.set(n, resolve))
          return payload
        },
      }],
    })
    const { subscribe, write, sink } = createRealtime({ plugins: [plugin] })
    await subscribe('a')
    write('1', { n: 1 })
    write('1', { n: 2 }, 'update')
    write('2', { n: 3 })
    await new Promise(setImmediate)
    expect(sink.take('a').map(({ result }) => result._source.n as number)).toEqual([3])
    waits.get(1)?.()
    await new Promise(setImmediate)
    expect(sink.take('a').map(({ result }) => result._source.n as number)).toEqual([1, 2])
  })

  test('a pipe may refuse a subscription before anything has changed', async () => {
    const plugin = definePlugin({
      name: 'bouncer', pipes: [{ event: 'core:hotelClerk:addSubscription', name: 'Bouncer.check', handler: () => { throw new Error('full') } }],
    })
    const { hub, subscribe } = createRealtime({ plugins: [plugin] })
    await expect(subscribe('a')).rejects.toMatchObject({ id: 'plugin.runtime.unexpected_error' })
    expect(hub.totals).toEqual({ rooms: 0, subscriptions: 0 })
  })
})

test('thousands who come, subscribe and go leave nothing behind', async () => {
  const { hub, subscribe, write, request } = createRealtime()
  for (let n = 0; n < 3_000; n++) {
    const { roomId } = await subscribe(`c${n}`, n % 3 === 0 ? HUE : { equals: { n: n % 50 } }, { users: n % 2 ? 'all' : 'none' })
    if (n % 10 === 0) write(`d${n}`, { city: 'Hue', n: n % 50 })
    if (n % 4 === 0) hub.unsubscribe(request(`c${n}`), roomId)
  }
  expect(hub.totals.subscriptions).toBe(2_250)
  for (let n = 0; n < 3_000; n++) hub.forget({ id: `c${n}`, protocol: 'test' })
  expect([hub.totals, hub.counts()]).toEqual([{ rooms: 0, subscriptions: 0 }, {}])
})
