import { startOf } from '../elasticsearch/date-math.js'
import { readText, refuse } from '../elasticsearch/query-fault.js'

/** How dates are put into buckets: first by `base` milliseconds, which SQL can do, then by the start of the unit they lie in. */
export interface Interval {
  base: number
  /** The start of the bucket that a time lies in. */
  floor: (time: number) => number
  /** The start of the bucket after the one that starts then. */
  next: (start: number) => number
}

const FIXED: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DAY = 86_400_000
/** A thousand years. */
const LONGEST = 365_250 * DAY
const CALENDAR = new Map<string, string>([
  ['second', '1s'], ['1s', '1s'], ['minute', '1m'], ['1m', '1m'], ['hour', '1h'], ['1h', '1h'], ['day', '1d'], ['1d', '1d'],
  ['week', 'w'], ['1w', 'w'], ['month', 'M'], ['1M', 'M'], ['quarter', 'q'], ['1q', 'q'], ['year', 'y'], ['1y', 'y'],
])

/** Reads `fixed_interval`, `calendar_interval`, or the older `interval`, which may be either. Buckets are those of UTC. */
export function readInterval({ interval, fixed_interval: fixed, calendar_interval: calendar }: Record<string, unknown>): Interval {
  if ([interval, fixed, calendar].filter((each) => each !== undefined).length > 1) refuse('"date_histogram" has one interval: "fixed_interval" or "calendar_interval".')
  const given = readText(calendar ?? fixed ?? interval, 'date_histogram.interval')
  const unit = fixed === undefined ? CALENDAR.get(given) : undefined
  if (unit !== undefined && unit.length === 1) return calendarInterval(unit)
  if (calendar !== undefined && unit === undefined) return refuse(`The calendar interval "${given}" is not supported.`)
  return fixedInterval(unit ?? given)
}

function fixedInterval(given: string): Interval {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(given) ?? []
  const length = Number(amount) * (FIXED[unit ?? ''] ?? 0)
  return length >= 1 && length <= LONGEST ? { base: length, floor: (time) => time, next: (start) => start + length } : refuse(`The interval "${given}" is not supported.`)
}

function calendarInterval(unit: string): Interval {
  const floor = (time: number): number => {
    if (unit !== 'q') return startOf(new Date(time), unit).getTime()
    const date = new Date(time)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - (date.getUTCMonth() % 3), 1)
  }
  const longest = { w: 8, M: 32, q: 93, y: 367 }[unit]!
  return { base: DAY, floor, next: (start) => floor(start + (unit === 'w' ? 7 : longest) * DAY) }
}
