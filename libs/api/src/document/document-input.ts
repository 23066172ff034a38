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
  const ids: unknown[] = inBody ? request.getBodyArray('ids') : request.getArrayLegacy('ids')
  ids.forEach((id, position) => {
    if (typeof id !== 'string') throw createError('api.assert.invalid_type', `${inBody ? 'body.' : ''}ids[${position}]`, 'string')
  })
  return ids as string[]
}
