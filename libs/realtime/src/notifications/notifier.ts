import { Request } from '@mortise/sdk'
import type { RealtimeEvents } from '../realtime-events.js'
import type { Room } from '../subscriptions/room.js'
import type { Rooms } from '../subscriptions/rooms.js'
import { Backlog } from './backlog.js'
import {
  documentNotification, resultOf, SERVER_CHANNEL, tokenExpired, userNotification, type ChangedDocument, type ChangeKind, type DocumentChange,
  type UserChange,
} from './notifications.js'
import type { Outbox } from './outbox.js'
import type { SeenDocuments } from './seen-documents.js'

/** What a notifier works with. */
export interface NotifierParts {
  readonly rooms: Rooms
  readonly seen: SeenDocuments
  readonly outbox: Outbox
  readonly events: RealtimeEvents
  /** The name of this node, which notifications carry. */
  readonly nodeId: string
}

/**
 * Turns what happened into notifications for the rooms that it concerns. Of a change of many documents some may be told in later turns of
 * the event loop; what happens meanwhile is told after them.
 */
export class Notifier {
  readonly #backlog = new Backlog()

  constructor(private readonly parts: NotifierParts) {}

  /** Tells of documents that were written or deleted, one after another. */
  tellChanges(cause: Request, kind: ChangeKind, documents: readonly ChangedDocument[]): void {
    const { index, collection } = cause.input.args as { index: string; collection: string }
    if (!this.parts.rooms.has(index, collection)) return
    this.#backlog.add(documents, (document) => this.#tellChange(cause, kind, document))
  }

  /** Tells of a message that is not stored. */
  tellMessage(cause: Request, message: { readonly _id?: string; readonly _source: Record<string, unknown> }): void {
    const { index, collection } = cause.input.args as { index: string; collection: string }
    this.#backlog.add([message], ({ _source, _id }) => {
      const rooms = this.parts.rooms.matching(index, collection, _source, _id)
      this.#sendDocument(cause, rooms, { action: 'publish', scope: 'in', result: { ...message } })
    })
  }

  tellUser(cause: Request, room: Room, change: UserChange): void {
    const channels = room.channelsFor('users', change.user)
    const { events, outbox, nodeId } = this.parts
    if (channels.length === 0 && !events.isHeard('core:notify:user')) return
    const notification = userNotification(cause, nodeId, room, change)
    events.notify('core:notify:user', { room: room.id, notification })
    outbox.send('user', room.id, { channels, notification })
  }

  tellTokenExpired(connectionId: string): void {
    const notification = tokenExpired(this.parts.nodeId)
    this.parts.outbox.send('server', connectionId, { channels: [SERVER_CHANNEL], connectionId, notification })
  }

  #tellChange(cause: Request, kind: ChangeKind, document: ChangedDocument): void {
    const { rooms, seen } = this.parts
    const { index, collection } = cause.input.args as { index: string; collection: string }
    const matching = rooms.matching(index, collection, document._source, document._id)
    const isGone = kind === 'delete'
    const before = seen.replace(documentKey(cause, document._id), isGone ? [] : matching.map(({ id }) => id))
    const result = resultOf(cause, kind, document)
    if (isGone) return this.#sendDocument(cause, matching, { action: kind, scope: 'out', result })
    this.#sendDocument(cause, matching, { action: kind, scope: 'in', result })
    if (kind !== 'create' && before.length > 0) this.#sendDocument(cause, this.#left(before, matching), { action: kind, scope: 'out', result })
  }

  /** The rooms that a document was in and is no longer, as far as they are still there. */
  #left(before: readonly string[], matching: readonly Room[]): Room[] {
    const now = new Set(matching.map(({ id }) => id))
    return before.filter((id) => !now.has(id)).map((id) => this.parts.rooms.get(id)).filter((room) => room !== undefined)
  }

  #sendDocument(cause: Request, rooms: readonly Room[], change: DocumentChange): void {
    if (rooms.length === 0) return
    const { events, outbox, nodeId } = this.parts
    const notification = documentNotification(cause, nodeId, change)
    if (events.isHeard('core:notify:document')) events.notify('core:notify:document', { rooms: rooms.map(({ id }) => id), notification })
    const channels = rooms.flatMap((room) => room.channelsFor('scope', change.scope))
    outbox.send('document', documentKey(cause, change.result._id), { channels, notification })
  }
}

/** One text for each document; names cannot hold a slash. */
const documentKey = ({ input: { args } }: Request, _id: unknown): string => `${args.index}/${args.collection}/${_id}`
