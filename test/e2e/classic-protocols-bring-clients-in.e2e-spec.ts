import { createRequire } from 'node:module'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../support/start-host.js'

interface LinesPlugin { readonly port: number }
interface OldLinesPlugin { port(): number }

const require = createRequire(import.meta.url)
const SpeaksLines = require('../fixtures/plugins/classic-that-speaks-lines/index.js') as new (calling?: string) => LinesPlugin
const SpokeLines = require('../fixtures/plugins/classic-that-spoke-lines/index.js') as new () => OldLinesPlugin

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
type Line = any

const open: Socket[] = []
afterEach(() => { for (const socket of open.splice(0)) socket.destroy() })

/** A client that says a line and reads the next ones, one after another. */
function dial(port: number) {
  const socket = connect(port, '127.0.0.1')
  open.push(socket)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const read = async (): Promise<Line> => {
    const { value, done } = await lines.next() as IteratorResult<string>
    return done ? undefined : JSON.parse(value) as Line
  }
  const say = (data: object): void => void socket.write(`${JSON.stringify(data)}\n`)
  const ask = (data: object): Promise<Line> => {
    say(data)
    return read()
  }
  return { ask, read }
}

const subscription = { controller: 'realtime', action: 'subscribe', index: 'city', collection: 'news', body: {} }
const news = { controller: 'realtime', action: 'publish', index: 'city', collection: 'news', body: { title: 'rain' } }

describe.each(['connection first', 'request alone'])('a protocol of the embedded generations that calls execute with the %s', (calling) => {
  const plugin = new SpeaksLines(calling)
  let host: StartedHost

  beforeAll(async () => {
    host = await startHost({ plugins: [plugin] })
  })
  afterAll(() => host.close())

  test('has requests answered, also those that fail', async () => {
    const client = dial(plugin.port)
    expect(await client.ask({ controller: 'server', action: 'now', requestId: 'r1' })).toMatchObject({ status: 200, room: 'r1', result: { now: expect.any(Number) } })
    expect(await client.ask({ controller: 'server', action: 'nope', requestId: 'r2' })).toMatchObject({ status: 404, room: 'r2', error: { id: 'api.process.action_not_found' } })
  })

  test('carries notifications to those who subscribed, and to nobody who left', async () => {
    const [reader, writer] = [dial(plugin.port), dial(plugin.port)]
    const { result } = await reader.ask(subscription)
    await writer.ask(news)
    expect(await reader.read()).toMatchObject({ room: result.channel, action: 'publish', result: { _source: { title: 'rain' } } })
    await reader.ask({ controller: 'realtime', action: 'unsubscribe', body: { roomId: result.roomId } })
    await writer.ask(news)
    expect(await reader.ask({ controller: 'server', action: 'now', requestId: 'next' })).toMatchObject({ room: 'next' })
  })
})

describe('a protocol that hands in requests of nobody', () => {
  test('has them answered as the anonymous user\'s', async () => {
    const plugin = new SpeaksLines('nobody')
    const host = await startHost({ plugins: [plugin] })
    try {
      expect(await dial(plugin.port).ask({ controller: 'auth', action: 'getCurrentUser' })).toMatchObject({ status: 200, result: { _id: '-1' } })
    } finally {
      await host.close()
    }
  })
})

describe('a protocol of the proxy\'s generation', () => {
  const plugin = new SpokeLines()
  let host: StartedHost

  beforeAll(async () => {
    host = await startHost({ plugins: [plugin], config: { plugins: { 'classic-that-spoke-lines': { greeting: 'good morning' } } } })
  })
  afterAll(() => host.close())

  test('finds its configuration in the first argument, and has plain data answered', async () => {
    const client = dial(plugin.port())
    expect(await client.read()).toEqual({ greeting: 'good morning' })
    expect(await client.ask({ controller: 'server', action: 'now' })).toMatchObject({ status: 200, result: { now: expect.any(Number) } })
  })

  test('is told of channels by one object', async () => {
    const client = dial(plugin.port())
    await client.read()
    await client.ask(subscription)
    await host.ask('POST', '/city/news/_publish', { body: { title: 'sun' } })
    expect(await client.read()).toMatchObject({ action: 'publish', result: { _source: { title: 'sun' } } })
  })

  test('counts its connections under its own name', async () => {
    const client = dial(plugin.port())
    await client.read()
    const { result } = await client.ask({ controller: 'server', action: 'metrics' })
    expect(result.network.connections).toMatchObject({ 'old-lines': expect.any(Number) })
  })
})

describe('a folder with a protocol in it', () => {
  test('is loaded like any other plugin, under the manifest\'s name', async () => {
    const host = await startHost({ enabled: ['classic-that-speaks-lines'] })
    await host.close()
    expect(host.host.report.plugins.map(({ definition }) => [definition.name, definition.protocols?.map(({ name }) => name)])).toEqual([
      ['classic-that-speaks-lines', ['classic-that-speaks-lines']],
    ])
  })

  test('and a port that is taken keeps the host from starting, the plugin named', async () => {
    const plugin = new SpeaksLines()
    const first = await startHost({ plugins: [plugin] })
    const config = { plugins: { 'classic-that-speaks-lines': { port: plugin.port } } }
    try {
      await expect(startHost({ plugins: [new SpeaksLines()], config })).rejects.toThrow(/classic-that-speaks-lines.*EADDRINUSE/)
    } finally {
      await first.close()
    }
  })
})
