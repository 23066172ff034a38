import type { DeclaredField } from '../../mappings.js'
import { everything, nothing } from '../condition.js'
import type { Condition } from '../condition.js'
import { readBool, readConstantScore, readDisMax, readNested } from './bool-queries.js'
import type { ReadInner } from './bool-queries.js'
import { QueryFields } from './fields.js'
import { allowOnly, readObject, refuse } from './query-fault.js'
import { readQueryString } from './query-string.js'
import { readRange } from './range-query.js'
import { readMatch, readMatchPhrase, readMatchPhrasePrefix, readMultiMatch } from './text-queries.js'
import { readExists, readIds, readPrefix, readRegexp, readTerm, readTerms, readWildcard } from './value-queries.js'

const MOST_DEPTH = 64

type ReadLeaf = (body: unknown, fields: QueryFields) => Condition
type ReadBranch = (body: unknown, read: ReadInner) => Condition

const leaves = new Map<string, ReadLeaf>([
  ['match_all', (body) => constant('match_all', body, everything)],
  ['match_none', (body) => constant('match_none', body, nothing)],
  ['term', readTerm],
  ['terms', readTerms],
  ['range', readRange],
  ['exists', readExists],
  ['ids', readIds],
  ['prefix', readPrefix],
  ['wildcard', readWildcard],
  ['regexp', readRegexp],
  ['match', readMatch],
  ['match_phrase', readMatchPhrase],
  ['match_phrase_prefix', readMatchPhrasePrefix],
  ['multi_match', readMultiMatch],
  ['query_string', readQueryString],
])

const branches = new Map<string, ReadBranch>([
  ['bool', readBool],
  ['constant_score', readConstantScore],
  ['dis_max', readDisMax],
  ['nested', readNested],
])

/**
 * Reads a query in the everyday part of Elasticsearch's language. `{}` and no query at all are every document.
 *
 * @throws `services.storage.unexpected_bad_request` naming what is not supported or not understood
 */
export function readElasticsearchQuery(query: unknown, declared: ReadonlyMap<string, DeclaredField>): Condition {
  const fields = new QueryFields(declared)

  function read(given: unknown, depth: number): Condition {
    if (depth > MOST_DEPTH) refuse(`A query cannot be nested more than ${MOST_DEPTH} deep.`)
    const clauses = Object.entries(readObject(given, 'query'))
    const [clause] = clauses
    if (!clause || clauses.length > 1) return refuse('A query must have exactly one clause.')
    const [name, body] = clause
    const branch = branches.get(name)
    if (branch) return branch(body, (inner) => read(inner, depth + 1))
    const leaf = leaves.get(name)
    return leaf ? leaf(body, fields) : refuse(`The query clause "${name}" is not supported.`)
  }

  return query === undefined || query === null || isEmpty(query) ? everything : read(query, 0)
}

const isEmpty = (query: unknown): boolean => typeof query === 'object' && query !== null && !Array.isArray(query) && Object.keys(query).length === 0

function constant(name: string, body: unknown, condition: Condition): Condition {
  allowOnly(readObject(body, name), [], name)
  return condition
}
