import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import Mqtt from '../src/index.js'
import { openClient, portOf, type OpenClient } from './open-client.js'

let host: TestHost
const clients: OpenClient[] = []

afterEach(async () => {
  for (const { client } of clients.splice(0)) await client.endAsync(true)
  await host.close()
})

async function start(config: Record<string, unknown> = {}): Promise<TestHost> {
  host = await createTestHost({ plugins: [Mqtt], config: { mqtt: { port: 0, host: '127.0.0.1', disconnectDelay: 0, ...config } } })
  return host
}

async function join(...given: Parameters<typeof openClient> extends [number, ...infer Rest] ? Rest : never): Promise<OpenClient> {
  const client = await openClient(portOf(host), ...given)
  clients.push(client)
  return client
}

const now = { controller: 'server', action: 'now' }

describe('a request', () => {
  test('is answered on the response topic, whether or not that was subscribed to', async () => {
    await start()
    const ann = await join()
    await ann.client.publishAsync('Kuzzle/request', JSON.stringify({ ...now, requestId: 'r1' }))
    expect(await ann.receive()).toMatchObject({
      topic: 'Kuzzle/response', qos: 0, retain: false,
      payload: { requestId: 'r1', status: 200, error: null, controller: 'server', action: 'now', result: { now: expect.any(Number) } },
    })
  })

  test.each([0, 1, 2] as const)('may be published at QoS %i, and is run once', async (qos) => {
    await start()
    await host.createCollection('shop', 'orders')
    const ann = await join()
    expect(await ann.ask({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', body: { n: 1 } }, { qos })).toMatchObject({ status: 200 })
    await host.call({ controller: 'collection', action: 'refresh', index: 'shop', collection: 'orders' })
    expect(await host.call({ controller: 'document', action: 'count', index: 'shop', collection: 'orders' })).toEqual({ count: 1 })
  })

  test('is answered to its sender alone', async () => {
    await start()
    const [ann, eve] = [await join(), await join()]
    expect(await eve.subscribe('Kuzzle/response')).toEqual([1])
    expect(await ann.ask({ ...now, requestId: 'hers' })).toMatchObject({ requestId: 'hers' })
    expect(await eve.ask({ ...now, requestId: 'its own' })).toMatchObject({ requestId: 'its own' })
    expect(eve.heard).toEqual([])
  })

  test('that fails is answered with the error', async () => {
    await start()
    const ann = await join()
    expect(await ann.ask({ controller: 'server', action: 'nwo', requestId: 'r1' })).toMatchObject({
      requestId: 'r1', status: 404, error: { id: 'api.process.action_not_found', status: 404 },
    })
  })

  test.each([
    ['no JSON', '{"controller"', 'network.mqtt.unexpected_error'],
    ['no object', '[1]', 'network.mqtt.unexpected_error'],
    ['nothing', ' ', 'network.mqtt.unexpected_error'],
    ['nested too deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'network.mqtt.unexpected_error'],
  ])('that is %s is answered with 400', async (_what, text, id) => {
    await start()
    const ann = await join()
    const answer = await ann.ask(text)
    expect(answer).toMatchObject({ status: 400, requestId: expect.any(String), error: { id, status: 400 } })
    expect(answer.error).not.toHaveProperty('stack')
    expect(await ann.ask(now)).toMatchObject({ status: 200 })
  })

  test('with a key of the wrong type is answered by its own id', async () => {
    await start()
    const ann = await join()
    expect(await ann.ask({ requestId: 'r1', controller: 3, action: 'now' })).toMatchObject({ requestId: 'r1', status: 400 })
  })

  test('beyond the rate is answered with 429, and the client goes on', async () => {
    await start({ rateLimit: 2 })
    const ann = await join()
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const requestId of ids) ann.client.publish('Kuzzle/request', JSON.stringify({ ...now, requestId }))
    const answers = await Promise.all(ids.map(() => ann.receive()))
    expect(answers.filter(({ payload }) => payload.status === 429).length).toBeGreaterThanOrEqual(2)
    expect(answers.find(({ payload }) => payload.status === 429)?.payload.error).toMatchObject({ id: 'plugin.mqtt.too_fast' })
  })
})

describe('a topic', () => {
  test.each(['#', '+', 'Kuzzle/#', 'Kuzzle/+', '+/response', 'home/+', '$SYS/broker', 'Kuzzle/request'])('%s cannot be listened on', async (topic) => {
    await start({ allowPubSub: true })
    const eve = await join()
    expect(await eve.subscribe(topic, 'fine')).toEqual([128, 1])
    expect(await eve.ask(now)).toMatchObject({ status: 200 })
  })

  test.each(['Kuzzle/response', 'elsewhere', '$SYS/broker'])('%s cannot be published on: who tries is cut off', async (topic) => {
    await start()
    const [eve, ann] = [await join(), await join()]
    await ann.subscribe(topic)
    eve.client.publish(topic, 'forged')
    await eve.closed
    expect(await ann.ask(now)).toMatchObject({ status: 200 })
    expect(ann.heard).toEqual([])
  })

  test('is open among clients when that is allowed, but for answers; nothing is retained', async () => {
    await start({ allowPubSub: true })
    const [ann, bob, eve] = [await join(), await join(), await join()]
    await bob.subscribe('home/kitchen')
    await ann.client.publishAsync('home/kitchen', '21', { qos: 1, retain: true })
    expect(await bob.receive()).toEqual({ topic: 'home/kitchen', payload: '21', qos: 1, retain: false })
    expect(await eve.subscribe('home/kitchen')).toEqual([1])
    expect(await eve.ask(now)).toMatchObject({ status: 200 })
    expect(eve.heard).toEqual([])
    eve.client.publish('Kuzzle/response', 'forged')
    await eve.closed
  })

  test('is one too many beyond the limit', async () => {
    await start({ maxSubscriptions: 2 })
    const ann = await join()
    expect([await ann.subscribe('a'), await ann.subscribe('b'), await ann.subscribe('c')]).toEqual([[1], [1], [128]])
    await ann.client.unsubscribeAsync('a')
    expect(await ann.subscribe('c')).toEqual([1])
  })

  test('of requests and answers may be another', async () => {
    await start({ requestTopic: 'api/in', responseTopic: 'api/out' })
    const ann = await join()
    await ann.client.publishAsync('api/in', JSON.stringify(now))
    expect(await ann.receive()).toMatchObject({ topic: 'api/out', payload: { status: 200 } })
  })
})

describe('a subscription', () => {
  const place = { index: 'shop', collection: 'orders' }
  const subscribe = async (client: OpenClient, filters: object = {}) =>
    (await client.ask({ controller: 'realtime', action: 'subscribe', ...place, body: filters })).result as { channel: string; roomId: string }
  const countOf = async (roomId: string): Promise<number> => {
    const { error, result } = await host.send({ controller: 'realtime', action: 'count', body: { roomId } })
    return error ? 0 : (result as { count: number }).count
  }
  const create = (body: object) => host.call({ controller: 'document', action: 'create', ...place, body })

  test('is told of documents as publications on the channel', async () => {
    await start()
    await host.createCollection('shop', 'orders')
    const ann = await join()
    const { channel, roomId } = await subscribe(ann, { equals: { city: 'Hue' } })
    expect(await ann.subscribe(channel)).toEqual([1])
    await create({ city: 'Rome' })
    await create({ city: 'Hue' })
    expect(await ann.receive()).toMatchObject({
      topic: channel, qos: 0, retain: false,
      payload: { type: 'document', action: 'create', scope: 'in', room: channel, result: { _source: { city: 'Hue' } } },
    })
    expect(await ann.ask({ controller: 'realtime', action: 'unsubscribe', body: { roomId } })).toMatchObject({ status: 200 })
    await create({ city: 'Hue' })
    expect(await ann.ask(now)).toMatchObject({ controller: 'server' })
  })

  test.each([[false, 0], [true, 1]])('cannot be overheard by knowing its channel, unless channels are open (%s)', async (openChannels, count) => {
    await start({ openChannels })
    await host.createCollection('shop', 'orders')
    const [ann, eve] = [await join(), await join()]
    const { channel } = await subscribe(ann)
    await ann.subscribe(channel)
    await eve.subscribe(channel)
    await create({ n: 1 })
    expect(await ann.receive()).toMatchObject({ topic: channel })
    await eve.client.publishAsync('Kuzzle/request', JSON.stringify(now))
    const heard = [await eve.receive()]
    if (count > 0) heard.push(await eve.receive())
    expect(heard.filter(({ topic }) => topic === channel)).toHaveLength(count)
  })

  test('cannot be forged by publishing on its channel', async () => {
    await start({ allowPubSub: true })
    const [ann, eve] = [await join(), await join()]
    const { channel } = await subscribe(ann)
    await ann.subscribe(channel)
    eve.client.publish(channel, '{"forged":true}')
    await eve.closed
    expect(await ann.ask(now)).toMatchObject({ controller: 'server' })
  })

  test('ends with its client, whose will is still done', async () => {
    await start({ disconnectDelay: 50 })
    await host.createCollection('shop', 'orders')
    const will = { controller: 'document', action: 'create', ...place, _id: 'gone', body: { left: true } }
    const [ann, bob] = [await join(), await join({ will: { topic: 'Kuzzle/request', payload: Buffer.from(JSON.stringify(will)), qos: 0, retain: false } })]
    const { channel } = await subscribe(ann)
    await ann.subscribe(channel)
    const { roomId } = await subscribe(bob, { exists: 'n' })
    bob.client.stream.destroy()
    expect(await ann.receive()).toMatchObject({ payload: { result: { _id: 'gone', _source: { left: true } } } })
    for (let look = 0; await countOf(roomId) > 0; look++) {
      if (look === 400) throw new Error('A subscription outlives its client.')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
})

describe('a client that misbehaves', () => {
  const raw = async (bytes: Buffer): Promise<void> => {
    const socket = connect(portOf(host), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(bytes)
    if (!socket.closed) await once(socket, 'close')
  }

  test.each([
    ['speaks HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['sends reserved packets', Buffer.from([0xf0, 0x00])],
    ['publishes before it connects', Buffer.from([0x30, 0x05, 0x00, 0x01, 0x61, 0x62, 0x63])],
    ['announces a packet of 200 MB', Buffer.from([0x30, 0xff, 0xff, 0xff, 0x5f])],
    ['announces a length of five bytes', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f])],
    ['speaks version 9', Buffer.from([0x10, 0x0c, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x09, 0x02, 0x00, 0x3c, 0x00, 0x00])],
  ])('and %s is cut off, and others go on', async (_what, bytes) => {
    await start()
    const ann = await join()
    await raw(bytes)
    expect(await ann.ask(now)).toMatchObject({ status: 200 })
  })

  test('and says nothing is cut off in time', async () => {
    await start({ connectTimeout: 50 })
    await raw(Buffer.alloc(0))
    expect(await (await join()).ask(now)).toMatchObject({ status: 200 })
  })

  test('and sends a packet larger than the host takes is cut off', async () => {
    await start()
    const [ann, eve] = [await join(), await join()]
    eve.client.publish('Kuzzle/request', Buffer.alloc(2 * 1024 * 1024, 'x'))
    await eve.closed
    expect(await ann.ask(now)).toMatchObject({ status: 200 })
  })
})

describe('the host', () => {
  test('cuts every client off when it stops, and frees the port', async () => {
    const first = await start()
    const port = portOf(first)
    const ann = await join()
    await first.close()
    await ann.closed
    host = await createTestHost({ plugins: [Mqtt], config: { mqtt: { port, host: '127.0.0.1' } } })
    expect(await (await join()).ask(now)).toMatchObject({ status: 200 })
  })

  test('does not start when the port is taken, and says whose it is', async () => {
    await start()
    const config = { mqtt: { port: portOf(host), host: '127.0.0.1' } }
    await expect(createTestHost({ plugins: [Mqtt], config })).rejects.toThrow('its protocol "mqtt" did not open: Error: listen EADDRINUSE')
  })
})
