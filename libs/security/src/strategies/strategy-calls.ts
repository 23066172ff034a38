import type { StrategyDefinition } from '@app/registry'
import type { Supervisor } from '@app/supervision'

/** Whose strategy is called. */
interface CalledStrategy {
  readonly plugin: string
  readonly definition: StrategyDefinition
}

type Within = (call: () => unknown) => unknown

/** Milliseconds that a strategy has to answer in, where its plugin's budget does not say: providers may be far away. */
const PATIENCE = 30_000

/**
 * Calls strategies as far as their plugin's budget goes: each method, and the
 * Passport strategy's `authenticate`, whose time holds for `verify` too. Each
 * has a breaker of its own, where the plugin has any.
 */
export class StrategyCalls {
  readonly #withins = new WeakMap<StrategyDefinition, Map<string, Within>>()

  constructor(private readonly supervisor: Supervisor) {}

  /**
   * Makes a call that ends up in a strategy's method.
   *
   * @throws what it throws, blamed on the plugin; `plugin.runtime.call_timeout` (504), `.breaker_open`, `.too_many_calls` and `.quarantined` (503)
   */
  async run(strategy: CalledStrategy, method: string, call: () => unknown): Promise<unknown> {
    return this.#of(strategy, method)(call)
  }

  #of({ plugin, definition }: CalledStrategy, method: string): Within {
    const known = this.#withins.get(definition) ?? new Map<string, Within>()
    this.#withins.set(definition, known)
    const within = known.get(method) ?? this.#guard(plugin, definition.name, method)
    known.set(method, within)
    return within
  }

  #guard(plugin: string, strategy: string, method: string): Within {
    const listener = { plugin, name: `${strategy}.${method}`, listener: `strategy ${strategy}, method ${method}`, handler: makeCall }
    return this.supervisor.guard(listener, { kind: 'strategy', event: `strategy:${strategy}.${method}`, timeout: PATIENCE })
  }
}

const makeCall = (call: unknown): unknown => (call as () => unknown)()
