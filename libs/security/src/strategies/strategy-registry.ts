import { createError, type ApiError, type Logger } from '@mortise/sdk'
import type { EventBus, PluginDefinition, Registry, StrategyDefinition } from '@app/registry'
import { blame, isThenable } from '@app/supervision'
import { isAnonymousId } from '../entities/person.js'
import type { Users } from '../entities/users.js'
import type { PassportStrategy } from './passport-contract.js'
import { readVerified } from './read-verified.js'

/** A strategy in use. */
export interface RegisteredStrategy {
  readonly plugin: string
  readonly definition: StrategyDefinition
  readonly instance: PassportStrategy
}

interface RegistryParts {
  readonly registry: Registry
  readonly bus: EventBus
  readonly users: Users
  readonly logger: Logger
}

/** What a Passport strategy hands to `verify` to be told. */
type Done = (error: unknown, user?: unknown, info?: { message: string }) => void

/**
 * The ways to log in: those that plugins declare, which come and go with them,
 * and those that plugins add while they run.
 */
export class StrategyRegistry {
  readonly #strategies = new Map<string, RegisteredStrategy>()
  readonly #built = new WeakMap<StrategyDefinition, PassportStrategy>()
  readonly #added = new Map<string, Omit<RegisteredStrategy, 'instance'>>()
  readonly #removed = new WeakSet<StrategyDefinition>()
  #plugins = new Set<string>()

  constructor(private readonly parts: RegistryParts) {
    parts.registry.addCheck((plugin) => this.#faultsOf(plugin))
    parts.registry.onChange(() => this.#synchronize())
    this.#synchronize()
  }

  get names(): string[] {
    return [...this.#strategies.keys()]
  }

  /** @throws `security.credentials.unknown_strategy` (400) */
  get(name: string): RegisteredStrategy {
    const strategy = this.#strategies.get(name)
    if (!strategy) throw createError('security.credentials.unknown_strategy', name)
    return strategy
  }

  /**
   * Adds a strategy while its plugin runs, or puts it in place of one of the
   * same plugin and name, and tells `core:auth:strategyAdded`.
   *
   * @throws `plugin.strategy.unauthorized_removal`, `plugin.strategy.failed_registration`
   */
  async add(plugin: string, definition: StrategyDefinition): Promise<void> {
    const { name } = definition
    const owner = (this.#strategies.get(name) ?? this.#added.get(name))?.plugin
    if (owner !== undefined && owner !== plugin) throw createError('plugin.strategy.unauthorized_removal', plugin, name)
    this.#build(plugin, definition)
    this.#added.set(name, { plugin, definition })
    this.#strategies.delete(name)
    this.#synchronize()
    await this.parts.bus.emit('core:auth:strategyAdded', { name, pluginName: plugin, strategy: definition })
  }

  /** @throws `plugin.strategy.strategy_not_found`, `plugin.strategy.unauthorized_removal` */
  async remove(plugin: string, name: string): Promise<void> {
    const strategy = this.#strategies.get(name)
    if (!strategy) throw createError('plugin.strategy.strategy_not_found', name)
    if (strategy.plugin !== plugin) throw createError('plugin.strategy.unauthorized_removal', plugin, name)
    this.#added.delete(name)
    this.#removed.add(strategy.definition)
    this.#synchronize()
    await this.parts.bus.emit('core:auth:strategyRemoved', { name, pluginName: plugin })
  }

  #faultsOf(plugin: PluginDefinition): ApiError[] {
    return (plugin.strategies ?? []).flatMap((definition) => {
      const owner = this.#strategies.get(definition.name)?.plugin
      try {
        if (owner !== undefined && owner !== plugin.name) throw new Error(`plugin "${owner}" has a strategy of that name`)
        this.#build(plugin.name, definition)
        return []
      } catch (error) {
        const { message } = error as Error
        return [createError('plugin.strategy.failed_registration', plugin.name, definition.name, message).with({
          place: plugin.place,
          hint: `Give @Strategy('${definition.name}', { strategy }) the class of a Passport strategy, and options that it takes.`,
        })]
      }
    })
  }

  /** Brings what is in use in line with what registered plugins declare and have added. */
  #synchronize(): void {
    const wanted = this.#wanted()
    for (const [name, { definition }] of this.#strategies) {
      if (wanted.get(name)?.definition !== definition) this.#strategies.delete(name)
    }
    for (const [name, { plugin, definition }] of wanted) {
      if (this.#strategies.has(name)) continue
      const strategy = { plugin, definition, instance: this.#build(plugin, definition) }
      this.#strategies.set(name, strategy)
      this.#tellRegistered(strategy)
    }
  }

  #wanted(): Map<string, Omit<RegisteredStrategy, 'instance'>> {
    const { plugins } = this.parts.registry
    const present = new Set(plugins.map(({ name }) => name))
    for (const [name, { plugin }] of this.#added) {
      if (this.#plugins.has(plugin) && !present.has(plugin)) this.#added.delete(name)
    }
    this.#plugins = present
    const declared = plugins.flatMap(({ name: plugin, strategies = [] }) => strategies.map((definition) => ({ plugin, definition })))
    const all = [...declared, ...[...this.#added.values()].filter(({ plugin }) => present.has(plugin))]
    return new Map(all.filter(({ definition }) => !this.#removed.has(definition)).map((strategy) => [strategy.definition.name, strategy]))
  }

  #tellRegistered({ plugin, definition: { name, methods }, instance }: RegisteredStrategy): void {
    const report = (thrown: unknown): void => this.parts.logger.error(blame(thrown, { plugin, listener: `strategy ${name}, method afterRegister` }))
    try {
      const told = methods.afterRegister?.(instance)
      if (isThenable(told)) Promise.resolve(told).catch(report)
    } catch (thrown) {
      report(thrown)
    }
  }

  /** Constructs the Passport strategy, once. */
  #build(plugin: string, definition: StrategyDefinition): PassportStrategy {
    const known = this.#built.get(definition)
    if (known) return known
    const { name, strategy: PassportClass, options, methods } = definition
    const verify = (...given: unknown[]): void => {
      const done = given.pop() as Done
      // Passport strategies call `done` outside of any promise: nothing may be thrown there.
      readVerified(plugin, name, () => methods.verify(...given as [never]))
        .then(async ({ kuid, message }) => (kuid === undefined ? () => done(null, false, { message }) : this.#accept(plugin, name, { kuid, done })))
        .then((tell) => tell(), done)
    }
    if (typeof PassportClass !== 'function') throw new Error('it names no class of Passport')
    const instance = new PassportClass({ ...options, passReqToCallback: true }, verify) as PassportStrategy
    if (typeof instance.authenticate !== 'function') throw new Error('its class is no Passport strategy: it has no method "authenticate"')
    this.#built.set(definition, instance)
    return instance
  }

  async #accept(plugin: string, strategy: string, { kuid, done }: { kuid: string; done: Done }): Promise<() => void> {
    const user = await this.parts.users.load(kuid).catch(() => undefined)
    // Nobody logs in as the user who has not logged in.
    if (!user || isAnonymousId(user._id)) throw createError('plugin.strategy.unknown_kuid', plugin, strategy)
    return () => done(null, user)
  }
}
