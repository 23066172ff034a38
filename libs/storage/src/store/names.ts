import { createError } from '@mortise/sdk'

const FORBIDDEN = /[\\/*?"<>|,#\s:%&]/
const MAX_BYTES = 126
const MAX_ID_BYTES = 512

/**
 * Elasticsearch's rules: lower case, none of `\/*?"<>|,#:%&` or spaces, no `-`, `_` or `+` in front, at most 126 bytes. And nothing that
 * an engine would store as another name: no U+0000, no half of a surrogate pair.
 */
export function isValidName(name: unknown): name is string {
  return typeof name === 'string' && name.length > 0 && name !== '.' && name !== '..'
    && name === name.toLowerCase() && !FORBIDDEN.test(name) && !/^[-_+]/.test(name) && Buffer.byteLength(name) <= MAX_BYTES && canBeStored(name)
}

/** @throws `services.storage.invalid_index_name` */
export function checkIndexName(name: string): void {
  if (!isValidName(name)) throw createError('services.storage.invalid_index_name', name)
}

/** @throws `services.storage.invalid_collection_name` */
export function checkCollectionName(name: string): void {
  if (!isValidName(name)) throw createError('services.storage.invalid_collection_name', name)
}

/**
 * An id is a string of 1 to 512 bytes.
 * @throws `services.storage.invalid_argument`, or `services.storage.search_as_an_id` for the one name that a route needs
 */
export function checkId(id: unknown): asserts id is string {
  if (id === '') throw createError('services.storage.invalid_argument', '_id', 'a string that is not empty')
  if (id === '_search') throw createError('services.storage.search_as_an_id')
  checkKnownId(id)
  if (Buffer.byteLength(id) > MAX_ID_BYTES) throw createError('services.storage.invalid_argument', '_id', `at most ${MAX_ID_BYTES} bytes`)
}

/** An id that a document may have. @throws `services.storage.invalid_argument` */
export function checkKnownId(id: unknown): asserts id is string {
  if (typeof id !== 'string') throw createError('services.storage.invalid_argument', '_id', 'a string that is not empty')
  if (id.includes('\0')) throw createError('services.storage.invalid_argument', '_id', 'a string without the character U+0000')
  if (!id.isWellFormed()) throw createError('services.storage.invalid_argument', '_id', 'a string of whole Unicode characters, without half a surrogate pair')
}

/** Whether any engine can be asked for this id or name: of one that it cannot have stored, an engine might take another for it. @throws as {@link checkKnownId} of what is no text */
export function canBeStored(id: string): boolean {
  if (typeof id !== 'string') checkKnownId(id)
  return !id.includes('\0') && id.isWellFormed()
}
