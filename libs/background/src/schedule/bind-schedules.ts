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

const TWICE = 'the method has another schedule already'
const HINTS = {
  '@Cron': 'Write five cron fields such as "0 3 * * *", a time zone such as "Europe/Paris", and "missed" as "skip" or "once".',
  '@Every': 'Write milliseconds, or an interval such as "15m", and "missed" as "skip" or "once".',
}

/** What is wrong with the jobs of a plugin that wants to be registered. */
export function checkSchedules({ name, place, schedules = [] }: PluginDefinition): ApiError[] {
  const seen = new Set<string>()
  return schedules.flatMap((schedule) => {
    const decorator = schedule.cron === undefined ? '@Every' : '@Cron'
    const fault = faultOf(schedule) ?? (seen.has(schedule.name) ? TWICE : undefined)
    seen.add(schedule.name)
    if (fault === undefined) return []
    const hint = fault === TWICE ? 'Give each schedule a method of its own.' : HINTS[decorator]
    return [backgroundErrors.invalid_schedule(name, schedule.name, fault.replace(/\.+$/, '')).with({ place: `${place} → ${decorator} on ${schedule.name}`, hint })]
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
