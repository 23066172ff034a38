import type { Notification, Request } from '@mortise/sdk'
import type { Room } from '../subscriptions/room.js'
import type { Direction } from '../subscriptions/channel.js'

/** How a document changed. */
export type ChangeKind = 'create' | 'update' | 'replace' | 'delete'

/** A document that changed: as it is now or, deleted, as it was last. */
export interface ChangedDocument {
  readonly _id: string
  readonly _source: Record<string, unknown>
  readonly _version: number
  /** The top-level fields that an update was given. */
  readonly _updatedFields?: readonly string[]
}

/** The channel that messages of the host itself come on. Source: the protocol. */
export const SERVER_CHANNEL = 'kuzzle:notification:server'

const EVENTS = { create: 'write', update: 'write', replace: 'write', delete: 'delete', publish: 'publish' } as const

/** What a document's notification says of the change. */
export interface DocumentChange {
  readonly action: ChangeKind | 'publish'
  readonly scope: Direction
  readonly result: Readonly<Record<string, unknown>>
}

/** A document came into a filter's reach, changed there, or left it. Source of all forms: the protocol's notifications. */
export const documentNotification = (cause: Request, node: string, { action, scope, result }: DocumentChange): Notification => ({
  type: 'document', status: 200, action, scope, result, event: EVENTS[action], requestId: cause.id, timestamp: cause.timestamp,
  volatile: cause.input.volatile, index: cause.input.args.index, collection: cause.input.args.collection,
  controller: cause.input.controller, protocol: cause.context.connection.protocol, node,
})

/** What of a changed document is shown. Actions on many documents show of each what they answer. */
export function resultOf(cause: Request, kind: ChangeKind, document: ChangedDocument): Record<string, unknown> {
  const { _id, _source, _version, _updatedFields } = document
  if (kind === 'update') return { _id, _source, _updatedFields }
  const isOneOfMany = kind !== 'delete' && /^m[A-Z]/.test(cause.input.action ?? '')
  return isOneOfMany ? { ...document } : { _id, _source, _version }
}

/** What a user's notification says. */
export interface UserChange {
  readonly user: Direction
  /** How many are in the room now. */
  readonly count: number
  readonly volatile: unknown
}

/** Somebody entered a room, or left it. */
export const userNotification = (cause: Request, node: string, room: Room, { user, count, volatile }: UserChange): Notification => ({
  type: 'user', status: 200, user, result: { count }, timestamp: cause.timestamp, volatile, index: room.index, collection: room.collection,
  controller: 'realtime', action: cause.input.action, protocol: user === 'in' ? cause.context.connection.protocol : null, node,
})

/** A connection's token is no longer good. */
export const tokenExpired = (node: string): Notification => ({
  type: 'TokenExpired', status: 200, info: 'The server sent this by itself.', message: 'The authentication token has expired.', node,
})
