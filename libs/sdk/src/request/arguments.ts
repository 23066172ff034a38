import { createError } from '../errors/index.js'

/** Where a value is looked for, and how it is called in an error. */
export interface Source {
  values: Record<string, unknown> | null
  /** Put before the name in errors: `body.` for bodies. */
  prefix: string
}

/**
 * The value at `path` (`a.b` enters nested objects), or the default, or an
 * error that names it. A default is given as a list of one.
 */
export function read(source: Source, path: string, fallback: readonly unknown[] = []): unknown {
  const value = at(source.values, path)
  if (value !== undefined && value !== null) return value
  if (fallback.length > 0) return fallback[0]
  throw createError('api.assert.missing_argument', source.prefix + path)
}

function at(values: Record<string, unknown> | null, path: string): unknown {
  if (values === null) return undefined
  if (Object.hasOwn(values, path)) return values[path]
  let value: unknown = values
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The one way to refuse a value: names it and the type it should have. */
export function wrongArgument(source: Source, path: string, expected: string): Error {
  return createError('api.assert.invalid_type', source.prefix + path, expected)
}

/** A number, or a text that is one. */
export function toNumber(source: Source, path: string, value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN
  if (Number.isNaN(number)) throw wrongArgument(source, path, 'number')
  return number
}

/** A whole number that JavaScript represents exactly. */
export function toInteger(source: Source, path: string, value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN
  if (!Number.isSafeInteger(number)) throw wrongArgument(source, path, 'integer')
  return number
}

export function toText(source: Source, path: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongArgument(source, path, 'string')
  return value
}

export function toArray(source: Source, path: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrongArgument(source, path, 'array')
  return value
}

export function toObject(source: Source, path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongArgument(source, path, 'object')
  return value as Record<string, unknown>
}

/** JSON text as its value; anything else as it is. */
export function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    // Text that is no JSON keeps being text, and is refused by its type.
    return value
  }
}
