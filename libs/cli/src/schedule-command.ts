import { Command } from 'commander'
import type { ScheduleJob, ScheduleRun } from '@app/storage'
import type { EventsCommandParts } from './events-command.js'
import { renderColumns } from './render-columns.js'

interface Options { plugin?: string; job?: string; json?: boolean }

const MOST_SHOWN = 1000

/** `mortise schedule list | runs`: the jobs that plugins have scheduled, and how they went. */
export function scheduleCommand({ openStore, print }: EventsCommandParts): Command {
  const schedule = new Command('schedule').description('scheduled jobs of plugins, and how they went')
  schedule.command('list')
    .description('show every job and the latest time that was dealt with')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const store = await openStore()
      const jobs = await store.schedules.list(Date.now()).finally(() => store.close())
      print(json ? JSON.stringify(jobs, null, 2) : renderJobs(jobs))
    })
  schedule.command('runs')
    .description('show the latest runs')
    .option('--job <name>', 'of one job only')
    .option('--plugin <name>', 'of one plugin only')
    .option('--json', 'print JSON')
    .action(async ({ job, plugin, json }: Options) => {
      const store = await openStore()
      const { runs } = await store.schedules.listRuns({ job, plugin }, { size: MOST_SHOWN }).finally(() => store.close())
      print(json ? JSON.stringify(runs, null, 2) : renderRuns(runs))
    })
  return schedule
}

const renderJobs = (jobs: readonly ScheduleJob[]): string =>
  (jobs.length === 0 ? 'Nothing is scheduled.' : renderColumns(jobs.map(({ job, lastPlannedAt, isRunning }) => [job, textOf(lastPlannedAt), isRunning ? 'running' : 'idle'])))

const renderRuns = (runs: readonly ScheduleRun[]): string => (runs.length === 0 ? 'Nothing has run yet.' : renderColumns(runs.map((run) =>
  [textOf(run.plannedAt), run.job, run.status, run.endedAt === null ? '-' : `${run.endedAt - run.startedAt} ms`, run.owner, (run.error ?? '').split('\n')[0]!])))

const textOf = (time: number): string => new Date(time).toISOString()
