/** Counts failures by key within a window that starts with the first of them. */
export class Failures {
  readonly #counts = new Map<string, { count: number; endsAt: number }>()

  constructor(private readonly most: number, private readonly window: number, private readonly capacity = 100_000) {}

  /** Milliseconds that a key has to wait for; 0 when it may go on. */
  waitOf(key: string): number {
    const known = this.#counts.get(key)
    return known && known.count >= this.most ? Math.max(known.endsAt - Date.now(), 0) : 0
  }

  add(key: string): void {
    const known = this.#counts.get(key)
    if (known && known.endsAt > Date.now()) known.count++
    else this.#start(key)
  }

  /** Undoes one failure that was none. */
  takeBack(key: string): void {
    const known = this.#counts.get(key)
    if (known && --known.count <= 0) this.#counts.delete(key)
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }

  #start(key: string): void {
    this.#counts.delete(key)
    this.#counts.set(key, { count: 1, endsAt: Date.now() + this.window })
    // The map is in the order of its windows: what has ended, and what is too much, stands in front.
    for (const [oldest, { endsAt }] of this.#counts) {
      if (endsAt > Date.now() && this.#counts.size <= this.capacity) return
      this.#counts.delete(oldest)
    }
  }
}
