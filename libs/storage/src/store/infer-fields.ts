import { createError } from '@mortise/sdk'
import { METADATA_FIELD } from '../documents.js'
import type { Dynamic, FieldMapping, Mappings } from '../mappings.js'
import { parseDate } from '../query/parse-date.js'

type Properties = Record<string, unknown>
type Fields = Record<string, FieldMapping>
interface Level { properties?: Fields; dynamic?: Dynamic }

/** As Elasticsearch has it (`index.mapping.depth.limit`). */
const MOST_LEVELS = 20

const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null && !Array.isArray(value)
const NO_FIELDS: Fields = {}

/**
 * The fields of a document that its mapping does not declare, where the mapping is `dynamic: true`, with the types that their first
 * values suggest. Names that hold a dot, a quote or nothing are left out: no mapping can have them.
 *
 * Source: the rules of Elasticsearch's dynamic field mapping, with its defaults.
 *
 * @returns what to add to the mapping's properties, or `undefined` when nothing is new
 * @throws `services.storage.unexpected_bad_request` (400) for fields nested too deeply
 */
export function inferFields(document: Properties, mappings: Mappings): Fields | undefined {
  return inferLevel(document, mappings, { dynamic: mappings.dynamic, depth: 1 })
}

interface Walk { dynamic: Dynamic; depth: number }

function inferLevel(values: Properties, level: Level, walk: Walk): Fields | undefined {
  const known = level.properties ?? NO_FIELDS
  let added: Fields | undefined
  for (const name in values) {
    const field = Object.hasOwn(known, name) ? inferWithin(values[name], known[name]!, walk)
      : walk.dynamic === 'true' && isName(name, walk.depth) ? inferField(values[name], name, walk) : undefined
    if (field) (added ??= {})[name] = field
  }
  return added
}

const isName = (name: string, depth: number): boolean =>
  name !== '' && name !== '__proto__' && !/[."]/.test(name) && !(depth === 1 && name === METADATA_FIELD)

/** What is new inside of a field that is an object. */
function inferWithin(value: unknown, field: FieldMapping, { dynamic, depth }: Walk): FieldMapping | undefined {
  if ((field.type ?? 'object') !== 'object' && field.type !== 'nested') return undefined
  const properties = inferEach(value, field, { dynamic: field.dynamic ?? dynamic, depth: depth + 1 })
  return properties && { ...(field.type && { type: field.type }), properties }
}

function inferField(value: unknown, name: string, walk: Walk): FieldMapping | undefined {
  const first = firstValue(value)
  if (first === undefined) return undefined
  if (!isObject(first)) return typeOf(first)
  if (walk.depth >= MOST_LEVELS) throw createError('services.storage.unexpected_bad_request', `The field "${name}" lies deeper than the ${MOST_LEVELS} levels that a mapping may have.`)
  const properties = inferEach(value, {}, { ...walk, depth: walk.depth + 1 })
  return properties ? { properties } : { type: 'object' }
}

/** An array of objects is an object that has the fields of all of them. */
function inferEach(value: unknown, level: Level, walk: Walk): Fields | undefined {
  if (isObject(value)) return inferLevel(value, level, walk)
  if (!Array.isArray(value)) return undefined
  let added: Fields | undefined
  for (const element of value.flat(Infinity) as unknown[]) {
    if (!isObject(element)) continue
    const more = inferLevel(element, { properties: { ...level.properties, ...added } }, walk)
    if (more) added = { ...added, ...more }
  }
  return added
}

function firstValue(value: unknown): unknown {
  if (Array.isArray(value)) return (value.flat(Infinity) as unknown[]).find((element) => element !== null && element !== undefined)
  return value ?? undefined
}

function typeOf(value: unknown): FieldMapping | undefined {
  switch (typeof value) {
    case 'boolean': return { type: 'boolean' }
    case 'number': return { type: Number.isInteger(value) ? 'long' : 'float' }
    case 'string': return typeOfText(value)
    default: return undefined
  }
}

const ISO_DATE = /^\d{4}-\d{2}/
const SLASH_DATE = /^\d{4}\/\d{2}\/\d{2}(?: \d{2}:\d{2}:\d{2})?$/

function typeOfText(text: string): FieldMapping {
  if (ISO_DATE.test(text) && parseDate(text) !== undefined) return { type: 'date' }
  if (SLASH_DATE.test(text)) return { type: 'date', format: 'yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis' }
  return { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } }
}
