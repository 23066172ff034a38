import type { Scalar } from '../filter/filter.js'
import { isScalar, readField } from '../filter/read-field.js'
import type { StoredRow } from '../engines/engine.js'
import type { Dialect, Direction } from './dialect.js'
import type { QueryFields } from './elasticsearch/fields.js'
import { isObject, refuse } from './elasticsearch/query-fault.js'
import { fieldPath } from './field-path.js'
import { canBeStored } from '../store/names.js'
import { join, raw, sql } from './sql.js'
import type { Sql } from './sql.js'

/** One thing to order hits by. `read` gives a hit's value for it, which `isAfter` and `isLevel` take back. */
export interface SortKey {
  orderBy: Sql
  /** Whether it is a column of numbers. */
  isNumber?: boolean
  isAfter: (value: Scalar) => Sql
  isLevel: (value: Scalar) => Sql
  read: (row: StoredRow) => Scalar
}

const TYPES = { n: 'number', id: 'string', place: 'number' } as const

function column(name: keyof typeof TYPES, direction: Direction, read: SortKey['read']): SortKey {
  const check = (value: Scalar): Scalar =>
    (typeof value === TYPES[name] && (typeof value !== 'string' || canBeStored(value)) ? value : refuse(`"search_after" needs a ${TYPES[name]} where hits are ordered by "${name === 'id' ? '_id' : '_doc'}".`))
  return {
    orderBy: raw(`${name} ${direction}`),
    isNumber: TYPES[name] === 'number',
    isAfter: (value) => sql`${raw(name)} ${raw(direction === 'asc' ? '>' : '<')} ${check(value)}`,
    isLevel: (value) => sql`${raw(name)} = ${check(value)}`,
    read,
  }
}

/** What orders hits that are level in all else: the order of creation. */
export const creation = (direction: Direction = 'asc'): SortKey => column('n', direction, ({ n }) => n)

/** A key to order by what has been found, and not to find it by. Behind a sign, no engine knows a column again. */
export const withoutIndex = (key: SortKey): SortKey => (key.isNumber ? { ...key, orderBy: sql`+${key.orderBy}` } : key)

/** Which of several places a hit comes from. */
export const placeKey = column('place', 'asc', (row) => (row as StoredRow & { place: number }).place)

/**
 * Reads `"field"`, `{ field: "asc" | "desc" }`, `{ field: { order, missing: "_last" } }`, alone or in a list; `_id`, `_doc` and `_score`
 * are fields like others, but all scores are equal. What is missing comes last.
 */
export function readSort(sort: unknown, fields: QueryFields, dialect: Dialect): SortKey[] {
  return [sort ?? []].flat().flatMap((entry) => {
    if (typeof entry === 'string') return readKey(entry, { order: entry === '_score' ? 'desc' : 'asc' }, { fields, dialect })
    if (!isObject(entry)) return refuse('"sort" must name fields.')
    return Object.entries(entry).flatMap(([name, options]) => readKey(name, isObject(options) ? options : { order: options }, { fields, dialect }))
  })
}

const OPTIONS = ['unmapped_type']

function readKey(name: string, options: Record<string, unknown>, { fields, dialect }: { fields: QueryFields; dialect: Dialect }): SortKey[] {
  const direction = readDirection(name, options)
  if (name === '_score') return []
  if (name === '_id') return [column('id', direction, ({ id }) => id)]
  if (name === '_doc') return [creation(direction)]
  const { path } = fields.resolve(name)
  const steps = fieldPath(path) ?? refuse(`"sort" cannot order by the field "${name}".`)
  return [{
    orderBy: dialect.orderBy(steps, direction),
    isAfter: (value) => dialect.isAfter(steps, value, direction),
    isLevel: (value) => dialect.isLevel(steps, value),
    read: ({ source }) => toScalar(readField(source, path)),
  }]
}

function readDirection(name: string, { order = 'asc', missing = '_last', ...options }: Record<string, unknown>): Direction {
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key))
  if (unknown !== undefined) refuse(`"sort" does not support "${unknown}".`)
  if (missing !== '_last') refuse('"sort" supports no other "missing" than "_last".')
  return order === 'asc' || order === 'desc' ? order : refuse(`The order of "${name}" is "asc" or "desc".`)
}

const toScalar = (value: unknown): Scalar => (isScalar(value) ? value : null)

/** `order by` for all keys. */
export const orderBy = (keys: readonly SortKey[]): Sql => join(keys.map((key) => key.orderBy), ', ')

/**
 * Comes strictly after a hit, given by its values for the keys: later in the first key, or level there and later in the second, …
 *
 * @throws when there is not one value for each key
 */
export function isAfter(keys: readonly SortKey[], values: readonly unknown[]): Sql {
  if (values.length !== keys.length) refuse(`"search_after" needs ${keys.length} values, one for each key of "sort".`)
  const given = values.map((value) => (isScalar(value) ? value : refuse('"search_after" holds strings, numbers, booleans and null.')))
  const cases = keys.map((key, index) => {
    const levels = keys.slice(0, index).map((earlier, position) => earlier.isLevel(given[position] as Scalar))
    return sql`(${join([...levels, key.isAfter(given[index] as Scalar)], ' and ')})`
  })
  return sql`(${join(cases, ' or ')})`
}
