import type { Filter } from '@app/storage'
import { channelName, includes, type ChannelOptions, type Direction } from './channel.js'

/** Where a room is and what it is about. */
export interface RoomPlace {
  readonly id: string
  readonly index: string
  readonly collection: string
  /** In normal form. */
  readonly filter: Filter
}

/** A connection in a room. */
export interface Member {
  /** What it subscribed with, for others to see when it goes. */
  readonly volatile: unknown
  readonly channels: Set<string>
}

interface Channel {
  readonly options: ChannelOptions
  members: number
}

/** Everybody who subscribed to one filter of one collection. */
export class Room implements RoomPlace {
  readonly id: string
  readonly index: string
  readonly collection: string
  readonly filter: Filter
  readonly #channels = new Map<string, Channel>()
  readonly #members = new Map<string, Member>()

  /** @param serial - Its place in the order in which rooms were opened. */
  constructor({ id, index, collection, filter }: RoomPlace, readonly serial: number) {
    this.id = id
    this.index = index
    this.collection = collection
    this.filter = filter
  }

  /** How many connections are in it. */
  get size(): number {
    return this.#members.size
  }

  has(connectionId: string): boolean {
    return this.#members.has(connectionId)
  }

  /** Puts a connection on the channel of its options, beside those it is on already, and says which that is. */
  join(connectionId: string, options: ChannelOptions, volatile: unknown): string {
    const name = channelName(this.id, options)
    const member = this.#members.get(connectionId) ?? this.#admit(connectionId, volatile)
    if (member.channels.has(name)) return name
    member.channels.add(name)
    const channel = this.#channels.get(name)
    if (channel) channel.members++
    else this.#channels.set(name, { options, members: 1 })
    return name
  }

  /** Takes a connection off all its channels. What it was here, if it was. */
  leave(connectionId: string): Member | undefined {
    const member = this.#members.get(connectionId)
    if (!member) return undefined
    this.#members.delete(connectionId)
    for (const name of member.channels) this.#leaveChannel(name)
    return member
  }

  /** The channels whose subscribers want to hear of documents, or of users, that go this way. */
  channelsFor(subject: 'scope' | 'users', direction: Direction): string[] {
    const names: string[] = []
    for (const [name, { options }] of this.#channels) {
      if (includes(options[subject], direction)) names.push(name)
    }
    return names
  }

  #admit(connectionId: string, volatile: unknown): Member {
    const member = { volatile, channels: new Set<string>() }
    this.#members.set(connectionId, member)
    return member
  }

  #leaveChannel(name: string): void {
    const channel = this.#channels.get(name)
    if (channel && --channel.members === 0) this.#channels.delete(name)
  }
}
