import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Request, type RequestData } from '@mortise/sdk'
import type { ChainedPipe } from '@app/registry'
import { Supervisor } from '@app/supervision'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { RecordingLogger } from '../../../../test/support/recording-logger.js'
import { QuietHost, startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

/** A host some of whose plugins do not work. */
class ImpairedHost extends QuietHost {
  names: string[] = []
  override impaired(): readonly string[] { return this.names }
  override calls() { return this.reported }
  reported: ReturnType<QuietHost['calls']> = []
}

const fail = (): never => { throw new Error('broken') }
let host: StartedBuiltIns
let supervisor: Supervisor
let impaired: ImpairedHost

beforeEach(async () => {
  supervisor = new Supervisor({ logger: new RecordingLogger(), quarantineAfter: 1 })
  impaired = new ImpairedHost()
  host = await startBuiltIns({ supervisor, host: impaired })
  host.registry.register(definePlugin({
    name: 'geo',
    pipes: [{ event: 'geo/map:beforeDraw', name: 'Geo.check', handler: (request) => ((request as Request).input.args.isBad ? fail() : request), budget: { breaker: { failures: 1 }, concurrency: 3 } }],
    hooks: [{ event: 'geo/map:afterDraw', name: 'Geo.log', handler: () => undefined }],
    controllers: [{ name: 'geo/map', actions: [{ name: 'draw', handler: () => 'drawn', routes: [] }] }],
  }))
})
afterEach(() => host.stop())

const ask = (controller: string, action: string, data: Partial<RequestData> = {}, protocol = 'http') =>
  host.pipeline.run(new Request({ controller, action, ...data }, { connection: { protocol } }))

describe('plugins:calls', () => {
  test('counts calls by plugin, listener and event', async () => {
    await ask('geo/map', 'draw')
    await ask('geo/map', 'draw')
    const times = { total: expect.any(Number), p50: expect.any(Number), p99: expect.any(Number) }
    expect((await ask('plugins', 'calls')).result).toEqual({ total: 1, hits: [{ plugin: 'geo', listeners: [
      { kind: 'action', listener: 'geo/map:draw', event: 'geo/map:draw', calls: 2, refused: 0, failed: 0, skipped: 0, ...times },
      { kind: 'pipe', listener: 'Geo.check', event: 'geo/map:beforeDraw', calls: 2, refused: 0, failed: 0, skipped: 0, breaker: 'closed', running: 0, waiting: 0, ...times },
      { kind: 'hook', listener: 'Geo.log', event: 'geo/map:afterDraw', calls: 2, refused: 0, failed: 0, skipped: 0, ...times },
    ] }] })
  })
})

describe('plugins:resume', () => {
  test('lets a plugin out of quarantine and says what held it', async () => {
    await ask('geo/map', 'draw', { isBad: true })
    expect((await ask('geo/map', 'draw')).error).toMatchObject({ status: 503, id: 'plugin.runtime.quarantined' })
    const held = { reason: 'its breakers opened 1 times in a row, at last that of pipe Geo.check on "geo/map:beforeDraw"', since: expect.any(Number) }
    expect((await ask('plugins', 'calls')).result).toMatchObject({ hits: [{ plugin: 'geo', quarantine: held }] })
    expect((await ask('plugins', 'resume', { name: 'geo' })).result).toEqual(held)
    expect((await ask('geo/map', 'draw')).result).toBe('drawn')
  })

  test('refuses a plugin that is in none, and says which are', async () => {
    expect((await ask('plugins', 'resume', { name: 'geo' })).error).toMatchObject({ status: 404, id: 'plugin.assert.plugin_not_found', hint: 'No plugin is in quarantine.' })
    await ask('geo/map', 'draw', { isBad: true })
    expect((await ask('plugins', 'resume', { name: 'gee' })).error).toMatchObject({ hint: 'In quarantine: "geo".' })
  })
})

describe('plugins:tap', () => {
  /** What a tap has given so far, as lines. */
  function readLines(stream: Readable): string[] {
    const lines: string[] = []
    stream.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
    return lines
  }
  const turn = () => new Promise((resolve) => { setImmediate(resolve) })

  test('streams calls of the events asked for, and is off once nobody reads', async () => {
    const stream = (await ask('plugins', 'tap', { event: 'geo/map:before*' })).result as Readable
    const lines = readLines(stream)
    await ask('geo/map', 'draw')
    await turn()
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{
      time: expect.any(Number), event: 'geo/map:beforeDraw', kind: 'pipe', plugin: 'geo', listener: 'Geo.check', milliseconds: expect.any(Number), outcome: 'ok',
    }])
    expect(supervisor.tap.isOn).toBe(true)
    stream.destroy()
    await turn()
    expect(supervisor.tap.isOn).toBe(false)
  })

  test('drops the oldest calls when its reader is slow', async () => {
    const stream = (await ask('plugins', 'tap')).result as Readable
    const listener: ChainedPipe = { plugin: 'p', listener: 'l', name: 'L.l', event: 'a:*', handler: () => 1 }
    for (let number = 0; number < 1_100; number++) supervisor.pipe(listener, `a:${number}`).meter?.end(1)
    const lines = readLines(stream)
    while (lines.length < 1_000) await turn()
    expect(lines).toHaveLength(1_000)
    expect(lines.at(-1)).toContain('"a:1099"')
    stream.destroy()
  })

  test('ends when the host shuts down', async () => {
    const stream = (await ask('plugins', 'tap')).result as Readable
    stream.resume()
    const ended = new Promise((resolve) => { stream.once('end', () => resolve('ended')) })
    host.bus.notify('kuzzle:state:change', 3)
    expect(await ended).toBe('ended')
  })

  test('needs a connection that takes streams', async () => {
    expect((await ask('plugins', 'tap', {}, 'websocket')).error).toMatchObject({ id: 'api.assert.unsupported_protocol' })
    expect(supervisor.tap.isOn).toBe(false)
  })
})

describe('health', () => {
  test('is orange, not red, while a plugin does not work', async () => {
    impaired.names = ['geo']
    const all = await ask('server', 'healthCheck')
    expect([all.status, all.error, all.result]).toEqual([200, null, { status: 'orange', services: { internalCache: 'green', memoryStorage: 'green', storageEngine: 'green', plugins: 'orange' } }])
    expect((await ask('server', 'healthCheck', { services: 'storageEngine' })).result).toEqual({ status: 'green', services: { storageEngine: 'green' } })
    expect((await ask('server', 'healthCheck', { services: 'plugins' })).result).toEqual({ status: 'orange', services: { plugins: 'orange' } })
  })
})

describe('server:prometheus', () => {
  test('writes what Prometheus reads', async () => {
    const calls = { calls: 5, refused: 1, failed: 2, skipped: 3, total: 250, p50: 20, p99: 125 }
    impaired.reported = [
      { plugin: 'geo', quarantine: { reason: 'so', since: 0 }, running: 2, waiting: 1, listeners: [{ kind: 'pipe', listener: 'Geo."a\\b"', event: 'a:b', ...calls, breaker: 'open', running: 1, waiting: 0 }] },
      { plugin: 'shop', listeners: [] },
    ]
    const answer = await ask('server', 'prometheus')
    expect(answer.response.raw).toBe(true)
    const labels = 'plugin="geo",kind="pipe",listener="Geo.\\"a\\\\b\\"",event="a:b"'
    expect(answer.result).toBe([
      '# HELP mortise_requests_running Requests that are worked on.', '# TYPE mortise_requests_running gauge', 'mortise_requests_running 0',
      '# HELP mortise_requests_waiting Requests that wait for a slot.', '# TYPE mortise_requests_waiting gauge', 'mortise_requests_waiting 0',
      '# HELP mortise_realtime_rooms Rooms that somebody is in.', '# TYPE mortise_realtime_rooms gauge', 'mortise_realtime_rooms 0',
      '# HELP mortise_realtime_subscriptions Subscriptions of clients.', '# TYPE mortise_realtime_subscriptions gauge', 'mortise_realtime_subscriptions 0',
      '# HELP mortise_listener_calls_total Calls of listeners, by how they ended.', '# TYPE mortise_listener_calls_total counter',
      `mortise_listener_calls_total{${labels},outcome="ok"} 2`, `mortise_listener_calls_total{${labels},outcome="refused"} 1`,
      `mortise_listener_calls_total{${labels},outcome="failed"} 2`, `mortise_listener_calls_total{${labels},outcome="skipped"} 3`,
      '# HELP mortise_listener_duration_seconds How long listeners took.', '# TYPE mortise_listener_duration_seconds summary',
      `mortise_listener_duration_seconds{${labels},quantile="0.5"} 0.02`, `mortise_listener_duration_seconds{${labels},quantile="0.99"} 0.125`,
      `mortise_listener_duration_seconds_sum{${labels}} 0.25`, `mortise_listener_duration_seconds_count{${labels}} 5`,
      '# HELP mortise_listener_breaker State of a breaker: 0 closed, 1 half-open, 2 open.', '# TYPE mortise_listener_breaker gauge', `mortise_listener_breaker{${labels}} 2`,
      '# HELP mortise_listener_running Calls under way in the line of a listener.', '# TYPE mortise_listener_running gauge', `mortise_listener_running{${labels}} 1`,
      '# HELP mortise_listener_waiting Calls that wait in the line of a listener.', '# TYPE mortise_listener_waiting gauge', `mortise_listener_waiting{${labels}} 0`,
      '# HELP mortise_plugin_quarantined Whether a plugin is in quarantine.', '# TYPE mortise_plugin_quarantined gauge',
      'mortise_plugin_quarantined{plugin="geo"} 1', 'mortise_plugin_quarantined{plugin="shop"} 0',
      '# HELP mortise_plugin_calls_running Calls under way in the line of a plugin.', '# TYPE mortise_plugin_calls_running gauge', 'mortise_plugin_calls_running{plugin="geo"} 2',
      '# HELP mortise_plugin_calls_waiting Calls that wait in the line of a plugin.', '# TYPE mortise_plugin_calls_waiting gauge', 'mortise_plugin_calls_waiting{plugin="geo"} 1',
      '',
    ].join('\n'))
  })
})
