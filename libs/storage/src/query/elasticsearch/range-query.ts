import { compareText } from '../compare-text.js'
import { isWithin } from '../condition.js'
import type { Bounds, Condition } from '../condition.js'
import { isDateType, isNumberType } from '../field-types.js'
import { readDateRange } from './date-range.js'
import { ofAnyValue } from './fields.js'
import type { QueryFields } from './fields.js'
import { allowOnly, readField, readObject, refuse } from './query-fault.js'

const BOUNDS = ['gt', 'gte', 'lt', 'lte'] as const

/** `range: { <field>: { gt | gte, lt | lte } }`: dates, numbers or text, by the field's type or else by the bounds'. */
export function readRange(body: unknown, fields: QueryFields): Condition {
  const { field: name, given } = readField(body, 'range')
  const options = readObject(given, `range.${name}`)
  allowOnly(options, [...BOUNDS, 'format', 'relation'], 'range')
  if (options.relation !== undefined && options.relation !== 'INTERSECTS') refuse('"range" supports no other "relation" than "INTERSECTS".')
  const bounds = Object.fromEntries(BOUNDS.filter((bound) => (options[bound] ?? null) !== null).map((bound) => [bound, options[bound]]))
  return rangeOf(name, bounds, fields)
}

/** The field lies within the bounds; no bound at all means that it is present. */
export function rangeOf(name: string, bounds: Bounds<unknown>, fields: QueryFields): Condition {
  const { path, type } = fields.resolve(name)
  const values = Object.values(bounds)
  if (values.length === 0) return { type: 'present', field: path }
  if (isDateType(type) || values.some((value) => typeof value === 'string' && /^now|\|\|/.test(value))) return readDateRange(path, bounds)
  if (isNumberType(type)) return numberRange(path, mapBounds(bounds, (value) => toNumber(path, value)))
  if (values.every((value) => typeof value === 'number')) return numberRange(path, bounds as Bounds<number>)
  return textRange(path, mapBounds(bounds, String))
}

const mapBounds = <T>(bounds: Bounds<unknown>, change: (value: unknown) => T): Bounds<T> =>
  Object.fromEntries(Object.entries(bounds).map(([bound, value]) => [bound, change(value)]))

function toNumber(path: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value)
  return Number.isNaN(number) ? refuse(`"${path}" is a number and cannot be compared with ${JSON.stringify(value)}.`) : number
}

function numberRange(path: string, bounds: Bounds<number>): Condition {
  return ofAnyValue(path, { type: 'range', field: path, ...bounds },
    (value) => typeof value === 'number' && isWithin(bounds, value, (one, other) => one - other))
}

function textRange(path: string, bounds: Bounds<string>): Condition {
  return ofAnyValue(path, { type: 'textRange', field: path, ...bounds }, (value) => typeof value === 'string' && isWithin(bounds, value, compareText))
}
