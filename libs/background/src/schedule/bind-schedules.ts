import { readMarks, type ApiError } from '@mortise/sdk'
import type { PluginDefinition, ScheduleDefinition } from '@app/registry'
import { backgroundErrors } from '../background.errors.js'
import { readTimetable } from './timetable.js'

type Methods = Record<string, (run: unknown) => unknown>

/** The jobs that `@Cron` and `@Every` on instances' classes declare, bound to those instances. */
export function bindSchedules(instances: readonly object[]): ScheduleDefinition[] {
  return instances.flatMap((instance) => (readMarks(instance.constructor)?.schedules ?? []).map(({ method, options: { timeout, breaker, ...options }, ...when }) => ({
    name: `${instance.constructor.name}.${method}`, ...when, ...options, budget: { timeout, breaker }, handler: (run: unknown) => (instance as Methods)[method]!(run),
  })))
}

/** What is wrong with the jobs of a plugin that wants to be registered. */
export function checkSchedules({ name, place, schedules = [] }: PluginDefinition): ApiError[] {
  const seen = new Set<string>()
  return schedules.flatMap((schedule) => {
    const decorator = schedule.cron === undefined ? '@Every' : '@Cron'
    const fault = faultOf(schedule) ?? (seen.has(schedule.name) ? 'the method has another schedule already' : undefined)
    seen.add(schedule.name)
    if (fault === undefined) return []
    return [backgroundErrors.invalid_schedule(name, schedule.name, fault).with({
      place: `${place} → ${decorator} on ${schedule.name}`,
      hint: 'Write five cron fields such as "0 3 * * *", an interval such as "15m", a time zone such as "Europe/Paris", "missed" as "skip" or "once", and one of them a method.',
    })]
  })
}

function faultOf(schedule: ScheduleDefinition): string | undefined {
  const { missed = 'skip' } = schedule
  if (missed !== 'skip' && missed !== 'once') return `"missed" is "${String(missed)}"`
  try {
    return readTimetable(schedule).after(Date.now()) === undefined ? 'it would never run' : undefined
  } catch (error) {
    return (error as Error).message
  }
}
