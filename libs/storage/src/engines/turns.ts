/** Lets one piece of work at a time have something, in the order in which they came. A piece that fails does not stop the next. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work)
    this.last = turn.then(ignore, ignore)
    return turn
  }

  /** Resolves when everything that has a turn by now is done. */
  async idle(): Promise<void> {
    await this.last
  }
}

/** The outcome is the caller's; the chain only waits for it. */
const ignore = (): void => undefined
