import { refuse, within } from '../filter-fault.js'
import type { ExistsFilter, Filter, Json, RangeFilter } from '../filter.js'
import { intervalOf } from '../interval.js'
import { PatternFault } from '../pattern/pattern-tree.js'
import { shareMatcher } from '../pattern/share-matcher.js'
import { isObject, isScalar } from '../read-field.js'
import { allowOnly, readFieldTest, readList, readNumber, readObject, readPath, readScalar, readText } from './clause-body.js'

const maxPatternLength = 1000
const maxMatchDepth = 32
const maxMatchValues = 1000
const bounds = ['gt', 'gte', 'lt', 'lte'] as const

/** `equals: { <field>: <scalar> }` */
export function parseEquals(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  return { type: 'equals', field, value: readScalar(test, here) }
}

/** `in: { <field>: [<scalar>, …] }` */
export function parseIn(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  return { type: 'in', field, values: readList(test, here).map((value, index) => readScalar(value, within(here, index))) }
}

/** `range: { <field>: { gt | gte, lt | lte } }`, at least one bound and none that contradicts another. */
export function parseRange(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  const given = readObject(test, here)
  allowOnly(given, bounds, here)
  const range: RangeFilter = { type: 'range', field }
  for (const bound of bounds) if (Object.hasOwn(given, bound)) range[bound] = readNumber(given[bound], within(here, bound))
  checkBounds(range, here)
  return range
}

function checkBounds(range: RangeFilter, place: string): void {
  if (bounds.every((bound) => range[bound] === undefined)) refuse(place, 'has no bound: needs at least one of gt, gte, lt, lte')
  for (const [open, closed] of [['gt', 'gte'], ['lt', 'lte']] as const) {
    if (range[open] !== undefined && range[closed] !== undefined) refuse(place, `has both "${open}" and "${closed}"`)
  }
  const { low, high } = intervalOf(range)
  if (low > high) refuse(place, 'leaves no number between its bounds')
}

/** `exists: "<field>"`, `exists: "<field>[<JSON scalar>]"`, or either under `field`. */
export function parseExists(body: unknown, place: string): ExistsFilter {
  if (!isObject(body)) return readExistence(body, place)
  allowOnly(body, ['field'], place)
  return readExistence(body.field, within(place, 'field'))
}

/** The opposite of `exists`, in the same notations. */
export function parseMissing(body: unknown, place: string): Filter {
  return { type: 'not', filter: parseExists(body, place) }
}

function readExistence(body: unknown, place: string): ExistsFilter {
  const path = readText(body, place)
  const bracket = path.indexOf('[')
  if (bracket === -1) return { type: 'exists', field: readPath(path, place) }
  if (bracket === 0) return refuse(place, 'names no field before "["')
  if (!path.endsWith(']')) return refuse(place, 'has a "[" that no "]" closes at its end')
  return { type: 'exists', field: readPath(path.slice(0, bracket), place), element: readElement(path.slice(bracket + 1, -1), place) }
}

function readElement(json: string, place: string): ExistsFilter['element'] {
  const element = parseJson(json)
  if (!isScalar(element)) return refuse(place, `searches an array for [${json}], which is no scalar in JSON`, `Strings need double quotes: ["${json}"].`)
  return element
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** `ids: { values: [<id>, …] }`, or the list alone. */
export function parseIds(body: unknown, place: string): Filter {
  const [list, here] = isObject(body) ? [body.values, within(place, 'values')] : [body, place]
  if (isObject(body)) allowOnly(body, ['values'], place)
  return { type: 'ids', ids: readList(list, here).map((id, index) => readText(id, within(here, index))) }
}

/** `regexp: { <field>: "<pattern>" }` or `regexp: { <field>: { value, flags } }`; of the flags, `g` and `u` change nothing. */
export function parseRegexp(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  const { value, flags = '' } = isObject(test) ? test : { value: test }
  if (isObject(test)) allowOnly(test, ['value', 'flags'], here)
  const pattern = readText(value, isObject(test) ? within(here, 'value') : here)
  if (pattern.length > maxPatternLength) refuse(here, `has a pattern of ${pattern.length} characters, of which at most ${maxPatternLength} are allowed`)
  const regexp = { type: 'regexp' as const, field, pattern, flags: readFlags(flags, within(here, 'flags')) }
  try {
    shareMatcher(regexp.pattern, regexp.flags)
  } catch (error) {
    if (error instanceof PatternFault) refuse(here, `the pattern ${error.message}`)
    throw error
  }
  return regexp
}

function readFlags(flags: unknown, place: string): string {
  if (typeof flags !== 'string' || !/^[gimsu]*$/.test(flags)) return refuse(place, 'must be made of the flags g, i, m, s, u')
  return ['i', 'm', 's'].filter((flag) => flags.includes(flag)).join('')
}

/** `match: { <field>: <JSON> }`. Its size is limited since it is held against every part of a document. */
export function parseMatch(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  let values = 0

  function read(value: unknown, at: string, depth: number): Json {
    if (depth > maxMatchDepth) refuse(at, `is nested more than ${maxMatchDepth} deep`)
    if (++values > maxMatchValues) refuse(here, `has more than ${maxMatchValues} values`)
    if (isScalar(value)) return value
    if (Array.isArray(value)) return value.map((entry, index) => read(entry, within(at, index), depth + 1))
    if (!isObject(value)) return refuse(at, 'must be a JSON value')
    return Object.fromEntries(Object.keys(value).map((key) => [key, read(value[key], within(at, key), depth + 1)]))
  }

  return { type: 'match', field, value: read(test, here, 0) }
}
