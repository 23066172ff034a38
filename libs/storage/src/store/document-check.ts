import { isIP } from 'node:net'
import { createError } from '@mortise/sdk'
import { METADATA_FIELD } from '../documents.js'
import type { FieldMapping, Mappings } from '../mappings.js'
import { parseDate } from '../query/parse-date.js'
import { isGeoPoint } from './geo-point.js'

type Properties = Record<string, unknown>

/** Where a document is bound for, so that a refusal can say so. */
interface Destination { id: string; index: string; collection: string }

const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)
const toNumber = (value: unknown): number => (typeof value === 'string' && value.trim() !== '' ? Number(value) : typeof value === 'number' ? value : NaN)
const isNumber = (value: unknown): boolean => Number.isFinite(toNumber(value))
const within = (lowest: number, highest: number) => (value: unknown): boolean => {
  const number = Math.trunc(toNumber(value))
  return number >= lowest && number <= highest
}

/** What a value of each type may be. Numbers may come as text, as in Elasticsearch. Types that are not listed take anything. */
const accepts: Record<string, (value: unknown) => boolean> = {
  text: isText,
  keyword: isText,
  constant_keyword: isText,
  wildcard: isText,
  match_only_text: isText,
  search_as_you_type: isText,
  version: isText,
  binary: (value) => typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value),
  long: within(-(2 ** 63), 2 ** 63),
  integer: within(-(2 ** 31), 2 ** 31 - 1),
  short: within(-(2 ** 15), 2 ** 15 - 1),
  byte: within(-128, 127),
  unsigned_long: within(0, 2 ** 64),
  double: isNumber,
  float: isNumber,
  half_float: isNumber,
  scaled_float: isNumber,
  date: (value) => parseDate(value) !== undefined,
  date_nanos: (value) => parseDate(value) !== undefined,
  boolean: (value) => typeof value === 'boolean' || value === 'true' || value === 'false' || value === '',
  ip: (value) => typeof value === 'string' && isIP(value) !== 0,
  object: isObject,
  nested: isObject,
  flattened: isObject,
  geo_point: isGeoPoint,
}

const HAVE_FIELDS = new Set(['object', 'nested'])
const NO_PROPERTIES: Record<string, FieldMapping> = {}

/**
 * Holds a document against its collection's mapping. An array stands for its elements, `null` fits every type, and a date with a format
 * of its own is taken as it is.
 *
 * @throws `services.storage.unexpected_bad_request` naming the field, its type and the value; `services.storage.strict_mapping_rejection`
 */
export function checkDocument(source: Properties, mappings: Mappings, destination: Destination): void {
  checkProperties(source, mappings, { prefix: '', strict: false, destination })
}

interface Walk { prefix: string; strict: boolean; destination: Destination }

function checkProperties(source: Properties, level: Pick<FieldMapping, 'dynamic' | 'properties'>, walk: Walk): void {
  const properties = level.properties ?? NO_PROPERTIES
  const strict = level.dynamic === undefined ? walk.strict : level.dynamic === 'strict'
  const inside = strict === walk.strict ? walk : { ...walk, strict }
  for (const name in properties) {
    if (Object.hasOwn(source, name)) checkField(source[name], name, properties[name] as FieldMapping, inside)
  }
  const stranger = strict && Object.keys(source).find((name) => !Object.hasOwn(properties, name) && walk.prefix + name !== METADATA_FIELD)
  if (typeof stranger !== 'string') return
  throw createError('services.storage.strict_mapping_rejection', walk.prefix + stranger, walk.destination.index, walk.destination.collection)
}

function checkField(value: unknown, name: string, field: FieldMapping, walk: Walk): void {
  if (!Array.isArray(value) || field.type === 'geo_point') return checkValue(value, name, field, walk)
  for (const each of value.flat(Infinity) as unknown[]) checkValue(each, name, field, walk)
}

function checkValue(value: unknown, name: string, field: FieldMapping, walk: Walk): void {
  if (value === null || value === undefined) return
  const type = field.type ?? 'object'
  if (field.format === undefined && accepts[type]?.(value) === false) refuse(value, type, walk.prefix + name, walk.destination)
  if (isObject(value) && HAVE_FIELDS.has(type)) checkProperties(value, field, { ...walk, prefix: `${walk.prefix}${name}.` })
}

function refuse(value: unknown, type: string, path: string, destination: Destination): never {
  const shown = JSON.stringify(value).slice(0, 80)
  throw createError(
    'services.storage.unexpected_bad_request',
    `The field "${path}" of document "${destination.id}" is mapped as "${type}" and cannot hold ${shown}.`,
  )
}
