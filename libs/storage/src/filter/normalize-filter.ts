import { combineFilters } from './combine-filters.js'
import type { Condition, Filter } from './filter.js'
import { normalizeCondition } from './normalize-condition.js'

/**
 * The normal form of a filter: it matches exactly the same documents, and filters that differ only in the following come out equal
 * (property by property, and in {@link filterId}): the order of keys, of `and`, `or`, `in` and `ids`; nesting of `and` in `and` and of
 * `or` in `or`; repetition; `not` of anything, also of `not`; an `in` with one value; alternatives of `equals` and `in` on one field;
 * ranges of one field under one `and`; a `match` that says no more than `equals` and `exists`; a polygon's first corner and direction;
 * parts that are always true or always false, imply each other or contradict each other outright.
 *
 * `not` stands only directly around a condition. The argument is not changed; normalising twice changes nothing.
 */
export function normalizeFilter(filter: Filter): Filter {
  if (normalForms.has(filter)) return filter
  const normal = normalize(filter, false)
  normalForms.add(normal)
  return normal
}

/** Filters that came out of here, so that whoever asks again for the normal form of one, to name it say, has it at once. */
const normalForms = new WeakSet<Filter>()

/** `isNegated`: the normal form of the filter's opposite. */
function normalize(filter: Filter, isNegated: boolean): Filter {
  switch (filter.type) {
    case 'not': return normalize(filter.filter, !isNegated)
    case 'and': case 'or': return combineFilters((filter.type === 'and') === isNegated ? 'or' : 'and', filter.filters.map((each) => normalize(each, isNegated)))
    case 'everything': case 'nothing': return { type: (filter.type === 'everything') === isNegated ? 'nothing' : 'everything' }
    case 'select': return negateIf(isNegated, normalizeCondition({ ...filter, filter: normalizeFilter(filter.filter) }))
    default: return negateIf(isNegated, normalizeCondition(filter))
  }
}

function negateIf(isNegated: boolean, filter: Filter): Filter {
  if (!isSimple(filter)) return normalize(filter, isNegated)
  return isNegated ? { type: 'not', filter } : filter
}

function isSimple(filter: Filter): filter is Condition {
  return !['and', 'or', 'not', 'everything', 'nothing'].includes(filter.type)
}
