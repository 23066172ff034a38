import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { openClient } from '../../../plugins/available/mqtt/test/open-client.js'
import { Ear, RealtimeClients } from '../../support/realtime-clients.js'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

const run = promisify(execFile)
const place = { index: 'shop', collection: 'orders' }

let host: StartedHost
let clients: RealtimeClients | undefined
const ends: (() => unknown)[] = []

afterEach(async () => {
  clients?.close()
  for (const end of ends.splice(0)) await end()
  await host.close()
})

async function start(mqtt: Record<string, unknown> = {}, config: Record<string, unknown> = {}): Promise<number> {
  host = await startHost({
    enabled: ['mqtt', 'auth-local'],
    config: { ...config, plugins: { mqtt: { port: 0, host: '127.0.0.1', disconnectDelay: 0, ...mqtt } } },
  })
  clients = new RealtimeClients(host.port)
  await host.ask('POST', '/shop/_create')
  await host.ask('PUT', '/shop/orders')
  const line = host.logs.find(({ msg }) => msg?.startsWith('MQTT listens'))
  return Number(/\d+/.exec(line?.msg ?? '')?.[0])
}

async function connect(...given: Parameters<typeof openClient>) {
  const client = await openClient(...given)
  ends.push(() => client.client.endAsync(true))
  return client
}

const create = (n: number) => ({ controller: 'document', action: 'create', ...place, body: { n } })

describe('documents', () => {
  test('created over MQTT are seen by WebSocket subscribers', async () => {
    const port = await start()
    const ear = new Ear()
    await (await clients!.connect()).realtime.subscribe('shop', 'orders', {}, ear.listen)
    const device = await connect(port)
    expect(await device.ask(create(1))).toMatchObject({ status: 200 })
    expect(await ear.take(1)).toMatchObject([{ protocol: 'mqtt', result: { _source: { n: 1 } } }])
  })

  test('created over WebSocket and HTTP are seen by MQTT subscribers, in their order', async () => {
    const port = await start()
    const device = await connect(port)
    const { result: { channel } } = await device.ask({ controller: 'realtime', action: 'subscribe', ...place, body: {} })
    await device.subscribe(channel)
    const browser = await clients!.connect()
    for (let n = 1; n <= 20; n++) await browser.document.create('shop', 'orders', { n })
    await host.ask('POST', '/shop/orders/_create', { body: { n: 21 } })
    const heard = []
    for (let n = 1; n <= 21; n++) heard.push((await device.receive()).payload)
    expect(heard.map(({ result }) => result._source.n)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
    expect(heard.map(({ protocol }) => protocol)).toEqual([...Array<string>(20).fill('websocket'), 'http'])
  })
})

const areMosquittosThere = ['mosquitto_pub', 'mosquitto_sub'].every((command) => spawnSync(command, ['--help']).error === undefined)
const mosquittos = areMosquittosThere || process.env.CI === 'true' ? describe : describe.skip

mosquittos('Debian\'s mosquitto clients, skipped outside CI where they are not installed,', () => {
  test('ask, and hear the answers on a host in development', async () => {
    const port = await start({ developmentMode: true }, { server: { development: true } })
    const listener = listen(port, 'Kuzzle/response')
    const request = JSON.stringify({ controller: 'server', action: 'now', requestId: 'r1' })
    await untilHeard(listener, () => run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), '-t', 'Kuzzle/request', '-m', request]))
    expect(JSON.parse(await listener.text)).toMatchObject({ requestId: 'r1', status: 200, result: { now: expect.any(Number) } })
  })

  test('publish documents that WebSocket subscribers see', async () => {
    const port = await start({ disconnectDelay: 250 })
    const ear = new Ear()
    await (await clients!.connect()).realtime.subscribe('shop', 'orders', {}, ear.listen)
    await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', 'Kuzzle/request', '-m', JSON.stringify(create(7))])
    expect(await ear.take(1)).toMatchObject([{ protocol: 'mqtt', result: { _source: { n: 7 } } }])
  })

  test('listen on a channel where channels are open', async () => {
    const port = await start({ openChannels: true })
    const device = await connect(port)
    const { result: { channel } } = await device.ask({ controller: 'realtime', action: 'subscribe', ...place, body: {} })
    const listener = listen(port, channel)
    await untilHeard(listener, () => host.ask('POST', '/shop/orders/_create', { body: { n: 8 } }))
    expect(JSON.parse(await listener.text)).toMatchObject({ room: channel, result: { _source: { n: 8 } } })
  })
})

/** A `mosquitto_sub` that ends with the first message it hears. */
function listen(port: number, topic: string): { process: ChildProcess; text: Promise<string> } {
  const listener = spawn('mosquitto_sub', ['-h', '127.0.0.1', '-p', String(port), '-t', topic, '-C', '1', '-W', '10'])
  let heard = ''
  listener.stdout.setEncoding('utf8').on('data', (chunk: string) => { heard += chunk })
  return { process: listener, text: once(listener, 'close').then(() => heard) }
}

/** It does not tell when it has subscribed, so what it is to hear is said until it does. */
async function untilHeard({ process }: ReturnType<typeof listen>, say: () => Promise<unknown>): Promise<void> {
  while (process.exitCode === null) await say()
}

describe('a device that says who it is', () => {
  const ann = { content: { profileIds: ['default'] }, credentials: { local: { username: 'ann', password: 'sesame' } } }
  const whoAmI = { controller: 'auth', action: 'getCurrentUser' }
  const addAnn = () => host.ask('POST', '/users/ann/_create', { body: ann })

  test('by username and password is that user, whatever its requests carry', async () => {
    const port = await start()
    await addAnn()
    const device = await connect(port, { username: 'ann', password: 'sesame' })
    expect(await device.ask(whoAmI)).toMatchObject({ status: 200, result: { _id: 'ann' } })
    expect(await (await connect(port)).ask(whoAmI)).toMatchObject({ result: { _id: '-1' } })
  })

  test('by a token as password is its user', async () => {
    const port = await start()
    await addAnn()
    const { body: { result: { jwt } } } = await host.ask('POST', '/_login/local', { body: { username: 'ann', password: 'sesame' } })
    for (const username of ['token', '']) {
      expect(await (await connect(port, { username, password: jwt })).ask(whoAmI)).toMatchObject({ result: { _id: 'ann' } })
    }
  })

  test('wrongly, or not at all where it must, is refused', async () => {
    const port = await start({ allowAnonymous: false })
    await addAnn()
    await expect(openClient(port, { username: 'ann', password: 'wrong' })).rejects.toMatchObject({ code: 4 })
    await expect(openClient(port, { username: 'token', password: 'forged' })).rejects.toMatchObject({ code: 4 })
    await expect(openClient(port, { username: 'token', password: '' })).rejects.toMatchObject({ code: 4 })
    await expect(openClient(port)).rejects.toMatchObject({ code: 5 })
    await until(() => host.host.rooms.gateway.entryPoint.connections.counts, ({ mqtt }) => mqtt === undefined)
  })

  test('is cut off when its token ends, and logs in anew', async () => {
    const port = await start({}, { security: { jwt: { expiresIn: 300 } } })
    await addAnn()
    const device = await connect(port, { username: 'ann', password: 'sesame' })
    expect(await device.ask(whoAmI)).toMatchObject({ result: { _id: 'ann' } })
    await device.closed
    expect(await (await connect(port, { username: 'ann', password: 'sesame' })).ask(whoAmI)).toMatchObject({ result: { _id: 'ann' } })
  })
})

test('a device speaks TLS where that is configured, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-mqtt-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  const port = await start({ tls: { certFile, keyFile }, connectTimeout: 200 })
  const device = await connect(port, { protocol: 'mqtts', ca: cert, rejectUnauthorized: true, servername: 'localhost' })
  expect(await device.ask({ controller: 'server', action: 'now' })).toMatchObject({ status: 200 })
  const plain = createConnection(port, '127.0.0.1')
  plain.on('error', () => undefined)
  plain.write(Buffer.from([0x10, 0x0c, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x04, 0x02, 0x00, 0x3c, 0x00, 0x00]))
  const heard: Buffer[] = []
  plain.on('data', (chunk) => heard.push(chunk))
  await once(plain, 'close')
  expect(Buffer.concat(heard)[0]).not.toBe(0x20)
})

test('a device shows a certificate where that is asked for, of the right authority', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-mqtt-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const authority = await generate([{ name: 'commonName', value: 'authority' }], { extensions: [{ name: 'basicConstraints', cA: true, critical: true }] })
  const signed = { ca: { key: authority.private, cert: authority.cert } }
  const [server, lamp] = [await generate([{ name: 'commonName', value: 'localhost' }], signed), await generate([{ name: 'commonName', value: 'lamp' }], signed)]
  const stranger = await generate([{ name: 'commonName', value: 'lamp' }])
  const files = { certFile: server.cert, keyFile: server.private, caFile: authority.cert }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const port = await start({ tls: Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, name)])) })

  /** Whether it is let in: what it hears first, or `undefined` when it is cut off. */
  const greet = (options: ConnectionOptions): Promise<number | undefined> => {
    const socket = connectSecurely({ host: '127.0.0.1', port, ca: authority.cert, servername: 'localhost', ...options }).on('error', () => undefined)
    ends.push(() => socket.destroy())
    socket.write(Buffer.from([0x10, 0x0c, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x04, 0x02, 0x00, 0x3c, 0x00, 0x00]))
    return new Promise((resolve) => {
      socket.once('data', (heard) => resolve(heard[0]))
      socket.once('close', () => resolve(undefined))
    })
  }
  const CONNACK = 0x20
  expect(await greet({ cert: lamp.cert, key: lamp.private })).toBe(CONNACK)
  expect(await greet({})).toBeUndefined()
  expect(await greet({ cert: stranger.cert, key: stranger.private })).toBeUndefined()
})

test('a device that does not read what it asked for is cut off, and the others hear on', async () => {
  const port = await start({ maxBufferedBytes: 64 * 1024 })
  const [silent, reader, speaker] = [await connect(port), await connect(port), await connect(port)]
  for (const device of [silent, reader]) {
    const { result: { channel } } = await device.ask({ controller: 'realtime', action: 'subscribe', ...place, body: {} })
    await device.subscribe(channel)
  }
  silent.client.stream.pause()
  expect(connectedDevices()).toBe(3)
  const publish = { controller: 'realtime', action: 'publish', ...place, body: { text: 'x'.repeat(100_000) } }
  let said = 0
  // However much the system's own buffers take, there is an end to it.
  while (connectedDevices() === 3 && said < 1_000) {
    expect(await speaker.ask(publish)).toMatchObject({ status: 200 })
    said++
  }
  expect(connectedDevices()).toBe(2)
  await until(() => reader.heard.length, (heard) => heard === said)
})

const connectedDevices = (): number | undefined => host.host.rooms.gateway.entryPoint.connections.counts.mqtt

test('a thousand devices come, subscribe and go, and nothing of them stays', async () => {
  const port = await start()
  const { realtime, gateway } = host.host.rooms
  for (let wave = 0; wave < 20; wave++) {
    const devices = await Promise.all(Array.from({ length: 50 }, () => openClient(port)))
    const answers = await Promise.all(devices.map((device, n) => device.ask({ controller: 'realtime', action: 'subscribe', ...place, body: { equals: { n } } })))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    // Half of them say good-bye, the others just go.
    await Promise.all(devices.map(({ client }, n) => client.endAsync(n % 2 === 0)))
  }
  await until(() => gateway.entryPoint.connections.counts, ({ mqtt }) => mqtt === undefined)
  expect(realtime.totals).toEqual({ rooms: 0, subscriptions: 0 })
})
