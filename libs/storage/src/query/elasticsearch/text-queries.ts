import { everything, nothing } from '../condition.js'
import type { Condition } from '../condition.js'
import { isWordsType } from '../field-types.js'
import { ofAnyText } from './fields.js'
import type { QueryFields } from './fields.js'
import { allowOnly, readField, readObject, readOptions, readText, refuse } from './query-fault.js'
import { isAnyOf } from './value-queries.js'
import { hasPhrase, wordsOf } from './words.js'

/** How many of the words of a text a field must have. */
type Operator = 'and' | 'or'

/** `match: { <field>: "<words>" }` or `{ <field>: { query, operator } }` */
export function readMatch(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'match')
  const options = readOptions(given, 'query', ['operator', 'minimum_should_match', 'lenient', 'zero_terms_query'], 'match')
  if (options.minimum_should_match !== undefined && options.minimum_should_match !== '100%') refuse('"match" supports no "minimum_should_match" but "100%".')
  const operator = options.minimum_should_match === '100%' ? 'and' : readOperator(options.operator, 'match')
  return matchField(field, options.query, { fields, operator })
}

/** `match_phrase: { <field>: "<words>" }`: the words one after another. */
export function readMatchPhrase(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'match_phrase')
  return matchPhrase(field, readOptions(given, 'query', [], 'match_phrase').query, fields)
}

/** As `match_phrase`, but the last word may be only begun. */
export function readMatchPhrasePrefix(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'match_phrase_prefix')
  const phrase = wordsOf(readText(readOptions(given, 'query', [], 'match_phrase_prefix').query, 'match_phrase_prefix'))
  return phrase.length === 0 ? nothing : ofAnyText(fields.resolve(field).path, (text) => hasPhrase(text, phrase, true))
}

/** `multi_match: { query, fields: ["title", "body*", "name^2"] }` */
export function readMultiMatch(body: unknown, fields: QueryFields): Condition {
  const options = readObject(body, 'multi_match')
  allowOnly(options, ['query', 'fields', 'type', 'operator', 'lenient', 'tie_breaker'], 'multi_match')
  const names = readFieldNames(options.fields, fields, 'multi_match')
  const type = options.type ?? 'best_fields'
  if (type === 'phrase') return { type: 'any', of: names.map((name) => matchPhrase(name, options.query, fields)) }
  if (type !== 'best_fields' && type !== 'most_fields') return refuse(`"multi_match" does not support the type "${String(type)}".`)
  const operator = readOperator(options.operator, 'multi_match')
  return { type: 'any', of: names.map((name) => matchField(name, options.query, { fields, operator })) }
}

/** Names of fields: patterns stand for the declared fields that fit, and weights (`^2`) only concern scores. */
export function readFieldNames(given: unknown, fields: QueryFields, place: string): string[] {
  if (!Array.isArray(given) || given.length === 0) return refuse(`"${place}" needs "fields".`)
  return given.flatMap((name) => fields.expand(readText(name, `${place}.fields`).replace(/\^[\d.]+$/, '')))
}

export function readOperator(value: unknown, place: string): Operator {
  const operator = String(value ?? 'or').toLowerCase()
  return operator === 'and' || operator === 'or' ? operator : refuse(`The operator of "${place}" is "and" or "or".`)
}

/** Fields of words, and undeclared text, have to share words with the query; any other field has to be the value. */
export function matchField(name: string, query: unknown, { fields, operator }: { fields: QueryFields; operator: Operator }): Condition {
  const { path, type } = fields.resolve(name)
  if (typeof query !== 'string' ? !isWordsType(type) : !isWordsType(type) && type !== undefined) return isAnyOf(name, [query], fields)
  const wanted = wordsOf(readText(query, 'match'))
  if (wanted.length === 0) return nothing
  const hasWords = (text: string): boolean => {
    const words = new Set(wordsOf(text))
    return operator === 'and' ? wanted.every((word) => words.has(word)) : wanted.some((word) => words.has(word))
  }
  return ofAnyText(path, hasWords)
}

export function matchPhrase(name: string, query: unknown, fields: QueryFields): Condition {
  const { path, type } = fields.resolve(name)
  if (!isWordsType(type) && type !== undefined) return isAnyOf(name, [query], fields)
  const phrase = wordsOf(readText(query, 'match_phrase'))
  return phrase.length === 0 ? nothing : ofAnyText(path, (text) => hasPhrase(text, phrase))
}

/** The words stand anywhere in the document. */
export function matchAnywhere(query: string, test: (text: string) => boolean): Condition {
  const search = (value: unknown): boolean => {
    if (typeof value === 'string' || typeof value === 'number') return test(String(value))
    return typeof value === 'object' && value !== null && Object.values(value).some(search)
  }
  return wordsOf(query).length === 0 ? nothing : { type: 'judged', onlyIf: everything, holds: search }
}
