import { isObject } from '../../filter/read-field.js'
import type { Properties } from '../../filter/read-field.js'
import { holds, nothing } from '../condition.js'
import type { Condition } from '../condition.js'
import { valuesAt } from './fields.js'
import { allowOnly, readObject, readText, refuse } from './query-fault.js'

/** Reads a query inside another. */
export type ReadInner = (query: unknown) => Condition

/** `bool: { must, filter, should, must_not, minimum_should_match }`, each clause one query or a list of them. */
export function readBool(body: unknown, read: ReadInner): Condition {
  const options = readObject(body, 'bool')
  allowOnly(options, ['must', 'filter', 'should', 'must_not', 'minimum_should_match'], 'bool')
  const clauses = (name: string): Condition[] => [options[name] ?? []].flat().map(read)
  const [must, filter, should, mustNot] = [clauses('must'), clauses('filter'), clauses('should'), clauses('must_not')]
  const least = readMinimum(options.minimum_should_match, should.length, must.length + filter.length === 0 ? 1 : 0)
  return { type: 'all', of: [...must, ...filter, atLeast(least, should), ...mustNot.map((of): Condition => ({ type: 'not', of }))] }
}

/** A number, a negative number (that many may fail), or a percentage of either sign, rounded down. */
function readMinimum(given: unknown, count: number, otherwise: number): number {
  if (given === undefined) return count === 0 ? 0 : otherwise
  const match = /^(-?\d+)(%?)$/.exec(String(given))
  if (!match) return refuse('"minimum_should_match" must be a number or a percentage.')
  const amount = match[2] ? Math.trunc((Number(match[1]) * count) / 100) : Number(match[1])
  return Math.max(0, amount < 0 ? count + amount : amount)
}

function atLeast(least: number, conditions: Condition[]): Condition {
  if (least <= 0) return { type: 'all', of: [] }
  if (least > conditions.length) return nothing
  if (least === 1) return { type: 'any', of: conditions }
  if (least === conditions.length) return { type: 'all', of: conditions }
  const enough = (document: Properties, id: string): boolean => conditions.filter((each) => holds(each, document, id)).length >= least
  return { type: 'judged', onlyIf: { type: 'any', of: conditions }, holds: enough }
}

/** `constant_score: { filter }` */
export function readConstantScore(body: unknown, read: ReadInner): Condition {
  const options = readObject(body, 'constant_score')
  allowOnly(options, ['filter'], 'constant_score')
  return read(options.filter)
}

/** `dis_max: { queries: [<query>, …] }` */
export function readDisMax(body: unknown, read: ReadInner): Condition {
  const options = readObject(body, 'dis_max')
  allowOnly(options, ['queries', 'tie_breaker'], 'dis_max')
  return { type: 'any', of: [options.queries ?? []].flat().map(read) }
}

/** `nested: { path, query }`: one and the same element of the array satisfies the whole query. */
export function readNested(body: unknown, read: ReadInner): Condition {
  const options = readObject(body, 'nested')
  allowOnly(options, ['path', 'query', 'score_mode', 'ignore_unmapped'], 'nested')
  const path = readText(options.path, 'nested.path')
  const inner = read(options.query)
  const [root = ''] = path.split('.')
  return {
    type: 'judged',
    onlyIf: { type: 'present', field: root },
    holds: (document, id) => valuesAt(document, path).some((element) => isObject(element) && holds(inner, around(path, element), id)),
  }
}

/** A document that has nothing but one element, at its path. */
function around(path: string, element: Properties): Properties {
  return path.split('.').reduceRight<Properties>((inner, name) => ({ [name]: inner }), element)
}

