import { ApiError, createErrorFrom } from '@mortise/sdk'
import type { FieldCondition, Filter, MatchFilter } from '../filter/filter.js'
import { matchesFilter } from '../filter/matches-filter.js'
import { normalizeFilter } from '../filter/normalize-filter.js'
import { parseFilter } from '../filter/parse-filter.js'
import { isScalar } from '../filter/read-field.js'
import { everything, nothing } from './condition.js'
import type { Condition } from './condition.js'

/**
 * Reads a query in the realtime filter language.
 * @throws `services.storage.unexpected_bad_request` naming the place and the fault
 */
export function readFilterQuery(query: unknown): Condition {
  try {
    return fromFilter(normalizeFilter(parseFilter(query ?? {})))
  } catch (error) {
    throw ApiError.is(error) ? createErrorFrom(error, 'services.storage.unexpected_bad_request', error.message) : error
  }
}

/** The condition that says the same of every document as the filter does ({@link matchesFilter}). */
function fromFilter(filter: Filter): Condition {
  switch (filter.type) {
    case 'and': return { type: 'all', of: filter.filters.map(fromFilter) }
    case 'or': return { type: 'any', of: filter.filters.map(fromFilter) }
    case 'not': return { type: 'not', of: fromFilter(filter.filter) }
    case 'everything': return everything
    case 'nothing': return nothing
    case 'ids': return filter
    default: return fromFieldCondition(filter)
  }
}

function fromFieldCondition(filter: FieldCondition): Condition {
  const { field } = filter
  switch (filter.type) {
    case 'equals': return { type: 'is', field, values: [filter.value] }
    case 'in': return { type: 'is', field, values: filter.values }
    case 'range': return filter
    case 'exists': return filter.element === undefined ? { type: 'present', field } : { type: 'contains', field, element: filter.element }
    case 'regexp': return judged(filter, { type: 'kind', field, kind: 'text' })
    case 'select': return judged(filter, { type: 'kind', field, kind: 'array' })
    case 'match': return fromMatch(filter)
    default: return judged(filter, { type: 'present', field })
  }
}

function fromMatch(filter: MatchFilter): Condition {
  const { field, value } = filter
  if (isScalar(value)) return { type: 'is', field, values: [value] }
  return judged(filter, { type: 'kind', field, kind: Array.isArray(value) ? 'array' : 'object' })
}

const judged = (filter: Filter, onlyIf: Condition): Condition =>
  ({ type: 'judged', onlyIf, holds: (document, id) => matchesFilter(filter, document, id) })
