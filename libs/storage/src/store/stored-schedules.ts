import type { RunClaim, RunStatus, ScheduleJob, ScheduleRun, Schedules } from '../schedules.js'
import type { Engine, Row } from '../engines/engine.js'
import { raw, sql, type Sql } from '../query/sql.js'

/** Runs of one job that the history keeps. */
const MOST_RUNS = 100
const PAGE = 100

/** Jobs and their history, as two tables of their own. */
export class StoredSchedules implements Schedules {
  constructor(private readonly engine: Engine) {}

  async add({ job, plugin, now }: { job: string; plugin: string; now: number }): Promise<void> {
    await this.engine.change(sql`insert into schedules (job, plugin, last_planned) values (${job}, ${plugin}, ${now}) on conflict do nothing`)
  }

  async claim(claim: RunClaim): Promise<number | undefined> {
    const { job, plannedAt, owner, now, until } = claim
    if (!await this.take(claim, sql`, owner = ${owner}, leased_until = ${until}`)) return undefined
    await this.engine.change(sql`update schedule_runs set status = 'abandoned', ended_at = ${now} where job = ${job} and status = 'running'`)
    return this.record({ job, plannedAt, owner, startedAt: now, endedAt: null, status: 'running' })
  }

  async pass(claim: RunClaim): Promise<boolean> {
    if (!await this.take(claim, raw(''))) return false
    const { job, plannedAt, owner, now } = claim
    await this.record({ job, plannedAt, owner, startedAt: now, endedAt: now, status: 'missed' })
    return true
  }

  async prolong(owner: string, until: number): Promise<void> {
    await this.engine.change(sql`update schedules set leased_until = ${until} where owner = ${owner}`)
  }

  async end({ n, job, owner, endedAt, error }: { n: number; job: string; owner: string; endedAt: number; error?: string }): Promise<void> {
    const status: RunStatus = error === undefined ? 'succeeded' : 'failed'
    await this.engine.change(sql`
      update schedule_runs set status = ${status}, error = ${error ?? null}, ended_at = ${endedAt} where n = ${n} and status = 'running'`)
    await this.engine.change(sql`update schedules set owner = null, leased_until = 0 where job = ${job} and owner = ${owner}`)
  }

  async list(now: number): Promise<ScheduleJob[]> {
    const rows = await this.engine.query(raw('select job, plugin, last_planned, leased_until from schedules order by job'))
    return rows.map((row) => ({
      job: String(row.job), plugin: String(row.plugin), lastPlannedAt: Number(row.last_planned), isRunning: Number(row.leased_until) > now,
    }))
  }

  async listRuns({ job, plugin }: { job?: string; plugin?: string } = {}, { from = 0, size = PAGE } = {}): Promise<{ total: number; runs: ScheduleRun[] }> {
    const ofJob = job === undefined ? raw('') : sql` and job = ${job}`
    const ofPlugin = plugin === undefined ? raw('') : sql` and job in (select job from schedules where plugin = ${plugin})`
    const where = sql`1 = 1${ofJob}${ofPlugin}`
    const [counted] = await this.engine.query(sql`select count(*) as total from schedule_runs where ${where}`)
    const rows = await this.engine.query(sql`
      select job, planned, started_at, ended_at, status, error, owner from schedule_runs where ${where}
      order by n desc limit ${size} offset ${from}`)
    return { total: Number(counted?.total), runs: rows.map(readRun) }
  }

  async purge(plugin: string): Promise<number> {
    await this.engine.change(sql`delete from schedule_runs where job in (select job from schedules where plugin = ${plugin})`)
    return (await this.engine.change(sql`delete from schedules where plugin = ${plugin} returning job`)).length
  }

  /** One statement, so that of several hosts one succeeds. */
  private async take({ job, plannedAt, now }: RunClaim, lease: Sql): Promise<boolean> {
    const rows = await this.engine.change(sql`
      update schedules set last_planned = ${plannedAt}${lease}
      where job = ${job} and last_planned < ${plannedAt} and leased_until <= ${now} returning job`)
    return rows.length > 0
  }

  private async record({ job, plannedAt, owner, startedAt, endedAt, status }: Omit<ScheduleRun, 'error'>): Promise<number> {
    const [row] = await this.engine.change(sql`
      insert into schedule_runs (job, planned, owner, started_at, ended_at, status)
      values (${job}, ${plannedAt}, ${owner}, ${startedAt}, ${endedAt}, ${status}) returning n`)
    await this.engine.change(sql`
      delete from schedule_runs where job = ${job} and n <= (
        select n from schedule_runs where job = ${job} order by n desc limit 1 offset ${MOST_RUNS})`)
    return Number(row?.n)
  }
}

const readRun = (row: Row): ScheduleRun => ({
  job: String(row.job),
  plannedAt: Number(row.planned),
  startedAt: Number(row.started_at),
  endedAt: row.ended_at === null ? null : Number(row.ended_at),
  status: row.status as RunStatus,
  error: row.error === null ? null : String(row.error),
  owner: String(row.owner),
})
