import { isObject, readField } from '../filter/read-field.js'
import type { Properties } from '../filter/read-field.js'
import type { Scalar } from '../filter/filter.js'
import { compareText } from './compare-text.js'

/**
 * The one form to which both query languages are compiled, and from which SQL is made. Each test is true or false of every document,
 * never unknown, and types are strict: the string `"1"` equals no number.
 *
 * - A *field* is a path of own properties, `a.b`, which does not enter arrays.
 * - `judged` is what no SQL says alike on all engines: JavaScript decides, about the documents for which `onlyIf` holds.
 * - `guided` is both: documents are looked up by `by`, and `then` is checked of those. With `hasFewDoubts`, those that JavaScript has to
 *   judge are looked up by what makes them doubtful.
 */
export type Condition =
  | { type: 'all'; of: Condition[] }
  | { type: 'any'; of: Condition[] }
  | { type: 'not'; of: Condition }
  | { type: 'ids'; ids: string[] }
  | { type: 'present'; field: string }
  | { type: 'kind'; field: string; kind: Kind }
  | { type: 'is'; field: string; values: Scalar[] }
  | { type: 'contains'; field: string; element: Scalar }
  | ({ type: 'range'; field: string } & Bounds<number>)
  | ({ type: 'textRange'; field: string } & Bounds<string>)
  | { type: 'judged'; onlyIf: Condition; holds: Judge }
  | { type: 'guided'; by: Condition; then: Condition; hasFewDoubts: boolean }

/**
 * What a field may hold, as far as conditions tell it apart. An `instant` is text of the form that `Date.toISOString` gives,
 * `2024-01-31T12:00:00.000Z`; `looseText` is any other text.
 */
export type Kind = 'text' | 'instant' | 'looseText' | 'array' | 'object'

/** At least one of the four. Text is ordered by code points. */
export interface Bounds<T> { gt?: T; gte?: T; lt?: T; lte?: T }

type Judge = (document: Properties, id: string) => boolean

export const everything: Condition = { type: 'all', of: [] }
export const nothing: Condition = { type: 'any', of: [] }

/** Whether a condition holds of a document: what the SQL that is made of it must agree with. */
export function holds(condition: Condition, document: Properties, id: string): boolean {
  switch (condition.type) {
    case 'all': return condition.of.every((each) => holds(each, document, id))
    case 'any': return condition.of.some((each) => holds(each, document, id))
    case 'not': return !holds(condition.of, document, id)
    case 'ids': return condition.ids.includes(id)
    case 'judged': return holds(condition.onlyIf, document, id) && condition.holds(document, id)
    case 'guided': return holds(condition.by, document, id) && holds(condition.then, document, id)
    default: return holdsOf(condition, readField(document, condition.field))
  }
}

/** A test of one field. */
export type FieldTest = Extract<Condition, { field: string }>

function holdsOf(condition: FieldTest, value: unknown): boolean {
  switch (condition.type) {
    case 'present': return value !== undefined
    case 'kind': return isOfKind(value, condition.kind)
    case 'is': return (condition.values as unknown[]).includes(value)
    case 'contains': return Array.isArray(value) && value.includes(condition.element)
    case 'range': return typeof value === 'number' && isWithin(condition, value, (one, other) => one - other)
    case 'textRange': return typeof value === 'string' && isWithin(condition, value, compareText)
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ$/

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'text': return typeof value === 'string'
    case 'instant': return typeof value === 'string' && INSTANT.test(value)
    case 'looseText': return typeof value === 'string' && !INSTANT.test(value)
    case 'array': return Array.isArray(value)
    case 'object': return isObject(value)
  }
}

/** Whether a value lies within every bound that is given. */
export function isWithin<T>({ gt, gte, lt, lte }: Bounds<T>, value: T, compare: (one: T, other: T) => number): boolean {
  return (gt === undefined || compare(value, gt) > 0) && (gte === undefined || compare(value, gte) >= 0)
    && (lt === undefined || compare(value, lt) < 0) && (lte === undefined || compare(value, lte) <= 0)
}
