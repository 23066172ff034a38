import { isObject, matchesFilter } from '@app/storage'
import type { Properties } from '@app/storage'
import type { CompiledSpecification, Field, Level } from './compile-specification.js'

/** What is wrong with a document, and where; the empty path is the document itself. */
export interface DocumentFault {
  readonly path: readonly string[]
  readonly fault: string
}

/** How a document is looked at: `partial` ones are changes to a document, which need not name every field. */
export interface ValidationOptions {
  readonly partial?: boolean
  readonly id?: string
}

/** Faults in the order of the fields; a promise stands for those of a field that a plugin is asked about. */
type Faults = (DocumentFault | Promise<DocumentFault[]>)[]

/**
 * Everything that is wrong with a document. Validators are held against whole
 * documents only: for changes, against what they make of one.
 *
 * @throws what a plugin's type fails with
 */
export async function validateDocument(specification: CompiledSpecification, document: Properties, { partial = false, id }: ValidationOptions = {}): Promise<DocumentFault[]> {
  const faults = await settle(faultsOfLevel(specification.root, document, [], partial))
  const fault = partial ? undefined : faultOfValidators(specification, document, id)
  return fault ? [...faults, fault] : faults
}

const settle = async (faults: Faults): Promise<DocumentFault[]> => (faults.length > 0 ? (await Promise.all(faults)).flat() : [])

/** What the validators say of a whole document, unless they match it. */
export const faultOfValidators = ({ validator }: CompiledSpecification, document: Properties, id?: string): DocumentFault | undefined =>
  (validator && !matchesFilter(validator, document, id) ? { path: [], fault: 'it does not match the validators' } : undefined)

/** The document with default values where it has none. */
export function fillDefaults({ fields }: Level, document: Properties): Properties {
  const filled = { ...document }
  for (const [name, { specification, children }] of fields) {
    if (isMissing(filled[name]) && specification.defaultValue !== undefined) filled[name] = structuredClone(specification.defaultValue)
    const value = filled[name]
    if (children.fields.size > 0 && isObject(value)) filled[name] = fillDefaults(children, value)
  }
  return filled
}

const isMissing = (value: unknown): boolean => value === undefined || value === null

function faultsOfLevel(level: Level, values: Properties, path: readonly string[], partial: boolean): Faults {
  const faults: Faults = []
  for (const [name, field] of level.fields) {
    const here = [...path, name]
    if (!isMissing(values[name])) faults.push(...faultsOfField(field, values[name], here, partial))
    else if (field.specification.mandatory && !(partial && values[name] === undefined)) faults.push({ path: here, fault: 'it is missing' })
  }
  if (level.strict) {
    const unknown = Object.keys(values).filter((name) => !level.fields.has(name))
    faults.push(...unknown.map((name) => ({ path: [...path, name], fault: 'it is not declared' })))
  }
  return faults
}

function faultsOfField(field: Field, value: unknown, path: readonly string[], partial: boolean): Faults {
  const { multivalued, type } = field.specification
  if (!multivalued?.value) {
    const isOne = !Array.isArray(value) || LISTS.has(type)
    return isOne ? faultsOfValue(field, value, path, partial) : [{ path, fault: 'it holds several values' }]
  }
  const fault = faultOfCount(value, multivalued)
  return fault === undefined ? (value as unknown[]).flatMap((element) => faultsOfValue(field, element, path, partial)) : [{ path, fault }]
}

/** Types whose single values may be written as lists. */
const LISTS: ReadonlySet<string> = new Set(['anything', 'geo_point'])

function faultOfCount(value: unknown, { minCount = 0, maxCount = Infinity }: { minCount?: number; maxCount?: number }): string | undefined {
  if (!Array.isArray(value)) return 'it is no list'
  if (value.length < minCount) return `it holds fewer than ${minCount} values`
  return value.length > maxCount ? `it holds more than ${maxCount} values` : undefined
}

function faultsOfValue({ type, specification, children }: Field, value: unknown, path: readonly string[], partial: boolean): Faults {
  const faultsWith = (fault: string | undefined): Faults => {
    if (fault !== undefined) return [{ path, fault }]
    return type.hasChildren ? faultsOfChildren(children, value, path, partial) : []
  }
  const fault = type.faultOf(value, specification.typeOptions ?? {})
  return fault instanceof Promise ? [fault.then((found) => settle(faultsWith(found)))] : faultsWith(fault)
}

/** A plugin's type may let values pass that have no fields, as long as none is declared. */
function faultsOfChildren(children: Level, value: unknown, path: readonly string[], partial: boolean): Faults {
  if (isObject(value)) return faultsOfLevel(children, value, path, partial)
  return children.fields.size > 0 ? [{ path, fault: 'it is no object' }] : []
}
