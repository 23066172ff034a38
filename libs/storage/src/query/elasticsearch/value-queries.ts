import type { Scalar } from '../../filter/filter.js'
import { isScalar } from '../../filter/read-field.js'
import { PatternMatcher } from '../../filter/pattern/pattern-matcher.js'
import { nothing } from '../condition.js'
import type { Condition } from '../condition.js'
import { isDateType, isNumberType, isWordsType } from '../field-types.js'
import { dateEquals } from './date-range.js'
import { ofAnyText, ofAnyValue } from './fields.js'
import type { QueryField, QueryFields } from './fields.js'
import { allowOnly, isObject, readField, readObject, readOptions, readText, refuse } from './query-fault.js'
import { wordsOf } from './words.js'

/** `term: { <field>: <value> }` or `{ <field>: { value } }` */
export function readTerm(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'term')
  const { value } = readOptions(given, 'value', [], 'term')
  return isAnyOf(field, [value], fields)
}

/** `terms: { <field>: [<value>, …] }` */
export function readTerms(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'terms')
  if (!Array.isArray(given)) return refuse('"terms" must hold an array.')
  return isAnyOf(field, given, fields)
}

/** The field is one of the values, each read as the field's type would have it. */
export function isAnyOf(name: string, values: readonly unknown[], fields: QueryFields): Condition {
  if (!values.every((value): value is Exclude<Scalar, null> => isScalar(value) && value !== null)) {
    return refuse(`"${name}" can only be compared with strings, numbers and booleans.`)
  }
  if (values.length === 0) return nothing
  if (name === '_id') return { type: 'ids', ids: values.map(String) }
  const field = fields.resolve(name)
  if (isDateType(field.type)) return { type: 'any', of: values.map((value) => dateEquals(field.path, value)) }
  if (isWordsType(field.type)) return ofAnyText(field.path, (text) => wordsOf(text).some((word) => values.map(String).includes(word)))
  const wanted = values.flatMap((value) => readings(field, value))
  return ofAnyValue(field.path, { type: 'is', field: field.path, values: wanted }, (value) => (wanted as unknown[]).includes(value))
}

/** What may stand in a document for a value: numbers and booleans come as text too, and keywords as numbers. */
function readings({ path, type }: QueryField, value: Exclude<Scalar, null>): Scalar[] {
  if (type === undefined) return [value]
  const text = String(value)
  const spelled = spelledBy(text)
  if (isNumberType(type)) {
    const number = text === '' ? NaN : Number(text)
    return Number.isNaN(number) ? refuse(`"${path}" is a number and cannot be ${JSON.stringify(value)}.`) : [number, String(number)]
  }
  if (type === 'boolean' && typeof spelled !== 'boolean') return refuse(`"${path}" is a boolean and cannot be ${JSON.stringify(value)}.`)
  return spelled === undefined ? [text] : [text, spelled]
}

/** The boolean or the number that a text spells, if it does. */
function spelledBy(text: string): boolean | number | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && String(Number(text)) === text ? Number(text) : undefined
}

/** `exists: { field }`: there is a value that is neither `null` nor an empty array. */
export function readExists(body: unknown, fields: QueryFields): Condition {
  const options = readObject(body, 'exists')
  allowOnly(options, ['field'], 'exists')
  const { path } = fields.resolve(readText(options.field, 'exists.field'))
  const plain: Condition[] = [
    { type: 'present', field: path },
    { type: 'not', of: { type: 'is', field: path, values: [null] } },
    { type: 'not', of: { type: 'kind', field: path, kind: 'array' } },
  ]
  return ofAnyValue(path, { type: 'all', of: plain }, (value) => value !== null)
}

/** `ids: { values: [<id>, …] }` */
export function readIds(body: unknown): Condition {
  const options = readObject(body, 'ids')
  allowOnly(options, ['values'], 'ids')
  const values = [options.values ?? []].flat()
  return values.length === 0 ? nothing : { type: 'ids', ids: values.map((id) => readText(id, 'ids.values')) }
}

/** `prefix: { <field>: "<text>" }` */
export function readPrefix(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'prefix')
  const options = readOptions(given, 'value', ['case_insensitive'], 'prefix')
  const text = readText(options.value, 'prefix')
  return textTest(fields.resolve(field), options, { test: beginsWith, wanted: text, plain: startsWith })
}

/** `wildcard: { <field>: "<text with * and ?>" }` */
export function readWildcard(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'wildcard')
  const name = isObject(given) && given.value === undefined ? 'wildcard' : 'value'
  const options = readOptions(given, name, ['case_insensitive', 'rewrite'], 'wildcard')
  return wildcard(fields.resolve(field), readText(options[name], 'wildcard'), options.case_insensitive === true)
}

/** A field of which some value, or some word, fits a text with `*` (anything) and `?` (one character). */
export function wildcard(field: QueryField, pattern: string, ignoreCase = false): Condition {
  const escaped = pattern.replace(/\\([*?\\])|([*?])|([.+^${}()|[\]\\/])/g, (_, quoted: string | undefined, wild: string | undefined, other: string) =>
    (quoted !== undefined ? `\\${quoted}` : wild === '*' ? '.*' : wild === '?' ? '.' : `\\${other}`))
  return matchesPattern(field, escaped, ignoreCase)
}

/** `regexp: { <field>: "<pattern>" }`: the whole value, or a whole word of it, fits the pattern. */
export function readRegexp(body: unknown, fields: QueryFields): Condition {
  const { field, given } = readField(body, 'regexp')
  const options = readOptions(given, 'value', ['case_insensitive'], 'regexp')
  return matchesPattern(fields.resolve(field), readText(options.value, 'regexp'), options.case_insensitive === true)
}

function matchesPattern(field: QueryField, pattern: string, ignoreCase: boolean): Condition {
  const matcher = readPattern(field, `^(?:${pattern})$`, ignoreCase ? 'is' : 's')
  return ofAnyText(field.path, (text) => partsOf(field, text).some((part) => matcher.test(part)))
}

function readPattern({ path }: QueryField, pattern: string, flags: string): PatternMatcher {
  try {
    return new PatternMatcher(pattern, flags)
  } catch (error) {
    return refuse(`The pattern of "${path}" ${(error as Error).message}.`)
  }
}

/** Fields of words are tested word by word, others as a whole. */
const partsOf = ({ type }: QueryField, text: string): string[] => (isWordsType(type) ? wordsOf(text) : [text])

interface TextTest { test: (value: string, wanted: string) => boolean; wanted: string; plain: (path: string, wanted: string) => Condition }

function textTest(field: QueryField, options: Record<string, unknown>, { test, wanted, plain }: TextTest): Condition {
  if (options.case_insensitive === true) {
    return ofAnyText(field.path, (text) => partsOf(field, text).some((part) => test(part.toLowerCase(), wanted.toLowerCase())))
  }
  if (isWordsType(field.type)) return ofAnyText(field.path, (text) => wordsOf(text).some((word) => test(word, wanted)))
  return ofAnyValue(field.path, plain(field.path, wanted), (value) => typeof value === 'string' && test(value, wanted))
}

/** Whether a text begins with all code points of another: half of a pair is no beginning of it. */
function beginsWith(text: string, beginning: string): boolean {
  return text.startsWith(beginning) && !/^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, beginning.length - 1)))
}

/** The code point after another; behind the first half of a pair, no second half follows as a code point of its own. */
const nextOf = (codePoint: number, before = ''): number => (codePoint === 0xdbff && /^[\ud800-\udbff]$/.test(before) ? 0xe000 : codePoint + 1)

/** A prefix is a range: from the prefix itself up to the next text of its length. */
function startsWith(field: string, prefix: string): Condition {
  if (prefix === '') return { type: 'kind', field, kind: 'text' }
  const units = [...prefix]
  while (units.length > 0) {
    const last = units.pop()!.codePointAt(0)!
    const next = nextOf(last, units.at(-1))
    if (next <= 0x10ffff) return { type: 'textRange', field, gte: prefix, lt: units.join('') + String.fromCodePoint(next) }
  }
  return { type: 'textRange', field, gte: prefix }
}

