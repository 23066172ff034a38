import { allowOnly, readList, readNumber, readObject, readPath } from './clauses/clause-body.js'
import {
  parseEquals, parseExists, parseIds, parseIn, parseMatch, parseMissing, parseRange, parseRegexp,
} from './clauses/field-clauses.js'
import { parseGeoBoundingBox, parseGeoDistance, parseGeoDistanceRange, parseGeoPolygon } from './clauses/geo-clauses.js'
import { refuse, suggest, within } from './filter-fault.js'
import type { Filter } from './filter.js'

const maxDepth = 64
const maxConditions = 1000

type ParseLeaf = (body: unknown, place: string) => Filter
type ParseBranch = (reader: FilterReader, body: unknown, place: string) => Filter

const leaves = new Map<string, ParseLeaf>([
  ['everything', () => ({ type: 'everything' })],
  ['nothing', () => ({ type: 'nothing' })],
  ['equals', parseEquals],
  ['in', parseIn],
  ['range', parseRange],
  ['exists', parseExists],
  ['missing', parseMissing],
  ['ids', parseIds],
  ['regexp', parseRegexp],
  ['match', parseMatch],
  ['geoBoundingBox', parseGeoBoundingBox],
  ['geo_bounding_box', parseGeoBoundingBox],
  ['geoDistance', parseGeoDistance],
  ['geo_distance', parseGeoDistance],
  ['geoDistanceRange', parseGeoDistanceRange],
  ['geo_distance_range', parseGeoDistanceRange],
  ['geoPolygon', parseGeoPolygon],
  ['geo_polygon', parseGeoPolygon],
])

const branches = new Map<string, ParseBranch>([
  ['and', (reader, body, place) => ({ type: 'and', filters: reader.readEach(body, place) })],
  ['or', (reader, body, place) => ({ type: 'or', filters: reader.readEach(body, place) })],
  ['not', (reader, body, place) => ({ type: 'not', filter: reader.read(body, place) })],
  ['bool', parseBool],
  ['select', parseSelect],
])

const boolLists = new Map<string, (filters: Filter[]) => Filter>([
  ['must', (filters) => ({ type: 'and', filters })],
  ['must_not', (filters) => ({ type: 'not', filter: { type: 'or', filters } })],
  ['mustNot', (filters) => ({ type: 'not', filter: { type: 'or', filters } })],
  ['should', (filters) => ({ type: 'or', filters })],
  ['should_not', (filters) => ({ type: 'not', filter: { type: 'and', filters } })],
  ['shouldNot', (filters) => ({ type: 'not', filter: { type: 'and', filters } })],
])

const keywords = [...leaves.keys(), ...branches.keys()]

/**
 * Reads a filter as clients write it (the public Koncorde language) into a {@link Filter}: notations resolved, nothing simplified yet;
 * {@link normalizeFilter} does that. `{}` is every document.
 *
 * @param source - Untrusted JSON. It is not changed, and nothing of it is kept but scalars.
 * @throws `api.assert.koncorde_dsl_error` naming the place in the filter and the fault; also for filters nested more than 64 deep,
 * with more than 1,000 conditions, or with a list of more than 10,000 entries.
 */
export function parseFilter(source: unknown): Filter {
  return new FilterReader().read(source, '')
}

/** Walks one filter, counting what it has seen. */
class FilterReader {
  private conditions = 0
  private depth = 0

  read(source: unknown, place: string): Filter {
    const entries = Object.keys(readObject(source, place))
    if (entries.length === 0) return { type: 'everything' }
    if (entries.length > 1) refuse(place, `has ${entries.length} keywords (${entries.slice(0, 5).join(', ')}), of which it can have only one`, 'Combine them with "and".')
    const keyword = entries[0]!
    return this.readClause(keyword, (source as Record<string, unknown>)[keyword], within(place, keyword))
  }

  readEach(body: unknown, place: string): Filter[] {
    return readList(body, place).map((filter, index) => this.read(filter, within(place, index)))
  }

  private readClause(keyword: string, body: unknown, place: string): Filter {
    if (++this.conditions > maxConditions) refuse(place, `is one condition too many: at most ${maxConditions} are allowed`)
    const parseLeaf = leaves.get(keyword)
    if (parseLeaf !== undefined) return parseLeaf(body, place)
    const parseBranch = branches.get(keyword)
    if (parseBranch === undefined) return refuse(place, 'unknown keyword', suggest(keyword, keywords))
    if (++this.depth > maxDepth) refuse(place, `is nested more than ${maxDepth} deep`)
    const filter = parseBranch(this, body, place)
    this.depth--
    return filter
  }
}

/** `bool: { must, must_not, should, should_not }`: each a list of filters, all of which lists must be satisfied. */
function parseBool(reader: FilterReader, body: unknown, place: string): Filter {
  const lists = readObject(body, place)
  allowOnly(lists, [...boolLists.keys()], place)
  const filters = Object.keys(lists).map((name) => boolLists.get(name)!(reader.readEach(lists[name], within(place, name))))
  return filters.length > 0 ? { type: 'and', filters } : refuse(place, 'needs at least one of must, must_not, should, should_not')
}

/** `select: { field, index, query }`: the query reads the chosen element as `value`. */
function parseSelect(reader: FilterReader, body: unknown, place: string): Filter {
  const given = readObject(body, place)
  allowOnly(given, ['field', 'index', 'query'], place)
  const field = readPath(given.field, within(place, 'field'))
  const index = readNumber(given.index, within(place, 'index'))
  if (!Number.isSafeInteger(index)) refuse(within(place, 'index'), 'must be a whole number')
  return { type: 'select', field, index, filter: reader.read(given.query, within(place, 'query')) }
}
