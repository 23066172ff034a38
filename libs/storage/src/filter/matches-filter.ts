import type { FieldCondition, Filter, GeoFilter, Json, RangeFilter, RegexpFilter } from './filter.js'
import { isAtPlace } from './geometry.js'
import { parsePoint } from './parse-point.js'
import type { PatternMatcher } from './pattern/pattern-matcher.js'
import { shareMatcher } from './pattern/share-matcher.js'
import { isObject, readField } from './read-field.js'
import type { Properties } from './read-field.js'

/**
 * Whether a document satisfies a filter: the plain reading of the language, against which the subscription index and the SQL
 * compilers are tested.
 *
 * @param document - The document's content. Nothing in it can make the evaluation fail, and regular expressions take linear time.
 * @param id - What `ids` looks at.
 */
export function matchesFilter(filter: Filter, document: Properties, id?: string): boolean {
  switch (filter.type) {
    case 'and': return !has(filter.filters, false, document, id)
    case 'or': return has(filter.filters, true, document, id)
    case 'not': return !matchesFilter(filter.filter, document, id)
    case 'everything': return true
    case 'nothing': return false
    case 'ids': return id !== undefined && filter.ids.includes(id)
    default: return holds(filter, readField(document, filter.field), id)
  }
}

/** Whether one of the filters has that answer. A loop: this is run for every filter that may match a document. */
function has(filters: readonly Filter[], answer: boolean, document: Properties, id?: string): boolean {
  for (const filter of filters) if (matchesFilter(filter, document, id) === answer) return true
  return false
}

type FieldTest<Condition> = (condition: Condition, value: unknown, id?: string) => boolean

type FieldTests = { [Type in FieldCondition['type']]: FieldTest<Extract<FieldCondition, { type: Type }>> }

const fieldTests: FieldTests = {
  equals: (filter, value) => value === filter.value,
  in: (filter, value) => (filter.values as unknown[]).includes(value),
  range: isInRange,
  exists: (filter, value) => filter.element === undefined ? value !== undefined : Array.isArray(value) && value.includes(filter.element),
  regexp: (filter, value) => typeof value === 'string' && matcherOf(filter).test(value),
  match: (filter, value) => containsJson(value, filter.value),
  select: (filter, value, id) => Array.isArray(value) && value.at(filter.index) !== undefined
    && matchesFilter(filter.filter, { value: value.at(filter.index) as unknown }, id),
  geoBoundingBox: holdsPoint,
  geoDistance: holdsPoint,
  geoDistanceRange: holdsPoint,
  geoPolygon: holdsPoint,
}

function holds(condition: FieldCondition, value: unknown, id?: string): boolean {
  const test = fieldTests[condition.type] as FieldTest<FieldCondition>
  return value !== undefined && test(condition, value, id)
}

function isInRange({ gt, gte, lt, lte }: RangeFilter, value: unknown): boolean {
  if (typeof value !== 'number') return false
  return (gt === undefined || value > gt) && (gte === undefined || value >= gte) && (lt === undefined || value < lt) && (lte === undefined || value <= lte)
}

function holdsPoint(filter: GeoFilter, value: unknown): boolean {
  const point = parsePoint(value)
  return point !== undefined && isAtPlace(filter, point)
}

function containsJson(value: unknown, wanted: Json): boolean {
  if (Array.isArray(wanted)) return Array.isArray(value) && wanted.every((each) => value.some((element) => containsJson(element, each)))
  if (!isObject(wanted)) return value === wanted
  return isObject(value) && Object.entries(wanted).every(([key, each]) => Object.hasOwn(value, key) && containsJson(value[key], each as Json))
}

/** A matcher lives as long as a filter that needs it. */
const matchers = new WeakMap<RegexpFilter, PatternMatcher>()

function matcherOf(filter: RegexpFilter): PatternMatcher {
  let matcher = matchers.get(filter)
  if (matcher === undefined) matchers.set(filter, matcher = shareMatcher(filter.pattern, filter.flags))
  return matcher
}
