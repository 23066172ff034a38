import { createError, type Strategies } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import { readStrategy, type StrategyOwner } from '../declarations/strategies.js'

/**
 * `accessors.strategies` of one plugin. Until `init` has ended, what is added
 * is written into the plugin's own `strategies`, and registered with them.
 */
export class StrategyAccess {
  #isStarted = false

  constructor(private readonly owner: StrategyOwner, private readonly host: Strategies | undefined) {}

  /** From now on additions reach the host at once. */
  start(): void {
    this.#isStarted = true
  }

  /** @throws `plugin.context.missing_authenticator`, `plugin.strategy.*` */
  readonly add = async (name: string, definition: unknown): Promise<void> => {
    const { owner } = this
    if (!isRecord(definition) || !isRecord(definition.config) || !definition.config.authenticator) {
      throw createError('plugin.context.missing_authenticator', owner.name, name)
    }
    if (!this.#isStarted) {
      const plugin = owner.plugin as { strategies?: Record<string, unknown> }
      plugin.strategies = { ...plugin.strategies, [name]: definition }
      return
    }
    await this.#requireHost().add(name, readStrategy(owner, name, definition))
  }

  /** @throws `plugin.strategy.strategy_not_found`, `plugin.strategy.unauthorized_removal` */
  readonly remove = async (name: string): Promise<void> => {
    const declared = this.owner.plugin.strategies
    if (!this.#isStarted && isRecord(declared) && Object.hasOwn(declared, name)) {
      delete declared[name]
      return
    }
    await this.#requireHost().remove(name)
  }

  #requireHost(): Strategies {
    if (!this.host) throw createError('plugin.runtime.unexpected_error', 'this host takes no authentication strategies')
    return this.host
  }
}
