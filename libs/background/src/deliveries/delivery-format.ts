import { Request, type ConnectionData, type EventDocument, type RequestData, type User } from '@mortise/sdk'
import type { PackedCause } from '@app/causation'
import type { DocumentChange } from '@app/storage'
import { backgroundErrors } from '../background.errors.js'

/** A request as it is kept: no token, no headers and, of its user, only who it was. */
interface KeptRequest {
  readonly data: RequestData
  readonly connection: ConnectionData
  readonly user: User | null
  /** What led to the request; absent for a client's. */
  readonly cause?: PackedCause
}

interface KeptDelivery {
  readonly request: KeptRequest
  readonly document: DocumentChange['document']
}

/** Actions on one document. What others bring in their body is the documents themselves, of which each delivery has its own. */
const SINGLE: ReadonlySet<string | null> = new Set(['create', 'createOrReplace', 'replace', 'update', 'upsert', 'deleteFields', 'delete', 'write'])

/** Writes a request as it is before its action runs. @throws `plugin.background.cannot_be_kept` */
export function writeRequest({ id, timestamp, input, context: { user, connection } }: Request, cause?: PackedCause): string {
  const { controller, action, volatile, body, args: { ids: _, ...args } } = input
  const kept: KeptRequest = {
    data: { ...args, requestId: id, timestamp, controller, action, volatile, body: SINGLE.has(action) ? body : null },
    connection: { id: connection.id, protocol: connection.protocol, ips: connection.ips },
    user: user && { _id: user._id, profileIds: user.profileIds },
    cause,
  }
  try {
    return JSON.stringify(kept)
  } catch (fault) {
    throw backgroundErrors.cannot_be_kept(`${controller}:${action}`, (fault as Error).message)
      .with({ hint: 'Put only plain data into a request: a pipe has left something else there.' })
  }
}

/** Joins a written request and what was changed. */
export const writeDelivery = (request: string, { document }: DocumentChange): string =>
  `{"request":${request},"document":${JSON.stringify(document)}}`

/** What a listener to `event` gets, made of what was kept, and what led to it. */
export function readDelivery(event: string, kept: string): { payload: unknown[]; cause: PackedCause | undefined } {
  const { request: { data, connection, user, cause }, document } = JSON.parse(kept) as KeptDelivery
  const request = new Request(data, { connection, user, result: resultOf(data.action ?? '', document) })
  const { _id, _source } = document
  return { payload: event.startsWith('generic:') ? [[{ _id, _source } satisfies EventDocument], request] : [request], cause }
}

/** The result in the form that the action has, for its one document. */
function resultOf(action: string, document: DocumentChange['document']): unknown {
  if (SINGLE.has(action)) return document
  if (action === 'mDelete') return { successes: [document._id], errors: [] }
  return action === 'deleteByQuery' ? { documents: [document], ids: [document._id] } : { successes: [document], errors: [] }
}
