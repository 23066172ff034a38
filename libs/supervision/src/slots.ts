/**
 * Admits a limited number at a time; the others wait in order. When too many
 * wait already, {@link Slots.enter} says so and the caller refuses.
 */
export class Slots {
  #taken = 0
  readonly #waiting: (() => void)[] = []

  constructor(private readonly capacity: number, private readonly queueLength: number) {}

  /** How many hold a slot now. */
  get taken(): number { return this.#taken }
  /** How many wait for one. */
  get waiting(): number { return this.#waiting.length }

  /**
   * Takes a slot: `true` at once, a promise when one must be waited for,
   * `false` when too many wait already. Each taken slot must be left.
   */
  enter(): true | Promise<true> | false {
    if (this.#taken < this.capacity) {
      this.#taken++
      return true
    }
    if (this.#waiting.length >= this.queueLength) return false
    return new Promise((resolve) => this.#waiting.push(() => resolve(true)))
  }

  /** Gives a slot back; whoever waits longest gets it. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken--
  }
}
