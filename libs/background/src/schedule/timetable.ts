import type { ScheduleDefinition } from '@app/registry'
import { Cron } from 'croner'
import ms, { type StringValue } from 'ms'

/** The times at which a job is to run, the same on every host. Times in milliseconds since 1970. */
export interface Timetable {
  /** The latest that is not after `now`; `undefined` when there has been none. */
  before(now: number): number | undefined
  /** The first after `now`; `undefined` when none is left. */
  after(now: number): number | undefined
}

const SHORTEST = 1_000

/** Reads when a job is to run. @throws an error whose message says what is wrong with it */
export function readTimetable({ cron, every, timezone = 'UTC' }: ScheduleDefinition): Timetable {
  return cron === undefined ? readInterval(every) : readCron(cron, timezone)
}

function readInterval(every: number | string | undefined): Timetable {
  const interval = typeof every === 'string' ? ms(every as StringValue) : every
  if (typeof interval !== 'number' || !Number.isSafeInteger(interval)) throw new Error(`"${String(every)}" is no interval such as 60000 or "15m"`)
  if (interval < SHORTEST) throw new Error(`"${String(every)}" is shorter than a second`)
  const before = (now: number): number => now - now % interval
  return { before, after: (now) => before(now) + interval }
}

function readCron(expression: string, timezone: string): Timetable {
  const cron = new Cron(expression, { timezone, paused: true })
  // The times of an expression are whole seconds, and the library wants what lies strictly on one side.
  return {
    before: (now) => cron.previousRuns(1, new Date(now + 1_000 - now % 1_000))[0]?.getTime(),
    after: (now) => cron.nextRun(new Date(now))?.getTime(),
  }
}
