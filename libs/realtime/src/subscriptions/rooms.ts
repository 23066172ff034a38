import type { Properties } from '@app/storage'
import { FilterEngine } from '../engine/filter-engine.js'
import { Room, type RoomPlace } from './room.js'

/** How many connections each room has: by index, collection and room id. */
export type RoomCounts = Record<string, Record<string, Record<string, number>>>

interface Collection {
  readonly engine: FilterEngine
  readonly rooms: Map<string, Room>
}

/** The rooms there are: found by id, by what they are about, and by a document that they match. */
export class Rooms {
  readonly #byId = new Map<string, Room>()
  readonly #byPlace = new Map<string, Map<string, Collection>>()
  #opened = 0

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Room | undefined {
    return this.#byId.get(id)
  }

  /** Opens a room that is not there yet. */
  open(place: RoomPlace): Room {
    const room = new Room(place, this.#opened++)
    const { engine, rooms } = this.#collectionOf(place)
    engine.add(room.id, room.filter)
    rooms.set(room.id, room)
    this.#byId.set(room.id, room)
    return room
  }

  /** Forgets a room, and the collection with its last one. */
  close({ id, index, collection }: Room): void {
    this.#byId.delete(id)
    const collections = this.#byPlace.get(index)
    const found = collections?.get(collection)
    found?.engine.remove(id)
    found?.rooms.delete(id)
    if (found?.rooms.size === 0) collections?.delete(collection)
    if (collections?.size === 0) this.#byPlace.delete(index)
  }

  /** Whether a collection has any room: without one, its changes concern nobody. */
  has(index: string, collection: string): boolean {
    return this.#byPlace.get(index)?.has(collection) ?? false
  }

  /** The rooms of a collection whose filter a document satisfies, oldest first. */
  matching(index: string, collection: string, source: Properties, documentId?: string): Room[] {
    const found = this.#byPlace.get(index)?.get(collection)
    if (!found) return []
    const rooms = found.engine.match(source, documentId).map((id) => found.rooms.get(id) as Room)
    return rooms.length > 1 ? rooms.sort((one, other) => one.serial - other.serial) : rooms
  }

  collectionsOf(index: string): string[] {
    return [...this.#byPlace.get(index)?.keys() ?? []]
  }

  counts(): RoomCounts {
    return mapValues(this.#byPlace, (collections) => mapValues(collections, ({ rooms }) => mapValues(rooms, ({ size }) => size)))
  }

  #collectionOf({ index, collection }: RoomPlace): Collection {
    const collections = this.#byPlace.get(index) ?? new Map<string, Collection>()
    this.#byPlace.set(index, collections)
    const found = collections.get(collection) ?? { engine: new FilterEngine(), rooms: new Map<string, Room>() }
    collections.set(collection, found)
    return found
  }
}

const mapValues = <V, W>(map: ReadonlyMap<string, V>, to: (value: V) => W): Record<string, W> =>
  Object.fromEntries([...map].map(([key, value]) => [key, to(value)]))
