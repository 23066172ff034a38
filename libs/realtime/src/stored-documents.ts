import type { EventDocument, Request } from '@mortise/sdk'

/** Reads documents that are stored now; those that are not there are left out. */
export type ReadDocuments = (place: { index: string; collection: string }, ids: readonly string[]) => Promise<readonly EventDocument[]>

/** What requests updated or deleted, and what those that are about to delete would. Kept as long as the request is. */
const changed = new WeakMap<Request, readonly EventDocument[]>()
const doomed = new WeakMap<Request, { key: string; documents: Promise<readonly EventDocument[]> }>()

const DELETIONS: ReadonlySet<unknown> = new Set(['delete', 'mDelete', 'deleteByQuery'])

/**
 * Notes what a request has updated, as it is now, or deleted, as it was:
 * answers need not carry that, while filters of listeners look at it.
 */
export function noteChanged(request: Request, documents: readonly EventDocument[]): void {
  changed.set(request, [...changed.get(request) ?? [], ...documents])
}

/**
 * The documents that a request has updated, or deletes, as they are or were
 * stored; `undefined` for other requests, and where a query alone says what it
 * will delete.
 */
export function storedFor(request: Request, read: ReadDocuments | undefined): readonly EventDocument[] | Promise<readonly EventDocument[]> | undefined {
  const { controller, action } = request.input
  if (controller !== 'document') return undefined
  const known = changed.get(request)
  // Once there is an answer, what is gone can no longer be read.
  if (known || request.result !== null || !DELETIONS.has(action)) return known
  return read && readDoomed(request, read)
}

/** Listeners that come one after another read once, unless a pipe has put other ids in. */
function readDoomed(request: Request, read: ReadDocuments): Promise<readonly EventDocument[]> | undefined {
  const { index, collection } = request.input.args
  const ids = idsOf(request)
  if (!ids || typeof index !== 'string' || typeof collection !== 'string') return undefined
  const key = JSON.stringify([index, collection, ids])
  const reading = doomed.get(request)
  if (reading?.key === key) return reading.documents
  const documents = read({ index, collection }, ids)
  doomed.set(request, { key, documents })
  return documents
}

/** The ids that a request names, in any of the forms that the action takes; what is of none is the action's to refuse. */
function idsOf({ input: { action, args, body } }: Request): string[] | undefined {
  if (action === 'delete') return typeof args._id === 'string' ? [args._id] : undefined
  if (action !== 'mDelete') return undefined
  const given: unknown = (body as { ids?: unknown } | null)?.ids ?? args.ids
  const list = typeof given === 'string' ? listIn(given) : given
  return Array.isArray(list) && list.every((id) => typeof id === 'string') ? list : undefined
}

function listIn(text: string): unknown {
  if (!text.startsWith('[')) return text.split(',')
  try {
    return JSON.parse(text)
  } catch {
    // The action refuses it by name.
    return undefined
  }
}
