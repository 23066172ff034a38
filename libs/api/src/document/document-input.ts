import { createError, type Request } from '@mortise/sdk'
import { recorderOf } from '@app/background'
import { isObject } from '@app/storage'
import type { Place, Properties } from '@app/storage'

/** The one collection a request is about, where what durable listeners must be told of is recorded with each write. @throws `api.assert.missing_argument`, `services.storage.no_multi_indexes` and its kin (400). */
export function placeOf(request: Request): Place {
  const place = request.getIndexAndCollection()
  if (place.index.includes(',')) throw createError('services.storage.no_multi_indexes')
  if (place.collection.includes(',')) throw createError('services.storage.no_multi_collections')
  const recorder = recorderOf(request)
  return recorder ? { ...place, recorder } : place
}

/** Reads flags that count only once something is stored, so that a mistake in one is told before that. @throws `api.assert.invalid_type` (400) */
export function checkFlags(request: Request, ...names: readonly string[]): void {
  for (const name of names) request.getBoolean(name)
}

/** The body as one document. @throws `api.assert.body_required`, `api.assert.invalid_type` (400). */
export function bodyOf(request: Request): Properties {
  const body: unknown = request.getBody()
  if (!isObject(body)) throw createError('api.assert.invalid_type', 'body', 'object')
  return body
}

/**
 * Whether an action on many documents shows their content, as it does unless
 * told otherwise. Over HTTP, too, `source=false` means false here: the one
 * flag of the protocol whose value counts.
 */
export function isSourceWanted(request: Request): boolean {
  const { source } = request.input.args
  return source !== false && source !== 'false'
}

/** Ids from the body, or from an argument, there also as JSON text or a list with commas. */
export function idsOf(request: Request): string[] {
  const inBody = isObject(request.input.body) && request.input.body.ids !== undefined
  return inBody ? textsOf(request.getBodyArray('ids'), 'body.ids') : textsOf(request.getArrayLegacy('ids'), 'ids')
}

/** A list that holds texts alone. @param path - Where in the request it stands. @throws `api.assert.invalid_type` (400) naming what is none */
export function textsOf(list: readonly unknown[], path: string): string[] {
  const position = list.findIndex((each) => typeof each !== 'string')
  if (position >= 0) throw createError('api.assert.invalid_type', `${path}[${position}]`, 'string')
  return list as string[]
}
