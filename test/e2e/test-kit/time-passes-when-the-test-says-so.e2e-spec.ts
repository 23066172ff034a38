import { afterEach, describe, expect, test } from '@jest/globals'
import { Controller, Cron, Every, Get, Pipe, Plugin, type Request, type ScheduledRun } from '@mortise/sdk'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'

const START = '2026-03-01T02:00:00.000Z'
const runs: string[] = []
const note = ({ job, plannedAt }: ScheduledRun): void => void runs.push(`${job} ${new Date(plannedAt).toISOString()}`)

@Controller('odds')
class OddsController {
  isBroken = true

  @Get()
  ask() {
    if (this.isBroken) throw new Error('the machine is broken')
    return 'even'
  }

  @Get('/waited')
  wait() {
    return new Promise(() => undefined)
  }

  @Get('/mended')
  mend() {
    this.isBroken = false
    return 'mended'
  }
}

@Plugin({ name: 'timed', controllers: [OddsController] })
class Timed {
  @Every('10m')
  tick(run: ScheduledRun) { note(run) }

  @Cron('0 3 * * *')
  report(run: ScheduledRun) { note(run) }

  @Pipe('server:beforeNow')
  pass(request: Request) { return request }

  @Pipe('server:beforeInfo')
  hang() { return new Promise<Request>(() => undefined) }
}

let host: TestHost
afterEach(() => host.close())

async function start(options: { config?: Record<string, Record<string, unknown>>; clock?: string } = { clock: START }): Promise<void> {
  runs.length = 0
  host = await createTestHost({ plugins: [Timed], ...options })
}

describe('a clock that stands still', () => {
  test('stands until it is moved, and then runs each scheduled method at its times', async () => {
    await start()
    expect(new Date(host.clock.now()).toISOString()).toBe(START)
    runs.length = 0
    await host.clock.advance('30m')
    expect(runs).toEqual(['02:10', '02:20', '02:30'].map((time) => `timed/Timed.tick 2026-03-01T${time}:00.000Z`))
    await host.clock.advance('1h')
    expect(runs.filter((run) => run.startsWith('timed/Timed.report'))).toEqual(['timed/Timed.report 2026-03-01T03:00:00.000Z'])
    expect(runs).toHaveLength(3 + 6 + 1)
  }, 180_000)

  test('ends tokens', async () => {
    await start()
    await host.call({ controller: 'security', action: 'createUser', _id: 'ann', body: { content: { profileIds: ['admin'] } } })
    const { _source } = await host.call<{ _source: { token: string } }>({ controller: 'security', action: 'createApiKey', userId: 'ann', expiresIn: '1h', body: { description: 'for an hour' } })
    const whoAmI = { controller: 'auth', action: 'getCurrentUser', jwt: _source.token }
    await host.clock.advance('59m')
    expect(await host.call(whoAmI)).toMatchObject({ _id: 'ann' })
    await host.clock.advance('1m')
    await expect(host.call(whoAmI)).rejects.toMatchObject({ id: 'security.token.invalid', status: 401 })
  })

  test('lets a breaker probe', async () => {
    await start({ clock: START, config: { timed: { budget: { breaker: { failures: 2, probeAfter: 30_000 } } } } })
    const ask = () => host.send({ controller: 'timed/odds', action: 'ask' })
    for (let failure = 0; failure < 2; failure++) expect((await ask()).error).toMatchObject({ status: 500 })
    expect((await ask()).error).toMatchObject({ id: 'plugin.runtime.breaker_open', status: 503 })
    await host.clock.advance('30s')
    await host.call({ controller: 'timed/odds', action: 'mend' })
    expect(await ask()).toMatchObject({ error: null, result: 'even' })
  })

  test('ends the time that listeners have to answer in, and no sooner', async () => {
    await start({ clock: START })
    const info = host.send({ controller: 'server', action: 'info' })
    await host.clock.advance(4_999)
    expect(await Promise.race([info, 'under way'])).toBe('under way')
    await host.clock.advance(1)
    expect((await info).error).toMatchObject({ id: 'plugin.runtime.pipe_timeout', status: 504 })
  })

  test('ends the time that a plugin\'s actions have to answer in', async () => {
    await start({ clock: START, config: { timed: { budget: { timeout: 60_000 } } } })
    const asked = host.send({ controller: 'timed/odds', action: 'wait' })
    await host.clock.advance('1m')
    expect((await asked).error).toMatchObject({ id: 'plugin.runtime.call_timeout', status: 504 })
  })

  test('lets values of the memory storage expire', async () => {
    await start()
    await host.call({ controller: 'ms', action: 'set', _id: 'lamp', body: { value: 'on', ex: 60 } })
    await host.clock.advance('59s')
    expect(await host.call({ controller: 'ms', action: 'get', _id: 'lamp' })).toBe('on')
    await host.clock.advance('1s')
    expect(await host.call({ controller: 'ms', action: 'get', _id: 'lamp' })).toBeNull()
  })

  test('does not go back, and is told a time that it understands', async () => {
    await start()
    for (const time of [-1, 'soon', '', Number.NaN]) await expect(host.clock.advance(time)).rejects.toMatchObject({ id: 'plugin.testing.invalid_time' })
    await expect(createTestHost({ plugins: [], clock: 'tomorrow' })).rejects.toMatchObject({ id: 'plugin.testing.invalid_option', message: expect.stringContaining('"tomorrow"') })
  })
})

test('the machine\'s clock is not moved', async () => {
  await start({})
  await expect(host.clock.advance('1h')).rejects.toMatchObject({ id: 'plugin.testing.clock_runs', hint: expect.stringContaining('clock') })
})
