/** Work that must keep its order within a lane, and need not wait for other lanes. */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>()

  /** Whether something of the lane is still at work. */
  isBusy(lane: string): boolean {
    return this.#last.has(lane)
  }

  /** Starts `work`, which never rejects, once the work before it in the lane has ended. */
  add(lane: string, work: () => Promise<void>): void {
    const done: Promise<void> = (this.#last.get(lane) ?? Promise.resolve()).then(work).then(() => {
      if (this.#last.get(lane) === done) this.#last.delete(lane)
    })
    this.#last.set(lane, done)
  }
}
