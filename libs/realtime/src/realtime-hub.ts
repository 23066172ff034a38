import { createError, Request, type ClientConnection, type Logger } from '@mortise/sdk'
import type { EventBus, Registry } from '@app/registry'
import { countConditions, filterId, METADATA_FIELD, normalizeFilter, parseFilter, type Filter } from '@app/storage'
import { InnerConnections, type Deliver } from './notifications/inner-connections.js'
import { Notifier } from './notifications/notifier.js'
import type { NotificationSink } from './notifications/notification-sink.js'
import type { ChangedDocument, ChangeKind } from './notifications/notifications.js'
import { Outbox } from './notifications/outbox.js'
import { SeenDocuments } from './notifications/seen-documents.js'
import { RealtimeEvents } from './realtime-events.js'
import type { ChannelOptions } from './subscriptions/channel.js'
import { Memberships } from './subscriptions/memberships.js'
import type { Room, RoomPlace } from './subscriptions/room.js'
import { Rooms, type RoomCounts } from './subscriptions/rooms.js'

/** How much may be subscribed to and remembered. 0 for no limit of the first three. */
export interface RealtimeLimits {
  /** Rooms there may be. */
  readonly subscriptionRooms: number
  /** Rooms that one connection may be in. */
  readonly subscriptionsPerConnection: number
  /** Conditions that one filter may hold. */
  readonly subscriptionConditionsCount: number
  /** Milliseconds for which is remembered which rooms a document was in. */
  readonly subscriptionDocumentTTL: number
  /** For how many documents that is remembered. */
  readonly subscriptionDocuments: number
}

/** What the hub is built of. */
export interface RealtimeParts {
  readonly registry: Registry
  readonly bus: EventBus
  readonly logger: Logger
  readonly limits: RealtimeLimits
  /** The name of this node, which notifications carry. */
  readonly nodeId: string
  /** The doors. */
  readonly sink: NotificationSink
  /** Whether a client's connection is still open. */
  isConnected(connectionId: string): boolean
}

/** A filter on a collection, as a client gave it. */
export interface Subscription {
  readonly index: string
  readonly collection: string
  readonly filters: unknown
  readonly options: ChannelOptions
}

/** Where a connection is after it subscribed; opaque to clients, but equal filters share a room. */
export interface Subscribed {
  readonly roomId: string
  readonly channel: string
}

/**
 * Who wants to hear of changes, and how they hear of them: connections enter
 * rooms, one for each filter of a collection; what is told here goes to those
 * whose filter it matches. Source: the protocol's chapter on realtime.
 */
export class RealtimeHub {
  readonly #rooms = new Rooms()
  readonly #inner: InnerConnections
  readonly #memberships: Memberships
  readonly #seen: SeenDocuments
  readonly #events: RealtimeEvents
  readonly #outbox: Outbox
  readonly #notifier: Notifier

  constructor(private readonly parts: RealtimeParts) {
    const { limits, registry, bus, logger, sink, nodeId } = parts
    this.#inner = new InnerConnections(logger)
    this.#memberships = new Memberships(limits.subscriptionsPerConnection)
    this.#seen = new SeenDocuments({ capacity: limits.subscriptionDocuments, timeToLive: limits.subscriptionDocumentTTL })
    this.#events = new RealtimeEvents(registry, bus)
    this.#outbox = new Outbox([sink, this.#inner], this.#events, logger)
    this.#notifier = new Notifier({ rooms: this.#rooms, seen: this.#seen, outbox: this.#outbox, events: this.#events, nodeId })
  }

  /** How many rooms there are, and how many subscriptions to them. */
  get totals(): { rooms: number; subscriptions: number } {
    return { rooms: this.#rooms.size, subscriptions: this.#memberships.size }
  }

  /** How many subscribers each room has. */
  counts(): RoomCounts {
    return this.#rooms.counts()
  }

  /** How many subscribers a room has; none when it is unknown. */
  count(roomId: string): number {
    return this.#rooms.get(roomId)?.size ?? 0
  }

  /** The collections of an index that somebody subscribed to. */
  collectionsOf(index: string): string[] {
    return this.#rooms.collectionsOf(index)
  }

  /**
   * Puts the connection of a request into the room of a filter. Again with the
   * same options, nothing changes; with others, it is on two channels.
   *
   * @returns `null` when the connection has gone in the meantime.
   * @throws `api.assert.koncorde_dsl_error` (400), `core.realtime.too_many_terms` or `core.realtime.too_many_rooms` (413).
   */
  async subscribe(request: Request, { index, collection, filters, options }: Subscription): Promise<Subscribed | null> {
    const connectionId = connectionOf(request)
    const filter = this.#readFilter(filters)
    const place = { id: filterId(index, collection, filter), index, collection, filter }
    await this.#announce(connectionId, place, filters)
    if (!this.#isConnected(connectionId)) return null
    if (!this.#rooms.get(place.id)?.has(connectionId)) this.#memberships.checkRoom(connectionId)
    return this.#enter(request, this.#rooms.get(place.id) ?? this.#open(place), options)
  }

  /**
   * Puts the connection of a request into a room that others have opened.
   *
   * @returns `null` when the connection has gone in the meantime.
   * @throws `core.realtime.room_not_found` (404) or `core.realtime.too_many_rooms` (413).
   */
  join(request: Request, roomId: string, options: ChannelOptions): Subscribed | null {
    const connectionId = connectionOf(request)
    const room = this.#rooms.get(roomId)
    if (!room) throw createError('core.realtime.room_not_found', roomId)
    if (!this.#isConnected(connectionId)) return null
    if (!room.has(connectionId)) this.#memberships.checkRoom(connectionId)
    return this.#enter(request, room, options)
  }

  /**
   * Takes the connection of a request out of a room, off all its channels.
   *
   * @param notify - Whether those who stay are told.
   * @throws `core.realtime.not_subscribed` (412) when it is not in it.
   */
  unsubscribe(request: Request, roomId: string, notify = true): void {
    const connectionId = connectionOf(request)
    const room = this.#rooms.get(roomId)
    if (!room?.has(connectionId)) throw createError('core.realtime.not_subscribed', connectionId, roomId)
    this.#leave(request, room, notify)
  }

  /** Takes a connection that closed out of all its rooms. */
  forget({ id, protocol }: Pick<ClientConnection, 'id' | 'protocol'>): void {
    const rooms = this.#memberships.of(id)
    if (rooms.length === 0) return
    const cause = new Request({ controller: 'realtime', action: 'unsubscribe' }, { connection: { id, protocol } })
    for (const room of rooms) this.#leave(cause, room, true)
  }

  /** Tells a connection that its token is no longer good, then ends its subscriptions. */
  endToken(connectionId: string): void {
    this.#notifier.tellTokenExpired(connectionId)
    this.forget({ id: connectionId, protocol: '' })
  }

  /**
   * Tells subscribers of documents that were written or deleted. Never throws, and leaves before anything is awaited unless pipes listen, or
   * there is so much to tell that others would have to wait.
   */
  tellChanges(cause: Request, kind: ChangeKind, documents: readonly ChangedDocument[]): void {
    this.#notifier.tellChanges(cause, kind, documents)
  }

  /** Sends a message to the subscribers whose filter it matches, signed with author and time. Nothing is stored. */
  publish(cause: Request, message: Readonly<Record<string, unknown>>): void {
    const info = { author: cause.getKuid(), createdAt: Date.now() }
    this.#notifier.tellMessage(cause, { _id: cause.input.args._id, _source: { ...message, [METADATA_FIELD]: info } })
  }

  /** Makes a connection within the host, whose notifications go to `deliver`; returns what ends it and its subscriptions. */
  connect(connectionId: string, deliver: Deliver): () => void {
    this.#inner.add(connectionId, deliver)
    return () => {
      this.forget({ id: connectionId, protocol: 'internal' })
      this.#inner.remove(connectionId)
    }
  }

  #readFilter(filters: unknown): Filter {
    const limit = this.parts.limits.subscriptionConditionsCount
    const filter = normalizeFilter(parseFilter(filters))
    const count = countConditions(filter)
    if (limit > 0 && count > limit) throw createError('core.realtime.too_many_terms', limit, count)
    return filter
  }

  #isConnected(connectionId: string): boolean {
    return this.#inner.has(connectionId) || this.parts.isConnected(connectionId)
  }

  /** Lets pipes refuse a subscription, before anything has changed. */
  async #announce(connectionId: string, { id: roomId, index, collection }: RoomPlace, filters: unknown): Promise<void> {
    if (!this.#events.isHeard('core:hotelClerk:addSubscription')) return
    const changed = !this.#rooms.get(roomId)?.has(connectionId)
    await this.#events.run('core:hotelClerk:addSubscription', { changed, collection, connectionId, filters, index, roomId })
  }

  #open(place: RoomPlace): Room {
    const { subscriptionRooms } = this.parts.limits
    if (subscriptionRooms > 0 && this.#rooms.size >= subscriptionRooms) throw createError('core.realtime.too_many_rooms', subscriptionRooms)
    const room = this.#rooms.open(place)
    const { id, index, collection, filter } = room
    this.#events.notify('room:new', { index, collection, roomId: id })
    this.#events.notify('core:realtime:room:create:after', { args: [{ id, index, collection, filter }], response: undefined })
    return room
  }

  #enter(request: Request, room: Room, options: ChannelOptions): Subscribed {
    const connectionId = connectionOf(request)
    const { volatile } = request.input
    const isNew = !room.has(connectionId)
    // Told before it joins: who comes is not told of itself.
    if (isNew) this.#notifier.tellUser(request, room, { user: 'in', count: room.size + 1, volatile })
    const channel = room.join(connectionId, options, volatile)
    this.#memberships.add(connectionId, room)
    this.#outbox.joinChannel(channel, connectionId)
    if (isNew) {
      const { id: roomId, index, collection, filter: filters } = room
      this.#events.notify('core:realtime:subscribe:after', { args: [roomId], response: undefined })
      this.#events.notify('core:realtime:user:subscribe:after', { connectionId, index, collection, filters, roomId, kuid: request.getKuid() })
    }
    return { roomId: room.id, channel }
  }

  #leave(cause: Request, room: Room, notify: boolean): void {
    const connectionId = connectionOf(cause)
    const member = room.leave(connectionId)
    if (!member) return
    this.#memberships.remove(connectionId, room)
    for (const channel of member.channels) this.#outbox.leaveChannel(channel, connectionId)
    if (notify) this.#notifier.tellUser(cause, room, { user: 'out', count: room.size, volatile: member.volatile })
    if (room.size === 0) this.#close(room)
    this.#tellLeft(cause, room)
  }

  #close(room: Room): void {
    this.#rooms.close(room)
    if (this.#rooms.size === 0) this.#seen.clear()
    this.#pass('room:remove', room.id)
  }

  #tellLeft({ context: requestContext }: Request, { id, index, collection }: Room): void {
    const room = { collection, id, index }
    const subscription = { connectionId: requestContext.connection.id, index, collection, roomId: id, kuid: requestContext.user?._id ?? null }
    this.#events.notify('core:realtime:unsubscribe:after', { args: [id], response: undefined })
    this.#pass('core:hotelClerk:removeRoomForCustomer', { requestContext, room })
    this.#events.notify('core:realtime:user:unsubscribe:after', { requestContext, room, subscription })
  }

  /** Shows pipes what has happened already: they can refuse it no more. */
  #pass(event: 'room:remove' | 'core:hotelClerk:removeRoomForCustomer', payload: unknown): void {
    if (this.#events.isHeard(event)) this.#events.run(event, payload).catch((error: unknown) => this.parts.logger.error(error))
  }
}

/** @throws `plugin.context.unavailable_realtime` for requests from within, which belong to no connection */
function connectionOf({ context, input }: Request): string {
  const { id } = context.connection
  if (id === null) throw createError('plugin.context.unavailable_realtime', input.action ?? 'subscribe')
  return id
}
