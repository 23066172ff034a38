import type { QueryFields } from '../elasticsearch/fields.js'
import { allowOnly, isObject, readObject, readText, refuse } from '../elasticsearch/query-fault.js'
import { isDateType } from '../field-types.js'
import { fieldPath } from '../field-path.js'
import type { FieldPath } from '../field-path.js'
import { readInterval } from './intervals.js'
import type { Interval } from './intervals.js'

/** One aggregation, by the name its result is to have. */
export type Aggregations = Record<string, Aggregation>

export type Aggregation =
  | { type: 'terms'; path: FieldPath; size: number; order: 'count' | 'key'; direction: 'asc' | 'desc'; minimum: number; inner?: Aggregations }
  | { type: 'date_histogram'; path: FieldPath; interval: Interval; minimum: number; inner?: Aggregations }
  | { type: Metric; path: FieldPath; isDate: boolean }

export type Metric = (typeof METRICS)[number]

const METRICS = ['min', 'max', 'avg', 'sum', 'value_count', 'stats', 'cardinality'] as const
const MOST_DEPTH = 8
const DEFAULT_SIZE = 10

/** Reads `aggregations`. @throws naming what is not supported */
export function readAggregations(given: unknown, fields: QueryFields, depth = 0): Aggregations | undefined {
  if (given === undefined) return undefined
  if (depth > MOST_DEPTH) refuse(`Aggregations cannot be nested more than ${MOST_DEPTH} deep.`)
  return Object.fromEntries(Object.entries(readObject(given, 'aggregations')).map(([name, body]) => [name, readAggregation(body, fields, depth)]))
}

function readAggregation(given: unknown, fields: QueryFields, depth: number): Aggregation {
  const { aggs, aggregations, meta: _meta, ...types } = readObject(given, 'aggregations')
  if (aggs !== undefined && aggregations !== undefined) refuse('"aggs" is short for "aggregations": an aggregation has one of them.')
  const [entry, ...others] = Object.entries(types)
  if (!entry || others.length > 0) return refuse('An aggregation must have exactly one type.')
  const [type, options] = entry
  const body = readObject(options, type)
  const inner = readAggregations(aggs ?? aggregations, fields, depth + 1)
  if (type === 'terms') return readTerms(body, fields, inner)
  if (type === 'date_histogram') return readDateHistogram(body, fields, inner)
  if (!METRICS.includes(type as Metric)) return refuse(`The aggregation "${type}" is not supported.`)
  if (inner) refuse(`The aggregation "${type}" cannot hold others.`)
  allowOnly(body, ['field'], type)
  return { type: type as Metric, ...readField(body, fields, type) }
}

function readField(body: Record<string, unknown>, fields: QueryFields, place: string): { path: FieldPath; isDate: boolean } {
  const { path, type } = fields.resolve(readText(body.field, `${place}.field`))
  return { path: fieldPath(path) ?? refuse(`"${place}" cannot read the field "${path}".`), isDate: isDateType(type) }
}

function readTerms(body: Record<string, unknown>, fields: QueryFields, inner: Aggregations | undefined): Aggregation {
  allowOnly(body, ['field', 'size', 'order', 'min_doc_count'], 'terms')
  const size = body.size ?? DEFAULT_SIZE
  if (!Number.isSafeInteger(size) || (size as number) < 1) refuse('"terms.size" must be a whole number from 1 on.')
  const { path } = readField(body, fields, 'terms')
  return { type: 'terms', path, size: size as number, ...readOrder(body.order), minimum: readMinimum(body, 'terms', 1), inner }
}

function readOrder(given: unknown): { order: 'count' | 'key'; direction: 'asc' | 'desc' } {
  const wanted = given ?? { _count: 'desc' }
  const [[key, direction] = [], ...others] = Object.entries(isObject(wanted) ? wanted : {})
  const order = key === '_count' ? 'count' : key === '_key' ? 'key' : undefined
  if (!order || others.length > 0 || (direction !== 'asc' && direction !== 'desc')) return refuse('"terms.order" is by "_count" or by "_key", "asc" or "desc".')
  return { order, direction }
}

/** How many documents a bucket holds at least. @param lowest - The least that may be asked for; also what holds when nothing is said. */
function readMinimum(body: Record<string, unknown>, place: string, lowest: number): number {
  const minimum = body.min_doc_count ?? lowest
  return Number.isSafeInteger(minimum) && (minimum as number) >= lowest ? minimum as number : refuse(`"${place}.min_doc_count" must be a whole number from ${lowest} on.`)
}

function readDateHistogram(body: Record<string, unknown>, fields: QueryFields, inner: Aggregations | undefined): Aggregation {
  allowOnly(body, ['field', 'interval', 'fixed_interval', 'calendar_interval', 'min_doc_count'], 'date_histogram')
  const interval = readInterval(body)
  return { type: 'date_histogram', path: readField(body, fields, 'date_histogram').path, interval, minimum: readMinimum(body, 'date_histogram', 0), inner }
}
