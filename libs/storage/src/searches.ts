import type { FailedDocument, StoredDocument } from './documents.js'

/** The language a query is written in: the everyday part of Elasticsearch's (the default), or the realtime filter language. */
export type QueryLanguage = 'elasticsearch' | 'koncorde'

/**
 * The body of a search, in Elasticsearch's words. A key that is not listed here is refused by name.
 *
 * `sort` takes `"field"`, `{field: "asc"|"desc"}` or `{field: {order, missing}}`, alone or in a list; `_source` takes `false`, names with
 * `*`, or `{includes, excludes}`.
 */
export interface SearchBody {
  query?: unknown
  sort?: unknown
  aggregations?: Record<string, unknown>
  aggs?: Record<string, unknown>
  _source?: unknown
  search_after?: readonly unknown[]
  from?: number
  size?: number
}

/** `from` counts from 0; `size` is 10 when left out; `scroll` is how long the next page is kept for, as `"30s"`, `"5m"`, `"1h"`. */
export interface SearchOptions {
  lang?: QueryLanguage
  from?: number
  size?: number
  scroll?: string
}

/** A document found. `_score` is 1, or `null` when the search was sorted; `sort` are the values to give to `search_after`. */
export interface SearchHit {
  _id: string
  _score: number | null
  _source: Record<string, unknown>
  _version: number
  index: string
  collection: string
  sort?: unknown[]
}

/** `total` is exact. `remaining` and `scrollId` come with a scroll only. */
export interface SearchResult {
  hits: SearchHit[]
  total: number
  aggregations?: Record<string, unknown>
  scrollId?: string
  remaining?: number
}

/** With `brief` the answer only counts: the lists stay empty, and memory does not grow with what was found. */
export interface ByQueryOptions {
  lang?: QueryLanguage
  brief?: boolean
}

/** `_source` is the whole document after the update. */
export interface UpdatedByQuery {
  updated: number
  successes: (StoredDocument & { status: 200 })[]
  errors: FailedDocument[]
}

/** The documents as they were last. */
export interface DeletedByQuery {
  deleted: number
  documents: StoredDocument[]
  ids: string[]
}

/** One line of a bulk import, under the name of its operation. */
export type BulkItem = Record<string, { _id: string; status: number; _source?: unknown; error?: { type: string; reason: string } }>

/** The lines of a bulk import that were carried out, and those that were not. */
export interface BulkResult {
  successes: BulkItem[]
  errors: BulkItem[]
}
