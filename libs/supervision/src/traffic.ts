/** What began in one stretch of time and has not ended. */
export class Wave {
  #count = 0
  #onEmpty: (() => void) | undefined

  enter(): this {
    this.#count++
    return this
  }

  leave(): void {
    if (--this.#count === 0) this.#onEmpty?.()
  }

  /** How much of it has not ended. */
  get count(): number {
    return this.#count
  }

  /** Resolves once all of it has ended. Nothing may enter any more. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve()
      else this.#onEmpty = resolve
    })
  }
}

/**
 * Calls under way, told apart by when they began: whoever takes a listener out
 * of use can wait for those that may still reach it, however many come after.
 */
export class Traffic {
  #wave = new Wave()
  #before: Promise<unknown> = Promise.resolve()

  /** Takes note that something begins; whatever it is leaves the wave when it has ended. */
  enter(): Wave {
    return this.#wave.enter()
  }

  /** Resolves once everything has ended that has begun until now, and whatever that began while it lasted. */
  async drained(): Promise<void> {
    await this.#passed()
    await this.#passed()
  }

  /** Resolves once everything has ended that has begun until now. */
  async #passed(): Promise<void> {
    const wave = this.#wave
    this.#wave = new Wave()
    const all = Promise.all([this.#before, wave.ended()])
    this.#before = all
    await all
  }
}
