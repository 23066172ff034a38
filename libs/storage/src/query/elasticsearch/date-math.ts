import { parseDate } from '../parse-date.js'

const STEP = /([+-]\d+|\/)([yMwdhHms])/g
const MATH = /^(?:[+-]\d+[yMwdhHms]|\/[yMwdhHms])*$/

const FIXED: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, H: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/**
 * Reads a date of a query: milliseconds, an ISO date, or date math upon `now` or upon a date that ends in `||`, such as `now-7d/d` or
 * `2024-01-31||+1M`. Days, weeks and months are those of UTC.
 *
 * @param roundUp - A rounding (`/d`), and what an ISO date leaves out, gives the last millisecond instead of the first, as for `gt` and `lte`.
 * @returns Milliseconds since 1970, or `undefined` for anything else.
 */
export function readDateMath(value: unknown, roundUp = false): number | undefined {
  if (typeof value !== 'string') return parseDate(value)
  const [anchor, math] = value.startsWith('now') ? [Date.now(), value.slice(3)] : splitAnchor(value)
  if (anchor === undefined || !MATH.test(math)) return undefined
  const date = roundUp && math === '' ? round(new Date(anchor), precisionOf(value), true) : new Date(anchor)
  return calculate(date, math, roundUp).getTime()
}

function calculate(date: Date, math: string, roundUp: boolean): Date {
  return [...math.matchAll(STEP)].reduce((reached, [, amount = '', unit = '']) =>
    (amount === '/' ? round(reached, unit, roundUp) : add(reached, unit, Number(amount))), date)
}

function splitAnchor(value: string): [number | undefined, string] {
  const at = value.indexOf('||')
  return at === -1 ? [parseDate(value), ''] : [parseDate(value.slice(0, at)), value.slice(at + 2)]
}

/** The smallest unit that an ISO date names; `now` and full dates name the millisecond. */
function precisionOf(value: string): string {
  const units: [RegExp, string][] = [
    [/^\d{4}$/, 'y'], [/^\d{4}-\d{2}$/, 'M'], [/^\d{4}-\d{2}-\d{2}$/, 'd'], [/[T ]\d{2}(Z|[+-][\d:]+)?$/, 'h'],
    [/[T ]\d{2}:\d{2}(Z|[+-][\d:]+)?$/, 'm'], [/[T ]\d{2}:\d{2}:\d{2}(Z|[+-][\d:]+)?$/, 's'],
  ]
  return units.find(([form]) => form.test(value))?.[1] ?? 'ms'
}

function add(date: Date, unit: string, amount: number): Date {
  const length = FIXED[unit]
  if (length !== undefined) return new Date(date.getTime() + amount * length)
  const months = date.getUTCMonth() + (unit === 'y' ? 12 : 1) * amount
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const moved = new Date(date)
  moved.setUTCMonth(months, Math.min(date.getUTCDate(), lastDay))
  return moved
}

function round(date: Date, unit: string, up: boolean): Date {
  const start = startOf(date, unit)
  return up ? new Date(add(start, unit, 1).getTime() - 1) : start
}

/** The first moment of the unit that a date lies in; weeks begin on Monday. */
export function startOf(date: Date, unit: string): Date {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (unit === 'y') return new Date(Date.UTC(year, 0, 1))
  if (unit === 'M') return new Date(Date.UTC(year, month, 1))
  if (unit === 'w') return new Date(Date.UTC(year, month, date.getUTCDate() - ((date.getUTCDay() + 6) % 7)))
  const length = FIXED[unit]!
  return new Date(Math.floor(date.getTime() / length) * length)
}
