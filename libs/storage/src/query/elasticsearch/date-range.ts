import { readField } from '../../filter/read-field.js'
import { isWithin } from '../condition.js'
import type { Bounds, Condition } from '../condition.js'
import { parseDate } from '../parse-date.js'
import { readDateMath } from './date-math.js'
import { ofAnyValue } from './fields.js'
import { refuse } from './query-fault.js'

const SLACK = 2 * 86_400_000
const FIRST = -62_135_596_800_000
const LAST = 253_402_300_799_999

/** A date within bounds, in milliseconds. Documents hold dates as numbers or as ISO text. */
function dateRange(path: string, bounds: Bounds<number>): Condition {
  const isFit = (value: unknown): boolean => {
    const time = parseDate(value)
    return time !== undefined && isWithin(bounds, time, (one, other) => one - other)
  }
  const isInstant: Condition = { type: 'kind', field: path, kind: 'instant' }
  const isLoose: Condition = { type: 'kind', field: path, kind: 'looseText' }
  const inner = textDates(path, bounds, -SLACK)
  const edges: Condition = { type: 'all', of: [isLoose, textDates(path, bounds, SLACK), { type: 'not', of: inner }] }
  const plain: Condition[] = [
    { type: 'range', field: path, ...bounds },
    { type: 'all', of: [isInstant, textInstants(path, bounds)] },
    { type: 'all', of: [isLoose, inner] },
    { type: 'judged', onlyIf: edges, holds: (document) => isFit(readField(document, path)) },
  ]
  return ofAnyValue(path, { type: 'any', of: plain }, isFit)
}

/**
 * ISO dates are ordered as text, but for their zones, which move them by less than a day: text two days inside the bounds is within, text
 * two days outside is not, and only what lies between has to be read, if it is no instant. (Milliseconds written as text are taken for years.)
 */
function textDates(field: string, { gt, gte, lt, lte }: Bounds<number>, slack: number): Condition {
  const [from, to] = [Math.max(gt ?? gte ?? FIRST, FIRST), Math.min(lt ?? lte ?? LAST, LAST)]
  const text = (time: number): string => new Date(Math.min(Math.max(time, FIRST), LAST)).toISOString().slice(0, 10)
  return { type: 'textRange', field, gte: text(from - slack), lt: text(to + slack) }
}

/** Instants are ordered as text; bounds beyond the years 1 to 9999 are beyond all of them. */
function textInstants(field: string, bounds: Bounds<number>): Condition {
  const texts = Object.entries(bounds).map(([bound, time]) => [bound, new Date(Math.min(Math.max(time as number, FIRST), LAST)).toISOString()])
  return { type: 'textRange', field, ...Object.fromEntries(texts) }
}

/** A date, or with fewer digits a whole day, month or year. */
export function dateEquals(path: string, value: unknown): Condition {
  return readDateRange(path, { gte: value, lte: value })
}

/** Bounds in any notation of {@link readDateMath}. @throws when one cannot be read */
export function readDateRange(path: string, bounds: Bounds<unknown>): Condition {
  return dateRange(path, Object.fromEntries(Object.entries(bounds).map(([bound, value]) => {
    const time = readDateMath(value, bound === 'gt' || bound === 'lte')
    return [bound, time ?? refuse(`"${path}" is a date and cannot be compared with ${JSON.stringify(value)}.`)]
  })))
}
