import { AsyncResource } from 'node:async_hooks'

/** Calls that are held back until they are let go. */
export class WaitingRoom {
  #held = new Set<() => void>()

  /** How many are held. */
  get size(): number {
    return this.#held.size
  }

  /** Holds a call back, and resolves to what it yields once it was let go; `enter` is given what lets it go. */
  hold(call: () => unknown, enter: (go: () => void) => void = () => undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // What is let go belongs to the chain of causes that it came with, whoever opens the door.
      const go = AsyncResource.bind(() => {
        if (this.#held.delete(go)) Promise.resolve().then(call).then(resolve, reject)
      })
      this.#held.add(go)
      enter(go)
    })
  }

  /** Lets everybody go, the last to come first. */
  release(): void {
    for (const go of [...this.#held].reverse()) go()
  }
}
