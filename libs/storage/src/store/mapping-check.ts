import { createError } from '@mortise/sdk'
import type { Dynamic, FieldMapping, Mappings, MappingsInput } from '../mappings.js'

const TYPES = new Set([
  'text', 'keyword', 'constant_keyword', 'wildcard', 'match_only_text', 'search_as_you_type', 'completion', 'binary',
  'long', 'integer', 'short', 'byte', 'unsigned_long', 'double', 'float', 'half_float', 'scaled_float',
  'date', 'date_nanos', 'boolean', 'ip', 'version', 'object', 'nested', 'flattened', 'join', 'alias',
  'integer_range', 'float_range', 'long_range', 'double_range', 'date_range', 'ip_range',
  'geo_point', 'geo_shape', 'point', 'shape', 'dense_vector', 'rank_feature', 'rank_features', 'token_count', 'percolator', 'murmur3',
])
/** What a field may have beside its type. The store keeps all of them and needs few: a name that Elasticsearch does not know is a mistake. */
const PARAMETERS = new Set([
  'type', 'properties', 'fields', 'dynamic', 'enabled', 'index', 'store', 'doc_values', 'null_value', 'copy_to', 'meta', 'boost', 'coerce', 'format', 'locale', 'script',
  'on_script_error', 'ignore_above', 'ignore_malformed', 'ignore_z_value', 'subobjects', 'include_in_all', 'include_in_parent', 'include_in_root', 'time_series_dimension',
  'time_series_metric', 'analyzer', 'search_analyzer', 'search_quote_analyzer', 'normalizer', 'norms', 'similarity', 'term_vector', 'index_options', 'index_phrases', 'index_prefixes',
  'position_increment_gap', 'eager_global_ordinals', 'fielddata', 'fielddata_frequency_filter', 'split_queries_on_whitespace', 'max_shingle_size', 'max_input_length', 'contexts',
  'preserve_separators', 'preserve_position_increments', 'enable_position_increments', 'scaling_factor', 'depth_limit', 'relations', 'path', 'value', 'dims', 'element_type',
  'positive_score_impact', 'orientation', 'strategy', 'precision', 'tree', 'tree_levels', 'distance_error_pct', 'points_only',
])
const HAVE_FIELDS = new Set(['object', 'nested'])
const DYNAMIC = new Set(['true', 'false', 'strict', 'runtime'])
const KEYS = new Set(['dynamic', '_meta', 'properties'])

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a collection has before anything is declared. */
export const emptyMappings = (): Mappings => ({ dynamic: 'false', _meta: {}, properties: {} })

/** Whether documents may add fields to a mapping. Most mappings do not grow, and their writes then cost nothing more. */
export function mayGrow({ dynamic, properties = {} }: Pick<FieldMapping, 'dynamic' | 'properties'>): boolean {
  return dynamic === 'true' || Object.values(properties).some(mayGrow)
}

/**
 * Adds declarations to a mapping and returns the new one. Fields are merged at every depth; `_meta` and `dynamic` replace.
 *
 * @throws `services.storage.invalid_mapping`, `.invalid_mapping_type`, `.invalid_mapping_argument`, `.wrong_mapping_property` for what cannot
 * be read; `services.storage.unexpected_bad_request` when a declared field would change its type, `.cannot_change_mapping` between `object` and `nested`
 */
export function mergeMappings(current: Mappings, input: MappingsInput): Mappings {
  if (!isObject(input)) throw createError('services.storage.wrong_mapping_property', 'mappings')
  const unknown = Object.keys(input).find((key) => !KEYS.has(key))
  if (unknown !== undefined) throw createError('services.storage.invalid_mapping', unknown, 'a mapping has "dynamic", "_meta" and "properties"')
  if (input._meta !== undefined && !isObject(input._meta)) throw createError('services.storage.wrong_mapping_property', '_meta')
  return {
    dynamic: input.dynamic === undefined ? current.dynamic : readDynamic(input.dynamic, 'dynamic'),
    _meta: structuredClone(input._meta ?? current._meta),
    properties: mergeProperties(current.properties, input.properties ?? {}, ''),
  }
}

function readDynamic(value: unknown, path: string): Dynamic {
  const text = String(value)
  if (!DYNAMIC.has(text)) throw createError('services.storage.invalid_mapping', path, `"${text}" is none of true, false, strict, runtime`)
  return text as Dynamic
}

function mergeProperties(current: Record<string, FieldMapping>, input: unknown, prefix: string): Record<string, FieldMapping> {
  if (!isObject(input)) throw createError('services.storage.wrong_mapping_property', `${prefix}properties`)
  const merged = { ...current }
  for (const [name, field] of Object.entries(input)) {
    if (name === '' || name.includes('"')) throw createError('services.storage.invalid_mapping', prefix + name, 'a field needs a name without quotes')
    const [first = '', ...rest] = name.split('.')
    if (rest.length === 0) merged[name] = mergeField(Object.hasOwn(current, name) ? current[name] : undefined, field, prefix + name)
    else Object.assign(merged, mergeProperties(merged, { [first]: { properties: { [rest.join('.')]: field } } }, prefix))
  }
  return merged
}

function mergeField(current: FieldMapping | undefined, field: unknown, path: string): FieldMapping {
  if (!isObject(field)) throw createError('services.storage.wrong_mapping_property', path)
  const type = checkType(field, path)
  checkParameters(field, type, path)
  checkChange(current, type, path)
  const merged: FieldMapping = { ...current, ...structuredClone(field) }
  if (field.properties !== undefined) merged.properties = mergeProperties(current?.properties ?? {}, field.properties, `${path}.`)
  if (field.fields !== undefined) merged.fields = mergeProperties(current?.fields ?? {}, field.fields, `${path}.`)
  if (field.dynamic !== undefined) merged.dynamic = readDynamic(field.dynamic, `${path}.dynamic`)
  return merged
}

function checkType(field: Record<string, unknown>, path: string): string {
  if (field.type === undefined) {
    if (field.properties === undefined && field.dynamic === undefined && Object.keys(field).length > 0) {
      throw createError('services.storage.invalid_mapping', path, 'a field needs a type or properties')
    }
    return 'object'
  }
  if (typeof field.type !== 'string' || !TYPES.has(field.type)) throw createError('services.storage.invalid_mapping_type', String(field.type))
  return field.type
}

function checkParameters(field: Record<string, unknown>, type: string, path: string): void {
  const unknown = Object.keys(field).find((name) => !PARAMETERS.has(name) || (name === 'properties' && !HAVE_FIELDS.has(type)))
  if (unknown !== undefined) throw createError('services.storage.invalid_mapping_argument', `${path}.${unknown}`)
}

function checkChange(current: FieldMapping | undefined, type: string, path: string): void {
  const before = current && (current.type ?? 'object')
  if (before !== undefined && before !== type) {
    if (HAVE_FIELDS.has(before) && HAVE_FIELDS.has(type)) throw createError('services.storage.cannot_change_mapping', `"${path}" is "${before}" and cannot become "${type}"`)
    throw createError('services.storage.unexpected_bad_request', `The field "${path}" is mapped as "${before}" and cannot become "${type}".`)
  }
}
