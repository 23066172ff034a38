import type { Filter } from './filter.js'

/** How many conditions a filter holds: what `limits.subscriptionConditionsCount` counts. The list of an `in` or `ids` is one. */
export function countConditions(filter: Filter): number {
  switch (filter.type) {
    case 'and': case 'or': return filter.filters.reduce((count, each) => count + countConditions(each), 0)
    case 'not': case 'select': return countConditions(filter.filter)
    default: return 1
  }
}
