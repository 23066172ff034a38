/** Counts what somebody does within the running second. Needs no timer: a new second starts a new count. */
export class SecondWindow {
  #second = 0
  #counts = new Map<string, number>()

  /** Counts one more for `key`, and tells whether that is within `limit`. */
  admits(key: string, limit: number): boolean {
    const second = Math.floor(Date.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#counts = new Map()
    }
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count <= limit
  }
}
