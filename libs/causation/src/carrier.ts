import { AsyncLocalStorage } from 'node:async_hooks'
import type { PackedCause } from './cause.js'

/** Carries a packed cause from a call to the calls that are made on its account, where the chain itself is not at hand. */
export class Carrier {
  readonly #here = new AsyncLocalStorage<PackedCause>()

  get packed(): PackedCause | undefined {
    return this.#here.getStore()
  }

  carry<T>(packed: PackedCause | undefined, run: () => T): T {
    return packed ? this.#here.run(packed, run) : run()
  }
}
