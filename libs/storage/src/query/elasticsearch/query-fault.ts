import { createError } from '@mortise/sdk'

type Properties = Record<string, unknown>

/** Refuses a search, in one sentence that names what is not understood. Nothing of a query is ever passed over. */
export function refuse(fault: string): never {
  throw createError('services.storage.unexpected_bad_request', fault)
}

export const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null && !Array.isArray(value)

export function readObject(value: unknown, place: string): Properties {
  return isObject(value) ? value : refuse(`"${place}" must be an object.`)
}

/** Scores are not computed, so `boost` changes nothing that a client could see; `_name` names a clause and does no more. */
const HARMLESS = ['boost', '_name']

/** @throws when an object has a property that is not listed */
export function allowOnly(body: Properties, known: readonly string[], place: string): void {
  const unknown = Object.keys(body).find((key) => !known.includes(key) && !HARMLESS.includes(key))
  if (unknown !== undefined) refuse(`"${place}" does not support "${unknown}".`)
}

/** `{ <field>: <body> }` with exactly one field. */
export function readField(body: unknown, place: string): { field: string; given: unknown } {
  const entries = Object.entries(readObject(body, place)).filter(([key]) => !HARMLESS.includes(key))
  const [entry] = entries
  if (!entry || entries.length > 1) return refuse(`"${place}" must name one field.`)
  return { field: entry[0], given: entry[1] }
}

/** A body given in short, as the value alone, or as an object that holds it under `name` beside options. */
export function readOptions(given: unknown, name: string, known: readonly string[], place: string): Properties {
  if (!isObject(given)) return { [name]: given }
  allowOnly(given, [name, ...known], place)
  if (given[name] === undefined) refuse(`"${place}" lacks "${name}".`)
  return given
}

export function readText(value: unknown, place: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : refuse(`"${place}" must be a string.`)
}
