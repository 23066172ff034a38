import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventSource } from 'eventsource'
import sdk from 'kuzzle-sdk'

const { Http, Kuzzle, WebSocket } = sdk

/** The client that the plugin `mqtt` is tested with. */
const { connectAsync } = createRequire(resolve('plugins/available/mqtt/package.json'))('mqtt-client')

/** Milliseconds after which a request without an answer counts as lost. */
const PATIENCE = 15_000

/** Milliseconds in which a client notices that its line was cut. */
const SLOW_TO_LEARN = 3_000

/** A request came to nothing: its line was cut, and nobody knows whether it was carried out. */
export class Lost extends Error {}

/** The published client over HTTP. */
export async function openHttp(port) {
  const client = new Kuzzle(new Http('127.0.0.1', { port }))
  await client.connect()
  return { name: 'http', ask: withPatience('http', (request) => client.query(request)), close: () => client.disconnect() }
}

/** The published client over WebSocket, which can be cut and comes back by itself. */
export async function openWebSocket(port) {
  const client = new Kuzzle(new WebSocket('127.0.0.1', { port, reconnectionDelay: 20 }))
  await client.connect()
  const cuts = new Set()
  let lastCut = -Infinity
  const heard = []
  await client.realtime.subscribe('shop', 'notes', {}, (notification) => void heard.push(notification))
  const isBack = () => new Promise((resolve) => { if (client.connected) resolve(); else client.once('reconnected', resolve) })
  return {
    name: 'websocket', heard,
    ask: withPatience('websocket', async (request) => {
      await isBack()
      let onCut
      const cut = new Promise((_resolve, reject) => {
        onCut = () => reject(new Lost('the line was cut'))
        cuts.add(onCut)
      })
      // It learns of a cut a little later, and writes until then.
      const answer = client.query(request).catch((error) => { throw performance.now() - lastCut < SLOW_TO_LEARN && error.status === undefined ? new Lost(error.message) : error })
      return Promise.race([cut, answer]).finally(() => cuts.delete(onCut))
    }),
    cut: () => {
      lastCut = performance.now()
      for (const onCut of cuts) onCut()
      client.protocol.client?.terminate()
    },
    close: async () => {
      await isBack()
      client.protocol.autoReconnect = false
      client.disconnect()
    },
  }
}

/** The published client of MQTT: asks over one connection, which can be cut, and listens on another, which is not. */
export async function openMqtt(port) {
  const connect = () => connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', protocolVersion: 4, reconnectPeriod: 0 })
  let client
  let asked = 0
  const waiting = new Map()
  const open = async () => {
    client = await connect()
    client.on('error', () => undefined)
    client.on('message', (_topic, bytes) => {
      const answer = JSON.parse(bytes.toString())
      waiting.get(answer.requestId)?.resolve(answer)
    })
  }
  await open()
  let isOpening = false
  let opening = Promise.resolve()
  const query = async (request) => {
    await opening
    const requestId = `m${++asked}`
    const answer = new Promise((resolve, reject) => waiting.set(requestId, { resolve, reject })).finally(() => waiting.delete(requestId))
    answer.catch(() => undefined)
    // One that is cut off never hears that its message has arrived: the answer is what counts.
    client.publish('Kuzzle/request', JSON.stringify({ ...request, requestId }), { qos: 1 })
    const { error, ...rest } = await answer
    if (error) throw Object.assign(new Error(error.message), error)
    return rest
  }
  return {
    name: 'mqtt', ask: withPatience('mqtt', query),
    cut: () => {
      if (isOpening) return
      isOpening = true
      const old = client
      opening = open().finally(() => { isOpening = false })
      old.stream.destroy()
      for (const { reject } of waiting.values()) reject(new Lost('the line was cut'))
    },
    close: async () => {
      await opening
      await client.endAsync(true)
    },
  }
}

/** A client of MQTT that only listens. */
export async function openMqttEar(port) {
  const client = await connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', protocolVersion: 4, reconnectPeriod: 0 })
  const heard = []
  const subscribed = new Promise((resolve) => { client.once('message', (_topic, bytes) => resolve(JSON.parse(bytes.toString()).result)) })
  await client.publishAsync('Kuzzle/request', JSON.stringify({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'notes', body: {} }), { qos: 1 })
  const { channel } = await subscribed
  client.on('message', (topic, bytes) => { if (topic === channel) heard.push(JSON.parse(bytes.toString())) })
  await client.subscribeAsync(channel)
  return { name: 'mqtt', heard, close: () => client.endAsync(true) }
}

/** An event stream. */
export async function openStream(port) {
  const source = new EventSource(`http://127.0.0.1:${port}/shop/notes`)
  const heard = []
  source.addEventListener('document', ({ data }) => heard.push(JSON.parse(data)))
  await new Promise((resolve) => source.addEventListener('subscribed', resolve))
  return { name: 'sse', heard, close: () => source.close() }
}

/** Makes a request that never ends end with an error that no fault explains. */
function withPatience(name, ask) {
  return async (request) => {
    let timer
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${name}: ${request.controller}:${request.action} has not been answered for ${PATIENCE} ms`)), PATIENCE)
    })
    return Promise.race([slowlyEnough(ask, request), late]).finally(() => clearTimeout(timer))
  }
}

/** The host lets a client log in once a second, faults or no faults: who comes too early comes again. */
async function slowlyEnough(ask, request) {
  for (;;) {
    try {
      return await ask(request)
    } catch (error) {
      if (error.id !== 'api.process.too_many_logins_requests') throw error
      await sleep(300)
    }
  }
}
