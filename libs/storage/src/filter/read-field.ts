import type { Scalar } from './filter.js'

/** Any object that is not an array: what a path may enter. */
export type Properties = Record<string, unknown>

export function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string, a finite number, a boolean or `null`. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

/**
 * The value at `path` (`a.b.c`) in a document, or `undefined` where the path leads nowhere. Only own properties of objects are
 * followed: neither arrays nor what an object inherits, so `constructor` or `length` are absent unless the document has them.
 */
export function readField(document: Properties, path: string): unknown {
  let value: unknown = document
  let start = 0
  while (isObject(value)) {
    const dot = path.indexOf('.', start)
    const key = dot === -1 ? path.slice(start) : path.slice(start, dot)
    if (!Object.hasOwn(value, key)) return undefined
    value = value[key]
    if (dot === -1) return value
    start = dot + 1
  }
  return undefined
}
