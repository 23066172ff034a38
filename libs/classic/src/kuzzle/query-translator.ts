import { createError } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'

type Query = Record<string, unknown>

const CLAUSES: Record<string, (content: Query) => Query> = {
  equals: (content) => ({ term: content }),
  exists: (content) => ({ exists: { field: content.field } }),
  missing: (content) => not({ exists: { field: content.field } }),
  ids: (content) => ({ ids: content }),
  in: (content) => ({ terms: content }),
  range: (content) => ({ range: content }),
  regexp: (content) => ({ regexp: content }),
  match: (content) => ({ match: content }),
  geoBoundingBox: (content) => ({ geo_bounding_box: content }),
  geoDistance: (content) => ({ geo_distance: content }),
  geoPolygon: (content) => ({ geo_polygon: content }),
}

const BRANCHES: Record<string, (translator: QueryTranslator, content: unknown) => Query> = {
  and: (translator, content) => ({ bool: { filter: each(translator, content) } }),
  or: (translator, content) => ({ bool: { should: each(translator, content), minimum_should_match: 1 } }),
  not: (translator, content) => not(translator.translate(content)),
  bool: (translator, content) => ({ bool: Object.fromEntries(Object.entries(content as Query).map(([name, list]) => [snake(name), each(translator, list)])) }),
}

/** Writes filters of the realtime language as Elasticsearch queries: `kuzzle`'s `QueryTranslator`. */
export class QueryTranslator {
  /** @throws `api.assert.koncorde_dsl_error` for a keyword that search queries have no counterpart of */
  translate(filters: unknown): Query {
    if (!isRecord(filters) || Object.keys(filters).length === 0) return { match_all: {} }
    const [[keyword, content]] = Object.entries(filters) as [[string, unknown]]
    if (Object.hasOwn(BRANCHES, keyword)) return BRANCHES[keyword]!(this, content)
    if (!Object.hasOwn(CLAUSES, keyword)) throw createError('api.assert.koncorde_dsl_error', `"${keyword}" has no counterpart in a search query`)
    return CLAUSES[keyword]!(typeof content === 'string' ? { field: content } : content as Query)
  }
}

function each(translator: QueryTranslator, list: unknown): Query[] {
  if (!Array.isArray(list)) throw createError('api.assert.koncorde_dsl_error', 'a list of filters is expected')
  return list.map((filters) => translator.translate(filters))
}

const not = (query: Query): Query => ({ bool: { must_not: [query] } })
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
