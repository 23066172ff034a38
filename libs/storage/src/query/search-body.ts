import { createError } from '@mortise/sdk'
import type { SearchBody, SearchOptions } from '../searches.js'
import { isObject, refuse } from './elasticsearch/query-fault.js'

/** `track_total_hits` and `version` ask for what is given anyway. */
const KEYS = new Set(['query', 'sort', 'aggregations', 'aggs', '_source', 'search_after', 'from', 'size', 'track_total_hits', 'version'])

const DEFAULT_SIZE = 10

/** A page of a search, counted from 0. */
export interface Page { from: number; size: number }

/** @throws `services.storage.invalid_search_query` naming a key that is not supported */
export function checkSearchBody(body: unknown): asserts body is SearchBody {
  if (!isObject(body)) refuse('The body of a search must be an object.')
  const unknown = Object.keys(body as object).find((key) => !KEYS.has(key))
  if (unknown !== undefined) throw createError('services.storage.invalid_search_query', unknown)
  const { search_after: after, aggs, aggregations } = body as SearchBody
  if (after && !(Array.isArray(after) && after.length > 0)) refuse('"search_after" must be a list of values for the keys of "sort".')
  if (aggs !== undefined && aggregations !== undefined) refuse('"aggs" is short for "aggregations": a search has one of them.')
}

/** Options win over the body. As in Elasticsearch, what scrolls begins at the first document, and has pages that hold some. */
export function readPage(body: SearchBody, options: SearchOptions): Page {
  const from = readCount(options.from ?? body.from ?? 0, 'from')
  const size = readCount(options.size ?? body.size ?? DEFAULT_SIZE, 'size')
  if (options.scroll !== undefined && from > 0) refuse('A search that scrolls cannot have "from".')
  if (options.scroll !== undefined && size === 0) refuse('A search that scrolls cannot have a "size" of 0.')
  return { from, size }
}

function readCount(value: unknown, name: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? value as number : refuse(`"${name}" must be a whole number from 0 on.`)
}
