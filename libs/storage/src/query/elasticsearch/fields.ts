import { isObject } from '../../filter/read-field.js'
import type { Properties } from '../../filter/read-field.js'
import { METADATA_FIELD } from '../../documents.js'
import type { DeclaredField } from '../../mappings.js'
import type { Condition } from '../condition.js'

/** A field of a query: where in the document its values stand, and its type, if it is declared. */
export interface QueryField { path: string; type?: string }

const METADATA: ReadonlyMap<string, string> = new Map([['author', 'keyword'], ['createdAt', 'date'], ['updatedAt', 'date'], ['updater', 'keyword']])

/** The fields that a query may be about: those a mapping declares, those every document has, and any other, whose type is not known. */
export class QueryFields {
  constructor(private readonly declared: ReadonlyMap<string, DeclaredField>) {}

  /** `x.keyword` of a field that is not declared is the field itself, as if it had been mapped dynamically. */
  resolve(name: string): QueryField {
    const known = this.declared.get(name)
    if (known) return known
    if (name.startsWith(`${METADATA_FIELD}.`)) return { path: name, type: METADATA.get(name.slice(METADATA_FIELD.length + 1)) }
    if (!name.endsWith('.keyword')) return { path: name }
    const path = name.slice(0, -'.keyword'.length)
    return { path, type: this.declared.has(path) ? 'keyword' : undefined }
  }

  /** The declared fields that a pattern such as `title*` stands for. */
  expand(pattern: string): string[] {
    if (!pattern.includes('*')) return [pattern]
    const parts = pattern.split('*')
    return [...this.declared.keys()].filter((name) => fits(name, parts))
  }
}

/** Whether a name is made of the parts, in order, with anything between them. */
export function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  if (!name.startsWith(first)) return false
  if (rest.length === 0) return name === first
  let position = first.length
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, position)
    if (found === -1) return false
    position = found + part.length
  }
  const last = rest.at(-1)!
  return name.length - position >= last.length && name.endsWith(last)
}

/** All values that a path leads to, an array standing for its elements wherever it is on the way. */
export function valuesAt(document: Properties, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>((values, name) => values
    .flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? flatten(value[name]) : [])), [document])
}

const flatten = (value: unknown): unknown[] => (Array.isArray(value) ? value.flatMap(flatten) : [value])

/**
 * A test of a field as Elasticsearch makes it: of any of its values.
 *
 * @param plain - Says the same as `test` of a field that is not reached through an array.
 */
export function ofAnyValue(path: string, plain: Condition, test: (value: unknown) => boolean): Condition {
  const arrays: Condition[] = prefixesOf(path).map((field) => ({ type: 'kind', field, kind: 'array' }))
  return {
    type: 'any',
    of: [plain, { type: 'judged', onlyIf: { type: 'any', of: arrays }, holds: (document) => valuesAt(document, path).some(test) }],
  }
}

/** A test that only JavaScript can make, of any value of a field that is text or is reached through an array. */
export function ofAnyText(path: string, test: (text: string) => boolean): Condition {
  const isFit = (value: unknown): boolean => typeof value === 'string' && test(value)
  const plain: Condition = {
    type: 'judged', onlyIf: { type: 'kind', field: path, kind: 'text' }, holds: (document) => valuesAt(document, path).some(isFit),
  }
  return ofAnyValue(path, plain, isFit)
}

const prefixesOf = (path: string): string[] => path.split('.').map((_, index, names) => names.slice(0, index + 1).join('.'))
