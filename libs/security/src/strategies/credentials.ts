import { createError, type CredentialsOf, type Request, type StrategyMethods } from '@mortise/sdk'
import type { StrategyCalls } from './strategy-calls.js'
import type { StrategyRegistry } from './strategy-registry.js'

/** Credentials for several strategies, by the strategy's name. */
export type CredentialsByStrategy = Readonly<Record<string, CredentialsOf>>

/** Credentials as strategies keep them: asked for, never seen. What strategies throw is told under their plugin's name. */
export class Credentials {
  constructor(private readonly strategies: StrategyRegistry, private readonly calls: StrategyCalls) {}

  exists(request: Request, strategy: string, userId: string): Promise<boolean> {
    return this.#call(strategy, 'exists', (methods) => methods.exists(request, userId, strategy)) as Promise<boolean>
  }

  async create(request: Request, strategy: string, userId: string, credentials: CredentialsOf): Promise<unknown> {
    await this.validate(request, strategy, userId, { credentials, isUpdate: false })
    return this.#call(strategy, 'create', (methods) => methods.create(request, credentials, userId, strategy))
  }

  async update(request: Request, strategy: string, userId: string, credentials: CredentialsOf): Promise<unknown> {
    await this.validate(request, strategy, userId, { credentials, isUpdate: true })
    return this.#call(strategy, 'update', (methods) => methods.update(request, credentials, userId, strategy))
  }

  delete(request: Request, strategy: string, userId: string): Promise<unknown> {
    return this.#call(strategy, 'delete', (methods) => methods.delete(request, userId, strategy))
  }

  validate(
    request: Request, strategy: string, userId: string, { credentials, isUpdate }: { credentials: CredentialsOf; isUpdate: boolean },
  ): Promise<unknown> {
    return this.#call(strategy, 'validate', (methods) => methods.validate(request, credentials, userId, strategy, isUpdate))
  }

  /** What may be shown of a user's credentials; `{}` when the strategy shows nothing. */
  async get(request: Request, strategy: string, userId: string): Promise<unknown> {
    return this.#call(strategy, 'getInfo', (methods) => (methods.getInfo ? methods.getInfo(request, userId, strategy) : {}))
  }

  /** The same by the id that the strategy knows them by. */
  async getById(request: Request, strategy: string, id: string): Promise<unknown> {
    return this.#call(strategy, 'getById', (methods) => (methods.getById ? methods.getById(request, id, strategy) : {}))
  }

  /** @throws `plugin.strategy.missing_optional_method` */
  async search(strategy: string, body: Record<string, unknown>, page: { from: number; size: number }): Promise<unknown> {
    if (!this.strategies.get(strategy).definition.methods.search) throw createError('plugin.strategy.missing_optional_method', 'search', strategy)
    return this.#call(strategy, 'search', (methods) => methods.search?.(body, page))
  }

  /** Asks a strategy whether a token may be refreshed. @throws `security.token.refresh_forbidden` when it says no, or nothing at all */
  async askRefresh(request: Request, strategy: string): Promise<{ expiresIn?: string | number } | undefined> {
    if (!this.strategies.get(strategy).definition.methods.refreshToken) throw createError('security.token.refresh_forbidden', `strategy "${strategy}" refreshes none`)
    try {
      return await this.#call(strategy, 'refreshToken', (methods) => methods.refreshToken?.(request)) as { expiresIn?: string | number } | undefined
    } catch (error) {
      throw createError('security.token.refresh_forbidden', (error as Error | undefined)?.message ?? strategy).with({ place: `strategy "${strategy}"` })
    }
  }

  /** Names of the strategies that a user has credentials for. */
  async strategiesOf(request: Request, userId: string): Promise<string[]> {
    const found = await Promise.all(this.strategies.names.map(async (name) => (await this.exists(request, name, userId) ? [name] : [])))
    return found.flat()
  }

  async #call(strategy: string, method: keyof StrategyMethods, call: (methods: StrategyMethods) => unknown): Promise<unknown> {
    const called = this.strategies.get(strategy)
    return this.calls.run(called, method, () => call(called.definition.methods))
  }
}
