import { refuse, suggest, within } from '../filter-fault.js'
import type { Scalar } from '../filter.js'
import { isObject, isScalar } from '../read-field.js'
import type { Properties } from '../read-field.js'

/** The longest path to a field, in characters. */
const maxPathLength = 500

/** The most entries any list of a filter may have: values, ids, corners, parts of an `and`. */
const maxListLength = 10_000

export function readObject(body: unknown, place: string): Properties {
  return isObject(body) ? body : refuse(place, 'must be an object')
}

export function readList(body: unknown, place: string): unknown[] {
  if (!Array.isArray(body)) return refuse(place, 'must be an array')
  if (body.length === 0) return refuse(place, 'must not be empty')
  if (body.length > maxListLength) return refuse(place, `has ${body.length} entries, of which at most ${maxListLength} are allowed`)
  return body
}

export function readText(body: unknown, place: string): string {
  return typeof body === 'string' && body !== '' ? body : refuse(place, 'must be a string that is not empty')
}

/** The path to a field, `a.b.c`. */
export function readPath(path: unknown, place: string): string {
  const text = readText(path, place)
  return text.length <= maxPathLength ? text : refuse(place, `names a field by ${text.length} characters, of which at most ${maxPathLength} are allowed`)
}

export function readScalar(body: unknown, place: string): Scalar {
  return isScalar(body) ? body : refuse(place, 'must be a string, a number, a boolean or null')
}

export function readNumber(body: unknown, place: string): number {
  return typeof body === 'number' && Number.isFinite(body) ? body : refuse(place, 'must be a number')
}

/** `{ <field>: <test> }`, beside the named options of the clause, if it has any. */
export function readFieldTest(body: unknown, place: string, options: readonly string[] = []): { field: string; test: unknown; place: string } {
  const clause = readObject(body, place)
  const fields = Object.keys(clause).filter((key) => !options.includes(key))
  if (fields.length === 0) return refuse(place, 'names no field')
  if (fields.length > 1) return refuse(place, `names ${fields.length} fields, of which it can test only one`, 'Put one clause a field into an "and".')
  const field = fields[0]!
  return { field: readPath(field, within(place, field)), test: clause[field], place: within(place, field) }
}

/** Refuses properties that the clause does not know, and suggests the nearest that it does. */
export function allowOnly(body: Properties, known: readonly string[], place: string): void {
  const stranger = Object.keys(body).find((key) => !known.includes(key))
  if (stranger !== undefined) refuse(within(place, stranger), `unknown property, known are ${known.join(', ')}`, suggest(stranger, known))
}
