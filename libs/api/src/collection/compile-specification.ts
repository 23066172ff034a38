import { ApiError, createError } from '@mortise/sdk'
import { isObject, normalizeFilter, parseFilter } from '@app/storage'
import type { Filter } from '@app/storage'
import type { KnownTypes } from '../ports/known-types.js'
import type { FieldType } from './field-types.js'
import { KEYS, type FieldSpecification, type Specification } from './specification.js'

/** Fields at one depth, and whether there may be others. */
export interface Level {
  readonly strict: boolean
  readonly fields: Map<string, Field>
}

/** A field, ready to be held against values. */
export interface Field {
  readonly specification: FieldSpecification
  readonly type: FieldType
  readonly children: Level
}

/** A specification, checked and ready to be held against documents. */
export interface CompiledSpecification {
  readonly root: Level
  /** What every document must match; absent when there are no validators. */
  readonly validator?: Filter
}

/**
 * Makes a specification ready for use.
 *
 * @throws `validation.assert.*` and `validation.types.*` (400, 412) for the first thing that is wrong with it.
 */
export function compileSpecification(specification: unknown, types: KnownTypes): CompiledSpecification {
  allowOnly(specification, 'specification', KEYS.specification)
  const { strict = false, fields = {}, validators } = specification as Specification
  if (typeof strict !== 'boolean') throw createError('validation.assert.invalid_type', 'strict', 'boolean')
  if (!isObject(fields)) throw createError('validation.assert.invalid_type', 'fields', 'object')
  const root: Level = { strict, fields: new Map() }
  const paths = Object.keys(fields).sort((one, other) => one.split('/').length - other.split('/').length)
  for (const path of paths) place(root, path, compileField(fields[path], path, types))
  return { root, ...(validators !== undefined && { validator: compileValidators(validators) }) }
}

/** The field at a dotted path, or `undefined` when it is not declared. */
export function fieldAt(root: Level, path: string): Field | undefined {
  const [name = '', ...rest] = path.split('.')
  const field = root.fields.get(name)
  return field && rest.length > 0 ? fieldAt(field.children, rest.join('.')) : field
}

function allowOnly(value: unknown, path: string, keys: readonly string[]): asserts value is Record<string, unknown> {
  if (!isObject(value)) throw createError('validation.assert.invalid_type', path, 'object')
  if (Object.keys(value).some((key) => !keys.includes(key))) throw createError('validation.assert.unexpected_properties', path, keys.join(', '))
}

function compileField(field: unknown, path: string, types: KnownTypes): Omit<Field, 'children'> {
  allowOnly(field, path, KEYS.field)
  if (field.type === undefined) throw createError('validation.assert.missing_type', path)
  const type = types.get(String(field.type))
  if (!type) throw createError('validation.assert.unknown_type', path, String(field.type))
  if (field.mandatory !== undefined && typeof field.mandatory !== 'boolean') throw createError('validation.assert.invalid_type', `${path}.mandatory`, 'boolean')
  const options = field.typeOptions ?? {}
  allowOnly(options, `${path}.typeOptions`, type.options)
  const typeOptions = type.checkOptions?.(options, path) ?? options
  if (field.multivalued !== undefined) checkMultivalued(field.multivalued, path)
  return { type, specification: { ...field as unknown as FieldSpecification, typeOptions } }
}

function checkMultivalued(multivalued: unknown, path: string): void {
  allowOnly(multivalued, `${path}.multivalued`, KEYS.multivalued)
  const { value, minCount, maxCount } = multivalued
  if (value === undefined) throw createError('validation.assert.missing_value', `${path}.multivalued`, 'value')
  if (typeof value !== 'boolean') throw createError('validation.assert.invalid_type', `${path}.multivalued.value`, 'boolean')
  for (const [name, count] of Object.entries({ minCount, maxCount })) {
    if (count === undefined) continue
    if (!value) throw createError('validation.assert.not_multivalued', path, name)
    if (!Number.isInteger(count)) throw createError('validation.assert.invalid_type', `${path}.multivalued.${name}`, 'integer')
  }
  if (Number(minCount) > Number(maxCount)) throw createError('validation.assert.invalid_range', `${path}.multivalued`, 'minCount', 'maxCount')
}

/** Puts a field under its parent, which is there already: shorter paths come first. */
function place(root: Level, path: string, { type, specification }: Omit<Field, 'children'>): void {
  const names = path.split('/')
  const name = names.pop() as string
  let level = root
  for (const parent of names) {
    const field = level.fields.get(parent)
    if (!field) throw createError('validation.assert.missing_parent', path)
    if (!field.type.hasChildren) throw createError('validation.assert.unexpected_children', parent, field.specification.type)
    level = field.children
  }
  const strict = type.strictnessOf?.(specification.typeOptions ?? {}, level.strict) ?? level.strict
  level.fields.set(name, { specification, type, children: { strict, fields: new Map() } })
}

function compileValidators(validators: unknown): Filter {
  try {
    return normalizeFilter(parseFilter(Array.isArray(validators) ? { and: validators } : validators))
  } catch (error) {
    if (ApiError.is(error)) throw createError('validation.assert.invalid_filters', error.message)
    throw error
  }
}
