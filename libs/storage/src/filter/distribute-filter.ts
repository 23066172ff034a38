import { combineFilters } from './combine-filters.js'
import { countConditions } from './count-conditions.js'
import type { Filter } from './filter.js'
import { isListCondition, valuesOf, withValues } from './normalize-condition.js'

/** Beyond these a filter is left as it is: the form grows exponentially. */
const maxAlternatives = 32
const maxConditions = 200

/**
 * The disjunctive form of a filter in normal form, an `or` of `and`s, in which `a and (b or c)` and `(a and b) or (a and c)` are equal.
 * It matches the same documents, and serves to compare filters; a filter with too many conditions or alternatives is returned unchanged.
 */
export function distributeFilter(filter: Filter): Filter {
  if (!hasChoiceUnderAnd(filter) || countConditions(filter) > maxConditions) return filter
  const alternatives = alternativesOf(filter)
  return alternatives === undefined ? filter : combineFilters('or', alternatives)
}

function hasChoiceUnderAnd(filter: Filter): boolean {
  if (filter.type === 'and') return filter.filters.some((each) => each.type === 'or' || (isListCondition(each) && each.type !== 'equals'))
  return filter.type === 'or' && filter.filters.some(hasChoiceUnderAnd)
}

/** What the filter is an `or` of, or `undefined` when that is too much. */
function alternativesOf(filter: Filter): Filter[] | undefined {
  if (isListCondition(filter)) return withinLimit(valuesOf(filter).map((value) => withValues(filter, [value])))
  if (filter.type !== 'and' && filter.type !== 'or') return [filter]
  const parts = filter.filters.map(alternativesOf)
  if (!parts.every((part) => part !== undefined)) return undefined
  if (filter.type === 'or') return withinLimit(parts.flat())
  return multiply(parts.filter((part) => part.length === 1).flat(), parts.filter((part) => part.length > 1))
}

/** Each way to take one filter of each choice, together with what is fixed. */
function multiply(fixed: Filter[], choices: Filter[][]): Filter[] | undefined {
  let products: Filter[][] = [fixed]
  for (const choice of choices) {
    if (products.length * choice.length > maxAlternatives) return undefined
    products = products.flatMap((product) => choice.map((each) => [...product, each]))
  }
  return products.map((product) => combineFilters('and', product))
}

function withinLimit(alternatives: Filter[]): Filter[] | undefined {
  return alternatives.length <= maxAlternatives ? alternatives : undefined
}
