import { createError } from '@mortise/sdk'
import type { Room } from './room.js'

/** Which rooms each connection is in. */
export class Memberships {
  readonly #rooms = new Map<string, Set<Room>>()
  #size = 0

  /** @param limit - Rooms that one connection may be in; 0 for no limit. */
  constructor(private readonly limit: number) {}

  /** How many there are, over all connections. */
  get size(): number {
    return this.#size
  }

  /** Whether a connection may enter one room more. @throws `core.realtime.too_many_rooms` (413) */
  checkRoom(connectionId: string): void {
    if (this.limit > 0 && this.of(connectionId).length >= this.limit) throw createError('core.realtime.too_many_rooms', this.limit)
  }

  add(connectionId: string, room: Room): void {
    const rooms = this.#rooms.get(connectionId) ?? new Set()
    this.#rooms.set(connectionId, rooms)
    if (rooms.has(room)) return
    rooms.add(room)
    this.#size++
  }

  remove(connectionId: string, room: Room): void {
    const rooms = this.#rooms.get(connectionId)
    if (!rooms?.delete(room)) return
    this.#size--
    if (rooms.size === 0) this.#rooms.delete(connectionId)
  }

  /** The rooms that a connection is in. */
  of(connectionId: string): readonly Room[] {
    return [...this.#rooms.get(connectionId) ?? []]
  }
}
