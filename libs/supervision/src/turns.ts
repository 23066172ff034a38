import type { Slots } from './slots.js'

/** A call's turn in a line of its listener and in one that all calls of the plugin share. */
export class Turns {
  constructor(private readonly own: Slots | undefined, private readonly shared: Slots | undefined) {}

  /** Takes a turn in both: `true` at once, `false` when too many wait. One that is waited for may come to `false` as well. */
  enter(): boolean | Promise<boolean> {
    const mine = this.own?.enter() ?? true
    return mine instanceof Promise ? mine.then(() => this.#enterShared()) : mine && this.#enterShared()
  }

  /** Gives both back. */
  leave(): void {
    this.shared?.leave()
    this.own?.leave()
  }

  #enterShared(): boolean | Promise<boolean> {
    const turn = this.shared?.enter() ?? true
    if (turn === false) this.own?.leave()
    return turn
  }
}
