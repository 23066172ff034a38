import { wrongKind } from './fault.js'
import { SortedSet } from './sorted-set.js'

/** What a key may hold, by the kind's name in the Redis protocol. */
export interface Kinds {
  string: Buffer
  list: string[]
  hash: Map<string, string>
  set: Set<string>
  zset: SortedSet
}

export type Kind = keyof Kinds

interface Entry {
  readonly kind: Kind
  value: Kinds[Kind]
  /** Milliseconds since the epoch; absent for keys that stay. */
  until?: number
}

const MAKE: { readonly [K in Kind]: () => Kinds[K] } = {
  string: () => Buffer.alloc(0), list: () => [], hash: () => new Map(), set: () => new Set(), zset: () => new SortedSet(),
}

/** The keys of a store, what they hold and until when. A key whose time has come is gone for whoever looks. */
export class Keyspace {
  readonly #entries = new Map<string, Entry>()

  constructor(readonly now: () => number = Date.now) {}

  get keys(): string[] {
    this.sweep()
    return [...this.#entries.keys()]
  }

  kindOf(key: string): Kind | undefined {
    return this.#find(key)?.kind
  }

  /** What a key holds. @throws WRONGTYPE when that is of another kind */
  get<K extends Kind>(kind: K, key: string): Kinds[K] | undefined {
    const entry = this.#find(key)
    if (entry && entry.kind !== kind) throw wrongKind()
    return entry?.value as Kinds[K] | undefined
  }

  /** The same, of a key that is made when it is missing. {@link tidy} it afterwards. */
  open<K extends Kind>(kind: K, key: string): Kinds[K] {
    const found = this.get(kind, key)
    if (found) return found
    const value = MAKE[kind]()
    this.#entries.set(key, { kind, value })
    return value
  }

  /** Puts a value in place of whatever the key holds, for good. An empty one takes the key away. */
  put<K extends Kind>(kind: K, key: string, value: Kinds[K]): void {
    this.#entries.set(key, { kind, value })
    this.tidy(key)
  }

  /** Writes a text; the key keeps the time it has. @throws WRONGTYPE */
  write(key: string, value: Buffer): void {
    this.open('string', key)
    this.#entries.get(key)!.value = value
  }

  /** Takes a key away that holds nothing any more. */
  tidy(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry || entry.kind === 'string') return
    const size = Array.isArray(entry.value) ? entry.value.length : (entry.value as { size: number }).size
    if (size === 0) this.#entries.delete(key)
  }

  delete(key: string): boolean {
    return this.kindOf(key) !== undefined && this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  rename(from: string, to: string): void {
    const entry = this.#find(from)
    if (!entry) return
    this.#entries.delete(from)
    this.#entries.set(to, entry)
  }

  /** When a key goes: `undefined` for never. */
  expiryOf(key: string): number | undefined {
    return this.#find(key)?.until
  }

  /** Whether there is such a key. One whose time has passed already goes at once. */
  expire(key: string, until: number | undefined): boolean {
    const entry = this.#find(key)
    if (entry) entry.until = until
    return entry !== undefined
  }

  /** Lets go of all keys whose time has come. */
  sweep(): void {
    for (const key of this.#entries.keys()) this.#find(key)
  }

  #find(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.until === undefined || entry.until > this.now()) return entry
    this.#entries.delete(key)
    return undefined
  }
}
