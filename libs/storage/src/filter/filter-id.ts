import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.js'
import { distributeFilter } from './distribute-filter.js'
import type { Filter } from './filter.js'
import { normalizeFilter } from './normalize-filter.js'

/**
 * The id that equal filters on one collection share: SHA-256, in hexadecimal, of the index, the collection and the filter's form.
 *
 * Equal are filters with one normal form ({@link normalizeFilter}), and those that differ only by multiplying out an `and` of `or`s.
 *
 * @param filter - Need not be normalised yet.
 */
export function filterId(index: string, collection: string, filter: Filter): string {
  return createHash('sha256').update(canonicalJson([index, collection, distributeFilter(normalizeFilter(filter))])).digest('hex')
}
