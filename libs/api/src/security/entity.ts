import { ApiError, createError, type Request } from '@mortise/sdk'
import { idsOf } from '../document/document-input.js'

/** A user, profile, role or API key as clients see it. */
export interface Entity {
  _id: string
  _source: Record<string, unknown>
}

/** Entities are shown without their version. */
export const present = ({ _id, _source }: Entity): Entity => ({ _id, _source })

/** The protocol shows users without an author, which they never have. */
export function presentUser({ _id, _source: { _kuzzle_info: info, ...content } }: Entity): Entity {
  if (info === undefined) return { _id, _source: content }
  const { author: _author, ...rest } = info as Record<string, unknown>
  return { _id, _source: { ...content, _kuzzle_info: rest } }
}

/**
 * Deletes one after another. Those that failed make the answer a partial one:
 * its error lists them, its result holds the ids that are gone.
 */
export async function deleteEach(request: Request, remove: (id: string) => Promise<unknown>): Promise<string[]> {
  const deleted: string[] = []
  const errors: ApiError[] = []
  for (const id of idsOf(request)) {
    try {
      await remove(id)
      deleted.push(id)
    } catch (error) {
      if (!ApiError.is(error)) throw error
      errors.push(error)
    }
  }
  if (errors.length > 0) request.setError(createError('services.storage.incomplete_delete', errors.map(({ message }) => message).join(' '), errors))
  return deleted
}
