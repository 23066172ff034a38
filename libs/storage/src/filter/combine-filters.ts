import { canonicalJson } from './canonical-json.js'
import type { Condition, Filter, RangeFilter, Scalar } from './filter.js'
import { intersectRanges, isListCondition, normalizeRange, valuesOf, withValues } from './normalize-condition.js'
import type { ListCondition } from './normalize-condition.js'

type Kind = 'and' | 'or'

/** Puts filters that are in normal form already together into one that is. */
export function combineFilters(kind: Kind, filters: Filter[]): Filter {
  const flat = filters.flatMap((each) => each.type === kind ? each.filters : [each])
  const parts = mergeConditions(kind, flat).filter((each) => each.type !== neutralOf(kind))
  if (parts.length < 2) return parts[0] ?? { type: neutralOf(kind) }
  const byKey = new Map(parts.map((each) => [canonicalJson(each), each]))
  if (parts.some((each) => each.type === absorbingOf(kind) || isContradicted(each, byKey))) return { type: absorbingOf(kind) }
  const kept = [...byKey.keys()].sort().map((key) => byKey.get(key)!).filter((each) => !isImplied(each, kind, byKey))
  return kept.length === 1 ? kept[0]! : { type: kind, filters: kept }
}

function neutralOf(kind: Kind): 'everything' | 'nothing' {
  return kind === 'and' ? 'everything' : 'nothing'
}

function absorbingOf(kind: Kind): 'everything' | 'nothing' {
  return kind === 'and' ? 'nothing' : 'everything'
}

function isContradicted(part: Filter, byKey: Map<string, Filter>): boolean {
  return part.type === 'not' && byKey.has(canonicalJson(part.filter))
}

/** `a and (a or b)` is `a`, and so is `a or (a and b)`. */
function isImplied(part: Filter, kind: Kind, byKey: Map<string, Filter>): boolean {
  return part.type === (kind === 'and' ? 'or' : 'and') && part.filters.some((each) => byKey.has(canonicalJson(each)))
}

/** How conditions about one thing become one condition, where they stand bare, or where they all stand negated. */
interface Merge<Kept extends Condition> {
  isNegated: boolean
  accepts: (filter: Filter) => filter is Kept
  subjectOf: (condition: Kept) => string
  join: (conditions: Kept[]) => Condition
}

/** Under `and`, bare conditions are narrowed to what they share and negated ones widened to all they exclude; under `or` the reverse. */
function mergeConditions(kind: Kind, parts: Filter[]): Filter[] {
  if (parts.length < 2) return parts
  const { ranges, narrowed, widened } = merges[kind]
  return mergeBySubject(mergeBySubject(mergeBySubject(parts, ranges), narrowed), widened)
}

function mergesOf(kind: Kind) {
  const isNarrowedNegated = kind === 'or'
  const lists = { accepts: isListCondition, subjectOf: (list: ListCondition) => list.type === 'ids' ? 'ids' : `field ${list.field}` }
  const ranges: Merge<RangeFilter> = { isNegated: isNarrowedNegated, accepts: isRange, subjectOf: (range) => range.field, join: joinRanges }
  const narrowed: Merge<ListCondition> = { ...lists, isNegated: isNarrowedNegated, join: (all) => joinLists(all, shared) }
  const widened: Merge<ListCondition> = { ...lists, isNegated: !isNarrowedNegated, join: (all) => joinLists(all, (values) => values.flat()) }
  return { ranges, narrowed, widened }
}

const merges = { and: mergesOf('and'), or: mergesOf('or') }

function mergeBySubject<Kept extends Condition>(parts: Filter[], merge: Merge<Kept>): Filter[] {
  const wanted = parts.filter((part) => conditionOf(part, merge) !== undefined)
  if (wanted.length < 2) return parts
  const bySubject = new Map<string, Kept[]>()
  for (const condition of wanted.map((part) => conditionOf(part, merge)!)) {
    const together = bySubject.get(merge.subjectOf(condition))
    if (together === undefined) bySubject.set(merge.subjectOf(condition), [condition])
    else together.push(condition)
  }
  const merged = [...bySubject.values()].map(merge.join)
  return [...parts.filter((part) => conditionOf(part, merge) === undefined), ...merge.isNegated ? merged.map(negate) : merged]
}

/** The condition that the merge is about, in a part that stands as it wants it: bare or negated. */
function conditionOf<Kept extends Condition>(part: Filter, { isNegated, accepts }: Merge<Kept>): Kept | undefined {
  if (!isNegated) return accepts(part) ? part : undefined
  return part.type === 'not' && accepts(part.filter) ? part.filter : undefined
}

function negate(condition: Condition): Filter {
  return condition.type === 'nothing' ? { type: 'everything' } : { type: 'not', filter: condition }
}

function isRange(filter: Filter): filter is RangeFilter {
  return filter.type === 'range'
}

function joinRanges(ranges: RangeFilter[]): Condition {
  return normalizeRange(ranges.reduce(intersectRanges))
}

function joinLists(lists: ListCondition[], combine: (values: Scalar[][]) => Scalar[]): Condition {
  return withValues(lists.find((list) => list.type !== 'equals') ?? lists[0]!, combine(lists.map(valuesOf)))
}

function shared(lists: Scalar[][]): Scalar[] {
  return lists.reduce((all, each) => { const wanted = new Set(each); return all.filter((value) => wanted.has(value)) })
}
