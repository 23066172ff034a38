/**
 * Who is on which channel, both ways: what a door keeps between
 * `joinChannel` and `broadcast`. A member is whatever the door sends to.
 */
export class Channels<Member> {
  readonly #members = new Map<string, Set<Member>>()
  readonly #channels = new Map<Member, Set<string>>()

  /** How many channels have members. */
  get size(): number {
    return this.#members.size
  }

  membersOf(channel: string): ReadonlySet<Member> | undefined {
    return this.#members.get(channel)
  }

  /** How many channels a member is on. */
  countOf(member: Member): number {
    return this.#channels.get(member)?.size ?? 0
  }

  has(channel: string, member: Member): boolean {
    return this.#members.get(channel)?.has(member) ?? false
  }

  join(channel: string, member: Member): void {
    add(this.#members, channel, member)
    add(this.#channels, member, channel)
  }

  leave(channel: string, member: Member): void {
    remove(this.#members, channel, member)
    remove(this.#channels, member, channel)
  }

  leaveAll(member: Member): void {
    for (const channel of this.#channels.get(member) ?? []) remove(this.#members, channel, member)
    this.#channels.delete(member)
  }
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key)
  if (known) known.add(value)
  else map.set(key, new Set([value]))
}

function remove<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key)
  if (known?.delete(value) && known.size === 0) map.delete(key)
}
