import { createError, type Request } from '@mortise/sdk'
import { isObject } from '@app/storage'
import type { Place } from '@app/storage'
import type { Store } from '../ports/store.js'
import { placeOf } from './document-input.js'

/**
 * Where a search looks: in the request's index and collection, or in its
 * `targets`, a list of `{ index, collections? }`; without `collections` all of
 * the index are meant.
 *
 * @throws `services.storage.invalid_target_format` (400) naming the target.
 */
export async function placesOf(request: Request, store: Store): Promise<Place[]> {
  if (request.input.args.targets === undefined) return [placeOf(request)]
  const targets = request.getArray('targets')
  if (targets.length === 0) throw createError('services.storage.invalid_target_format', 'targets', 'it names no target')
  return (await Promise.all(targets.map((target, position) => readTarget(target, `targets[${position}]`, store)))).flat()
}

async function readTarget(target: unknown, path: string, store: Store): Promise<Place[]> {
  if (!isObject(target) || typeof target.index !== 'string') throw createError('services.storage.invalid_target_format', path, 'it needs an "index"')
  const { index, collections } = target
  if (collections === undefined) return (await store.listCollections(index)).map((collection) => ({ index, collection }))
  if (!Array.isArray(collections) || collections.some((name) => typeof name !== 'string')) {
    throw createError('services.storage.invalid_target_format', `${path}.collections`, 'it is no list of names')
  }
  return collections.map((collection: string) => ({ index, collection }))
}
