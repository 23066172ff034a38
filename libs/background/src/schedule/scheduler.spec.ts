import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ScheduledRun } from '@mortise/sdk'
import { RegistrationError, Registry, type ScheduleDefinition } from '@app/registry'
import { openDocumentStore, type DocumentStore } from '@app/storage'
import { reportCalls, Supervisor } from '@app/supervision'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { ManualClock } from '../../../../test/support/manual-clock.js'
import { RecordingLogger } from '../../../../test/support/recording-logger.js'
import { until } from '../../../../test/support/until.js'
import { checkSchedules } from './bind-schedules.js'
import { Scheduler } from './scheduler.js'

const MINUTE = 60_000
/** A full hour. */
const START = 1_800_000 * 1_000_000

let folder: string
let store: DocumentStore
let clock: ManualClock
let schedulers: Scheduler[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-schedule-'))
  store = openDocumentStore({ path: join(folder, 'store.db') })
  await store.start()
  clock = new ManualClock(START + 1)
  schedulers = []
})
afterEach(async () => {
  for (const scheduler of schedulers) await stop(scheduler)
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A run that never ends is given up by the clock, which stands still by itself. */
async function stop(scheduler: Scheduler): Promise<void> {
  const closed = scheduler.close(1_000)
  const impatience = setTimeout(() => clock.advance(1_000), 100)
  await closed
  clearTimeout(impatience)
}

/** A host with one plugin that has these jobs. */
function startHost(owner: string, ...schedules: ScheduleDefinition[]) {
  const registry = new Registry()
  const logger = new RecordingLogger()
  registry.addCheck(checkSchedules)
  const plug = (): (() => void) => registry.register(definePlugin({ name: 'keeper', schedules }))
  const unplug = plug()
  const supervisor = new Supervisor({ logger, clock: () => clock.now() })
  const scheduler = new Scheduler({ schedules: store.schedules, registry, clock, logger, owner, supervisor })
  scheduler.start()
  schedulers.push(scheduler)
  return { registry, logger, scheduler, supervisor, plug, unplug }
}

function createJob(given: Partial<ScheduleDefinition>, act: (run: ScheduledRun) => unknown = () => undefined) {
  const runs: ScheduledRun[] = []
  const handler = (run: unknown): unknown => {
    runs.push(run as ScheduledRun)
    return act(run as ScheduledRun)
  }
  return { runs, definition: { name: 'Keeper.run', handler, ...given } }
}

const history = async (): Promise<string[]> => (await store.schedules.listRuns()).runs.map(({ plannedAt, status, error }) => [(plannedAt - START) / MINUTE, status, error?.split('\n')[0]].join(' ').trim())

/** Waits until the history holds so many runs that have ended. */
async function ended(count: number): Promise<string[]> {
  let seen: string[] = []
  await until(() => { void history().then((runs) => { seen = runs }); return seen }, (runs) => runs.filter((run) => !run.includes('running')).length >= count)
  return seen
}

/** Lets the clock go on, once the hosts have looked and wait for it. */
async function pass(milliseconds: number): Promise<void> {
  await until(() => clock.waiting, (waiting) => waiting >= schedulers.length * 2)
  clock.advance(milliseconds)
}

describe('a job', () => {
  test.each<[string, Partial<ScheduleDefinition>]>([['@Cron', { cron: '* * * * *' }], ['@Every', { every: '1m' }], ['@Every in milliseconds', { every: MINUTE }]])('of %s runs at its times, which are kept in the history', async (_, when) => {
    const { runs, definition } = createJob(when)
    startHost('one', definition)
    await pass(MINUTE - 2)
    expect(runs).toEqual([])
    clock.advance(1)
    await ended(1)
    await pass(MINUTE)
    expect(await ended(2)).toEqual(['2 succeeded', '1 succeeded'])
    expect(runs).toEqual([1, 2].map((n) => ({ job: 'keeper/Keeper.run', plannedAt: START + n * MINUTE, isLate: false })))
  })

  test('runs in its time zone', async () => {
    const { runs, definition } = createJob({ cron: '30 3 * * *', timezone: 'Asia/Kathmandu', missed: 'once' })
    startHost('one', definition)
    await pass(24 * 60 * MINUTE)
    await until(() => runs, ({ length }) => length === 1)
    expect(new Date(runs[0]!.plannedAt).toISOString()).toMatch(/T21:45:00.000Z$/)
  })

  test('that throws is logged under its plugin, and runs again at the next time', async () => {
    const { definition } = createJob({ every: '1m' }, () => { throw new Error('broken') })
    const { logger } = startHost('one', definition)
    await pass(MINUTE)
    await ended(1)
    await pass(MINUTE)
    expect(await ended(2)).toEqual([1, 2].map(() => expect.stringMatching(/failed Caught an unexpected plugin error: broken/)))
    await until(() => logger.textsOf('error'), (texts) => texts.some((text) => text.includes('It comes from plugin "keeper", scheduled method Keeper.run.')))
  })

  test('that has not ended does not run a second time, and then only if missed times are to be made up for', async () => {
    for (const missed of ['skip', 'once'] as const) {
      let end = (): void => undefined
      const { runs, definition } = createJob({ name: `Keeper.${missed}`, every: '1m', missed }, () => new Promise<void>((resolve) => { end = resolve }))
      const { scheduler } = startHost('one', definition)
      await pass(MINUTE)
      await until(() => runs, ({ length }) => length === 1)
      for (let n = 0; n < 4; n++) await pass(MINUTE / 3)
      expect(runs).toHaveLength(1)
      end()
      const due = missed === 'once' ? 2 : 1
      await until(() => runs, ({ length }) => length === due)
      expect(runs.at(-1)!.isLate).toBe(missed === 'once')
      end()
      await ended(missed === 'once' ? 4 : 2)
      await stop(scheduler)
      schedulers = []
    }
    expect((await history()).filter((run) => run.includes('missed'))).toHaveLength(1)
  })
})

describe('times at which no host was there', () => {
  test.each<['skip' | 'once', string[]]>([['skip', ['10 missed', '1 succeeded']], ['once', ['10 succeeded', '1 succeeded']]])('are dealt with as "%s" says', async (missed, expected) => {
    const { definition } = createJob({ every: '1m', missed })
    const first = startHost('first', definition)
    await pass(MINUTE)
    await ended(1)
    await stop(first.scheduler)
    schedulers = []
    clock.advance(9 * MINUTE + 30_000)
    startHost('second', definition)
    expect(await ended(2)).toEqual(expected)
  })

  test('before a job is first known are none of its', async () => {
    const { runs, definition } = createJob({ cron: '0 * * * *', missed: 'once' })
    clock.advance(30 * MINUTE)
    startHost('one', definition)
    await pass(1)
    expect([runs, await history()]).toEqual([[], []])
  })
})

test('of several hosts one runs each time, and another takes over when it is gone', async () => {
  const jobs = ['one', 'other'].map(() => createJob({ every: '1m' }))
  const [one] = jobs.map(({ definition }, n) => startHost(`host${n}`, definition))
  for (let n = 1; n <= 5; n++) {
    await pass(MINUTE)
    await ended(n)
  }
  expect(jobs.flatMap(({ runs }) => runs.map(({ plannedAt }) => plannedAt)).sort()).toEqual([1, 2, 3, 4, 5].map((n) => START + n * MINUTE))
  await stop(one!.scheduler)
  schedulers.shift()
  const before = jobs[1]!.runs.length
  await pass(MINUTE)
  await ended(6)
  expect(jobs[1]!.runs.length).toBe(before + 1)
})

describe('the budget of a job', () => {
  test('limits its time: a run that takes longer has failed', async () => {
    const { definition } = createJob({ every: '1m', budget: { timeout: 20 } }, () => new Promise(() => undefined))
    startHost('one', definition)
    await pass(MINUTE)
    expect(await ended(1)).toEqual([expect.stringMatching(/failed Plugin "keeper" has not answered scheduled method Keeper.run within 20 ms/)])
  })

  test('is that of its plugin where it says nothing itself, and its calls are counted', async () => {
    const { definition } = createJob({ every: '1m' })
    const { supervisor } = startHost('one', definition)
    const tapped: string[] = []
    supervisor.tap.watch('scheduled:*', ({ event, kind, outcome }) => tapped.push(`${kind} ${event} ${outcome}`))
    await pass(MINUTE)
    await ended(1)
    expect(tapped).toEqual(['run scheduled:Keeper.run ok'])
    expect(reportCalls(supervisor)).toMatchObject([{ plugin: 'keeper', listeners: [{ kind: 'run', event: 'scheduled:Keeper.run', calls: 1 }] }])
  })

  test('has a breaker: while it is open, times are missed, and then made up for', async () => {
    let isWell = false
    const { runs, definition } = createJob({ every: '1m', missed: 'once', budget: { breaker: { failures: 2, probeAfter: 2.5 * MINUTE } } }, () => { if (!isWell) throw new Error('broken') })
    startHost('one', definition)
    for (let n = 1; n <= 2; n++) {
      await pass(MINUTE)
      await ended(n)
    }
    isWell = true
    for (let n = 0; n < 2; n++) await pass(MINUTE)
    expect(runs).toHaveLength(2)
    for (let n = 0; runs.length < 3 && n < 20; n++) await pass(5_000)
    expect(runs.at(-1)).toMatchObject({ isLate: true, plannedAt: START + 4 * MINUTE })
    expect(await ended(3)).toEqual(['4 succeeded', expect.stringMatching(/^2 failed/), expect.stringMatching(/^1 failed/)])
  })
})

test('a plugin in quarantine runs nothing, and another host runs it instead', async () => {
  const jobs = [createJob({ every: '1m' }), createJob({ every: '1m' })]
  const [held] = jobs.map(({ definition }, n) => startHost(`host${n}`, definition))
  held!.supervisor.quarantine('keeper', 'somebody said so')
  for (let n = 1; n <= 3; n++) {
    await pass(MINUTE)
    await ended(n)
  }
  expect(jobs.map(({ runs }) => runs.length)).toEqual([0, 3])
  expect((await history()).every((run) => run.endsWith('succeeded'))).toBe(true)
})

test('jobs come and go with their plugin', async () => {
  const { runs, definition } = createJob({ every: '1m' })
  const { unplug, plug } = startHost('one', definition)
  await pass(MINUTE)
  await ended(1)
  unplug()
  clock.advance(5.5 * MINUTE)
  expect(runs).toHaveLength(1)
  plug()
  await ended(2)
  await pass(MINUTE / 2)
  expect(await ended(3)).toEqual(['7 succeeded', '6 missed', '1 succeeded'])
  expect(runs).toHaveLength(2)
})

test.each<[string, Partial<ScheduleDefinition>, RegExp]>([
  ['an expression that cannot be read', { cron: 'every day' }, /CronPattern/],
  ['an expression that names no time', { cron: '0 0 30 2 *' }, /never run/],
  ['an unknown time zone', { cron: '* * * * *', timezone: 'Mars/Base' }, /Mars/],
  ['an interval that cannot be read', { every: 'often' }, /"often" is no interval/],
  ['an interval that is too short', { every: 10 }, /shorter than a second/],
  ['an unknown policy', { every: '1m', missed: 'twice' as 'once' }, /"missed" is "twice"/],
])('%s is refused with place and remedy', (_, given, fault) => {
  const registry = new Registry()
  registry.addCheck(checkSchedules)
  const register = (): unknown => registry.register(definePlugin({ name: 'keeper', schedules: [createJob(given).definition] }))
  expect(register).toThrow(RegistrationError)
  expect(register).toThrow(fault)
  expect(checkSchedules(definePlugin({ name: 'keeper', schedules: [createJob(given).definition] }))).toMatchObject([
    { place: expect.stringMatching(/^plugins\/enabled\/keeper → @(Cron|Every) on Keeper\.run$/), hint: expect.stringMatching(/"0 3 \* \* \*"|"15m"/) },
  ])
})

test('two schedules on one method are refused', () => {
  const { definition } = createJob({ every: '1m' })
  expect(checkSchedules(definePlugin({ name: 'keeper', schedules: [definition, { ...definition }] }))).toHaveLength(1)
})
