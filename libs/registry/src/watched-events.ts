import type { Chain } from './chain.js'
import type { EventBus } from './event-bus.js'
import type { Registry } from './registry.js'

/**
 * A few events that happen very often. Who listens is looked up when plugins
 * come or go, so that an event nobody hears costs next to nothing.
 */
export class WatchedEvents<E extends string> {
  #chains: Partial<Record<string, Chain>> = {}

  constructor(private readonly events: readonly E[], private readonly registry: Registry, private readonly bus: EventBus) {
    registry.onChange(() => this.#compile())
    this.#compile()
  }

  isHeard(event: E): boolean {
    return this.#chains[event] !== undefined
  }

  /** Resolves to the payload as pipes left it. @throws what a pipe refuses it with. */
  async run<T>(event: E, payload: T): Promise<T> {
    const chain = this.#chains[event]
    return chain ? await this.bus.run(chain, [payload]) as T : payload
  }

  /** Tells hooks alone. */
  notify(event: E, payload: unknown): void {
    if (this.isHeard(event)) this.bus.notify(event, payload)
  }

  #compile(): void {
    this.#chains = Object.fromEntries(this.events.map((event) => [event, this.registry.chainOf(event)]))
  }
}
