import { createError } from '@mortise/sdk'

type Content = Record<string, unknown>

/** @throws `api.assert.missing_argument` or `api.assert.invalid_type` */
export function requireObject(value: unknown, name: string): Content {
  if (value === undefined) throw createError('api.assert.missing_argument', name)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw createError('api.assert.invalid_type', name, 'object')
  return value as Content
}

/** A list with something in it. @throws `api.assert.missing_argument`, `api.assert.invalid_type` or `api.assert.empty_argument` */
export function requireList(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) throw createError('api.assert.missing_argument', name)
  if (!Array.isArray(value)) throw createError('api.assert.invalid_type', name, 'array')
  if (value.length === 0) throw createError('api.assert.empty_argument', name)
  return value
}

/** A text with something in it. @throws as {@link requireList} */
export function requireText(value: unknown, name: string): string {
  if (value === undefined || value === null) throw createError('api.assert.missing_argument', name)
  if (typeof value !== 'string') throw createError('api.assert.invalid_type', name, 'string')
  if (value === '') throw createError('api.assert.empty_argument', name)
  return value
}

/** An id may be any text but holds no control characters, which nobody sees. @throws `api.assert.invalid_id` */
export function requireId(id: string): string {
  if (/\p{Cc}/u.test(id)) throw createError('api.assert.invalid_id', id.replace(/\p{Cc}/gu, '?'))
  return id
}

/** @throws `api.assert.unexpected_argument` naming the first key that is not known. */
export function refuseOtherKeys(value: Content, known: readonly string[], name: string): void {
  const stray = Object.keys(value).find((key) => !known.includes(key))
  if (stray !== undefined) throw createError('api.assert.unexpected_argument', `${name}.${stray}`, known.map((key) => `"${key}"`).join(', '))
}
