import { canonicalJson } from './canonical-json.js'
import type { Condition, EqualsFilter, Filter, GeoPolygonFilter, IdsFilter, InFilter, Json, MatchFilter, Point, RangeFilter, Scalar } from './filter.js'
import { intervalOf } from './interval.js'
import { isObject, isScalar } from './read-field.js'

/** The simplest filter that says what the condition says: maybe another condition, maybe an `and` of several. */
export function normalizeCondition(condition: Condition): Filter {
  switch (condition.type) {
    case 'in': case 'ids': return withValues(condition, valuesOf(condition))
    case 'range': return normalizeRange(condition)
    case 'match': return normalizeMatch(condition)
    case 'select': return condition.filter.type === 'nothing' ? { type: 'nothing' } : condition
    case 'geoPolygon': return { ...condition, points: normalizeRing(condition) }
    default: return condition
  }
}

/** A condition that lists what is allowed. */
export type ListCondition = EqualsFilter | InFilter | IdsFilter

export function isListCondition(filter: Filter): filter is ListCondition {
  return filter.type === 'equals' || filter.type === 'in' || filter.type === 'ids'
}

export function valuesOf(condition: ListCondition): Scalar[] {
  if (condition.type === 'equals') return [condition.value]
  return condition.type === 'in' ? condition.values : condition.ids
}

/** The condition with another list: sorted, without repetitions, `equals` when one value is left. */
export function withValues(condition: ListCondition, listed: Scalar[]): Condition {
  const values = [...new Set(listed)].sort(compareScalars)
  if (values.length === 0) return { type: 'nothing' }
  if (condition.type === 'ids') return { type: 'ids', ids: values as string[] }
  if (values.length === 1) return { type: 'equals', field: condition.field, value: values[0]! }
  return { type: 'in', field: condition.field, values }
}

function compareScalars(one: Scalar, other: Scalar): number {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** One number is left: that is an `equals`. None: nothing. */
export function normalizeRange(range: RangeFilter): Condition {
  const { low, high } = intervalOf(range)
  if (low > high) return { type: 'nothing' }
  return low === high && Number.isFinite(low) ? { type: 'equals', field: range.field, value: low } : range
}

/** The numbers that are in both ranges. */
export function intersectRanges(one: RangeFilter, other: RangeFilter): RangeFilter {
  const low = Math.max(...[one.gt, one.gte, other.gt, other.gte].filter((bound) => bound !== undefined))
  const high = Math.min(...[one.lt, one.lte, other.lt, other.lte].filter((bound) => bound !== undefined))
  return {
    type: 'range',
    field: one.field,
    ...(low > -Infinity && { [one.gt === low || other.gt === low ? 'gt' : 'gte']: low }),
    ...(high < Infinity && { [one.lt === high || other.lt === high ? 'lt' : 'lte']: high }),
  }
}

/** What a path can express becomes `equals` and `exists`; empty objects and arrays, and arrays of more than scalars, stay. */
function normalizeMatch({ field, value }: MatchFilter): Filter {
  if (isScalar(value)) return { type: 'equals', field, value }
  if (Array.isArray(value) && value.length > 0 && value.every(isScalar)) {
    return { type: 'and', filters: value.map((element) => ({ type: 'exists', field, element })) }
  }
  if (isObject(value) && canBePath(Object.keys(value))) {
    return { type: 'and', filters: Object.entries(value as Record<string, Json>).map(([key, each]) => normalizeMatch({ type: 'match', field: `${field}.${key}`, value: each })) }
  }
  return { type: 'match', field, value }
}

function canBePath(keys: string[]): boolean {
  return keys.length > 0 && !keys.some((key) => key.includes('.'))
}

/** From the smallest corner towards its smaller neighbour; a ring across the antimeridian stays as it is. */
function normalizeRing({ points }: GeoPolygonFilter): Point[] {
  if (points.some((corner) => Math.abs(corner.lon) > 180)) return points
  return [points, points.toReversed()].flatMap(startAtSmallest).sort(compareJson)[0]!
}

function startAtSmallest(points: Point[]): Point[][] {
  const smallest = points.toSorted(comparePoints)[0]!
  return points.flatMap((corner, index) => comparePoints(corner, smallest) === 0 ? [[...points.slice(index), ...points.slice(0, index)]] : [])
}

function comparePoints(one: Point, other: Point): number {
  return one.lat - other.lat || one.lon - other.lon
}

function compareJson(one: unknown, other: unknown): number {
  return canonicalJson(one) < canonicalJson(other) ? -1 : 1
}
