import { assertMethod, type DecoratedMethod } from './assert-decorated.js'
import { marksOf } from './marks.js'
import type { CronOptions, ScheduleOptions } from './options.js'

/** What a scheduled method gets. Times in milliseconds since 1970. */
export interface ScheduledRun {
  /** `<plugin>/<Class>.<method>`. */
  readonly job: string
  /** The time it was to run at. With the job, it tells one run from another. */
  readonly plannedAt: number
  /** Whether that time was missed, and the run makes up for it. */
  readonly isLate: boolean
}

type ScheduledMethod = <T extends (run: ScheduledRun) => unknown>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>) => void

/**
 * Runs the method at the times of a cron expression, once for all hosts on one
 * store. It is awaited; a run that has not ended keeps the next from starting.
 * What it throws is logged under the plugin's name and kept in the history.
 *
 * @param expression - Five fields (minute, hour, day of the month, month, weekday) or six with seconds first, in UTC or `timezone`.
 * @throws TypeError when it decorates anything but a method.
 *
 * @example
 * @Cron('0 3 * * *', { missed: 'once' })
 * async cleanUp({ plannedAt }: ScheduledRun) { await this.orders.removeBefore(plannedAt - YEAR) }
 */
export function Cron(expression: string, options: CronOptions = {}): ScheduledMethod {
  return (target, key, descriptor) => mark(`@Cron('${expression}')`, { target, key, descriptor }, { cron: expression, options })
}

/**
 * Runs the method every so often, as {@link Cron} does; the times are counted
 * from 1970, so all hosts agree on them.
 *
 * @param interval - Milliseconds, or a text such as `15m`; a second at least.
 * @throws TypeError when it decorates anything but a method.
 */
export function Every(interval: number | string, options: ScheduleOptions = {}): ScheduledMethod {
  return (target, key, descriptor) => mark(`@Every('${interval}')`, { target, key, descriptor }, { every: interval, options })
}

type When = { cron: string; options: CronOptions } | { every: number | string; options: ScheduleOptions }

function mark(decorator: string, decorated: DecoratedMethod, when: When): void {
  assertMethod(decorator, decorated)
  const { target, key } = decorated
  const marks = marksOf(target.constructor)
  marks.schedules = [...marks.schedules ?? [], { method: key, ...when }]
}
