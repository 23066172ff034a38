import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Controller, Get, InternalError, Pipe, Plugin, type Request } from '@mortise/sdk'
import { HostProcess, runCommand } from '../support/run-host.js'
import { startHost, type StartedHost } from '../support/start-host.js'
import { startIsolated } from '../support/start-isolated.js'
import { until } from '../support/until.js'

/** Requests that the slow pipe holds, and whether the till is out of order. */
const held: (() => void)[] = []
let isBroken = false

@Controller('till')
class TillController {
  @Get('/pay')
  pay() { return 'paid' }

  @Get('/wait')
  wait() { return 'waited' }
}

@Plugin({ name: 'shop', controllers: [TillController] })
class Shop {}

@Plugin({ name: 'geo' })
class Geo {
  @Pipe('shop/till:beforeWait' as 'server:beforeNow', { concurrency: 1, queue: 1 })
  async hold(request: Request) {
    await new Promise<void>((resolve) => { held.push(resolve) })
    return request
  }

  @Pipe('shop/till:beforePay' as 'server:beforeNow', { breaker: { failures: 1, probeAfter: 1 } })
  charge(request: Request) {
    if (isBroken) throw new InternalError('the till is stuck')
    return request
  }
}

let host: StartedHost
beforeAll(async () => {
  host = await startHost({
    enabled: ['that-greets', 'that-throws-in-init'], plugins: [Shop, Geo],
    config: { plugins: {
      'geo': { budget: { quarantineAfter: 3 } },
      'that-throws-in-init': { required: false },
    } },
  })
})
afterAll(() => host.close())

const pay = () => host.ask('GET', '/_/shop/till/pay')
const pluginsIn = async (state: string): Promise<{ name: string; reason: string }[]> =>
  (await host.ask('GET', '/_plugins')).body.result.hits.filter((entry: { state: string }) => entry.state === state)

/** Breaks the till until it is no longer asked. */
async function breakDown(): Promise<void> {
  isBroken = true
  for (let id = ''; id !== 'plugin.runtime.quarantined';) id = (await pay()).body.error.id as string
}

test('a slow pipe takes one request at a time, one waits, and one more is refused at once', async () => {
  const answers = ['1', '2', '3'].map(() => host.ask('GET', '/_/shop/till/wait'))
  const refused = await Promise.race(answers)
  expect(refused).toMatchObject({ status: 503, body: { error: { id: 'plugin.runtime.too_many_calls', message: expect.stringMatching(/"geo".*"shop\/till:beforeWait"/) } } })
  for (let served = 0; served < 2; served++) {
    await until(() => held.length, (length) => length > served)
    held[served]?.()
  }
  expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 200, 503])
})

describe('a plugin that keeps failing', () => {
  test('goes into quarantine, is listed with the reason, and comes out by the API', async () => {
    expect((await pay()).status).toBe(200)
    await breakDown()
    expect((await pay()).body.error).toMatchObject({ status: 503, message: expect.stringMatching(/Plugin "geo" is in quarantine.*opened 3 times in a row/) })
    expect(await pluginsIn('quarantined')).toEqual([expect.objectContaining({ name: 'geo', reason: expect.stringContaining('opened 3 times in a row') })])
    isBroken = false
    expect((await host.ask('POST', '/_plugins/geo/_resume')).body).toMatchObject({ status: 200, result: { reason: expect.stringContaining('opened 3 times') } })
    expect((await pay()).status).toBe(200)
  })

  test('comes out of quarantine by the command line', async () => {
    await breakDown()
    isBroken = false
    expect(await runCommand(host.root, ['plugins', 'resume', 'geo'])).toMatchObject({ code: 0, out: expect.stringContaining('"geo" is out of quarantine. It was there because its breakers opened') })
    expect((await pay()).status).toBe(200)
    expect(await runCommand(host.root, ['plugins', 'resume', 'geo'])).toMatchObject({ code: 1, err: expect.stringContaining('No plugin is in quarantine.') })
  })
})

test('an isolated plugin that keeps going down is given up, and started again when it is resumed', async () => {
  const { ask, stop } = await startIsolated({ isolation: 'thread', settings: { budget: { quarantineAfter: 2 } } })
  const look = async (): Promise<number> => (await ask('GET', '/_/that-is-fragile/works/pid')).status
  const quarantine = async () => (await ask('GET', '/_plugins')).body.result.hits.find(({ state }: { state: string }) => state === 'quarantined')
  try {
    expect(await look()).toBe(200)
    while (await quarantine() === undefined) await ask('GET', '/_/that-is-fragile/works/exit')
    expect(await quarantine()).toMatchObject({ name: 'that-is-fragile', reason: expect.stringContaining('it went down 2 times in a row, at last because it ended with exit code 3') })
    expect((await ask('GET', '/_/that-is-fragile/works/pid')).body.error).toMatchObject({ status: 503, id: 'plugin.runtime.quarantined' })
    expect((await ask('POST', '/_plugins/that-is-fragile/_resume')).status).toBe(200)
    while (await look() !== 200) await new Promise((resolve) => { setImmediate(resolve) })
  } finally {
    await stop()
  }
}, 60_000)

test('a plugin that is not required and cannot start leaves the host running, in orange', async () => {
  expect(await pluginsIn('missing')).toEqual([expect.objectContaining({ name: 'that-throws-in-init', reason: expect.stringContaining('plugin.runtime.failed_init') })])
  expect((await runCommand(host.root, ['plugins', 'list'])).out).toMatch(/that-throws-in-init +missing .*plugin\.runtime\.failed_init/)
  expect((await host.ask('GET', '/_healthCheck')).body).toMatchObject({ status: 200, result: { status: 'orange', services: { storageEngine: 'green', plugins: 'orange' } } })
  expect(host.logs.some(({ msg }) => msg?.includes('Plugin "that-throws-in-init" is left out, as it is not required'))).toBe(true)
})

test('what listeners took is there for Prometheus', async () => {
  await pay()
  const { text, headers } = await host.ask('GET', '/_prometheus')
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(text).toMatch(/^mortise_listener_calls_total\{plugin="geo",kind="pipe",listener="Geo\.charge",event="shop\/till:beforePay",outcome="ok"\} [1-9]/m)
})

test('calls can be watched as they happen, from the command line', async () => {
  const tap = new HostProcess('cli', { cwd: host.root, args: ['tap', 'shop/till:*', '--json'] })
  while (!host.host.rooms.supervisor.tap.isOn) await new Promise((resolve) => { setImmediate(resolve) })
  await pay()
  const call = JSON.parse(await tap.said(/\{.*\}\n/)) as unknown
  expect(call).toMatchObject({ event: 'shop/till:beforePay', plugin: 'geo', listener: 'Geo.charge', kind: 'pipe', outcome: 'ok', milliseconds: expect.any(Number) })
  await tap.stop('SIGKILL')
  await until(() => host.host.rooms.supervisor.tap.isOn, (isOn) => !isOn)
})
