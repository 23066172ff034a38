import { expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { RunClaim } from './schedules.js'
import type { Subject } from './subject.contract.js'

/** The contract of schedules: who may run what, and what is remembered of it. */
export function describeSchedules(subject: Subject): void {
  /** A job of its own for a test, known since 100. */
  async function createJob() {
    const { schedules } = subject.store
    const plugin = `p${randomUUID()}`
    const job = `${plugin}/Job.run`
    await schedules.add({ job, plugin, now: 100 })
    const claimOf = (plannedAt: number, given: Partial<RunClaim>): RunClaim => ({ job, plannedAt, owner: 'me', now: plannedAt, until: plannedAt + 50, ...given })
    return {
      schedules, plugin, job,
      claim: (plannedAt: number, given: Partial<RunClaim> = {}) => schedules.claim(claimOf(plannedAt, given)),
      pass: (plannedAt: number, given: Partial<RunClaim> = {}) => schedules.pass(claimOf(plannedAt, given)),
      runs: async () => (await schedules.listRuns({ job })).runs.map(({ plannedAt, status, error, owner }) => ({ plannedAt, status, error, owner })),
    }
  }

  test('a planned time is claimed once, by one of several stores, and never one before', async () => {
    const { another } = subject
    const { schedules, job, claim } = await createJob()
    const other = another()
    await other.start()
    try {
      const claims = await Promise.all([claim(200), other.schedules.claim({ job, plannedAt: 200, owner: 'other', now: 200, until: 250 }), claim(200)])
      expect(claims.filter((n) => n !== undefined)).toHaveLength(1)
    } finally {
      await other.close()
    }
    expect(await claim(150, { now: 1_000 })).toBeUndefined()
    expect(await claim(100, { now: 1_000 })).toBeUndefined()
    expect((await schedules.listRuns({ job })).total).toBe(1)
  })

  test('what is made known again keeps what it has dealt with', async () => {
    const { schedules, plugin, job, claim } = await createJob()
    const n = await claim(200)
    await schedules.end({ n: n!, job, owner: 'me', endedAt: 210 })
    await schedules.add({ job, plugin, now: 900 })
    expect(await schedules.list(900)).toContainEqual({ job, plugin, lastPlannedAt: 200, isRunning: false })
    expect(await claim(300)).toBeDefined()
    expect(await schedules.list(310)).toContainEqual({ job, plugin, lastPlannedAt: 300, isRunning: true })
  })

  test('a run that goes on keeps the next from starting, until its lease ends; then it counts as abandoned', async () => {
    const { schedules, job, claim, pass, runs } = await createJob()
    const first = await claim(200)
    expect([await claim(240), await pass(240)]).toEqual([undefined, false])
    await schedules.prolong('me', 290)
    expect(await claim(280)).toBeUndefined()
    const second = await claim(300, { owner: 'other' })
    expect(second).toBeDefined()
    await schedules.end({ n: first!, job, owner: 'me', endedAt: 305 })
    expect(await claim(310)).toBeUndefined()
    await schedules.end({ n: second!, job, owner: 'other', endedAt: 320, error: 'no' })
    expect(await runs()).toEqual([
      { plannedAt: 300, status: 'failed', error: 'no', owner: 'other' }, { plannedAt: 200, status: 'abandoned', error: null, owner: 'me' },
    ])
  })

  test('a time that is passed over is remembered as missed, and cannot be claimed', async () => {
    const { claim, pass, runs } = await createJob()
    expect([await pass(200), await pass(200), await claim(200)]).toEqual([true, false, undefined])
    expect(await runs()).toEqual([{ plannedAt: 200, status: 'missed', error: null, owner: 'me' }])
  })

  test('so many runs of a job are kept, and shown in pages or by plugin, until the plugin is purged', async () => {
    const { schedules, plugin, job, pass } = await createJob()
    const other = await createJob()
    await other.pass(200)
    for (let n = 0; n < 105; n++) await pass(200 + n)
    const { total, runs } = await schedules.listRuns({ plugin }, { from: 98, size: 5 })
    expect([total, runs.map(({ plannedAt }) => plannedAt)]).toEqual([100, [206, 205]])
    expect(runs[0]).toEqual({ job, plannedAt: 206, startedAt: 206, endedAt: 206, status: 'missed', error: null, owner: 'me' })
    expect(await schedules.purge(plugin)).toBe(1)
    expect((await schedules.listRuns({ job })).total).toBe(0)
    expect((await schedules.listRuns({ plugin: other.plugin })).total).toBe(1)
  })
}
