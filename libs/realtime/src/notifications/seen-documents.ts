/** Bounds of the memory. */
export interface SeenLimits {
  /** Documents that are remembered at most; beyond, the one not written for longest is forgotten. */
  readonly capacity: number
  /** Milliseconds that a document is remembered for after its last write. */
  readonly timeToLive: number
}

interface Sighting {
  readonly roomIds: readonly string[]
  readonly at: number
}

/**
 * Which rooms a document was last in, so that those it has left can be told.
 *
 * Writes do not say what the document was before, and asking the store would
 * cost each of them a read; so what was notified is remembered. Only documents
 * that are in some room are kept, and no content of them.
 */
export class SeenDocuments {
  readonly #byKey = new Map<string, Sighting>()

  constructor(private readonly limits: SeenLimits) {}

  get size(): number {
    return this.#byKey.size
  }

  /** Notes the rooms that a document is in now, and says which it was in before. */
  replace(key: string, roomIds: readonly string[]): readonly string[] {
    const previous = this.#byKey.get(key)
    // Set anew, an entry moves to the end: the first is always the one written longest ago.
    this.#byKey.delete(key)
    if (roomIds.length > 0) this.#byKey.set(key, { roomIds, at: Date.now() })
    this.#trim()
    return previous && Date.now() - previous.at <= this.limits.timeToLive ? previous.roomIds : []
  }

  clear(): void {
    this.#byKey.clear()
  }

  #trim(): void {
    const oldest = Date.now() - this.limits.timeToLive
    for (const [key, { at }] of this.#byKey) {
      if (this.#byKey.size <= this.limits.capacity && at >= oldest) return
      this.#byKey.delete(key)
    }
  }
}
