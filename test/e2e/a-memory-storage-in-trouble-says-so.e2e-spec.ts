import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { openWire } from '../support/open-wire.js'
import { startHost, type StartedHost } from '../support/start-host.js'
import { until } from '../support/until.js'

/** A database of this test's own. */
const DATABASE = 13
const isServerThere = await whetherReachable()
const suite = isServerThere || process.env.CI === 'true' ? describe : describe.skip

let host: StartedHost | undefined
afterEach(() => host?.close())

const health = (query = ''): ReturnType<StartedHost['ask']> => host!.ask('GET', `/_healthCheck${query}`)
const red = { status: 503, body: { error: { id: 'core.fatal.service_unavailable' }, result: { status: 'red', services: { memoryStorage: 'red', storageEngine: 'green' } } } }
const green = { status: 200, body: { result: { status: 'green', services: { memoryStorage: 'green', storageEngine: 'green' } } } }

test('what is kept in the process is well as long as the host is', async () => {
  host = await startHost()
  expect(await health()).toMatchObject(green)
})

suite('a Redis server', () => {
  test('that goes away makes health red until it is back, and spoils nothing else', async () => {
    const wire = await openWire(6379)
    try {
      host = await startHost({ config: { memoryStorage: { url: `redis://127.0.0.1:${wire.port}/${DATABASE}` } } })
      expect(await health()).toMatchObject(green)
      wire.cut()
      expect(await health()).toMatchObject(red)
      expect(await health('?services=storageEngine')).toMatchObject({ status: 200 })
      expect(await host.ask('GET', '/_now')).toMatchObject({ status: 200 })
      wire.mend()
      const { ask } = host
      await until(async () => (await ask('GET', '/_healthCheck')).status, (status) => status === 200, 20_000)
      expect(await health()).toMatchObject(green)
    } finally {
      await host?.close()
      wire.close()
    }
  })
})

test('a server that takes connections and no longer answers is red, too', async () => {
  const sockets = new Set<Socket>()
  let isDumb = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => { if (!isDumb) socket.write(answersTo(data.toString())) })
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  try {
    host = await startHost({ config: { memoryStorage: { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` } } })
    isDumb = true
    expect(await health()).toMatchObject(red)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
    await host?.close()
  }
})

/** What a server says to commands when it is new: a reply to each. */
const answersTo = (commands: string): string =>
  [...commands.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)].map(([, name]) => (name?.toLowerCase() === 'info' ? '$19\r\nredis_version:7.0.0\r\n' : '+OK\r\n')).join('')

async function whetherReachable(): Promise<boolean> {
  const client = new Redis(`redis://127.0.0.1:6379/${DATABASE}`, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.quit()
    return true
  } catch {
    return false
  }
}
