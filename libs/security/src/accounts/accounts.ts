import { randomUUID } from 'node:crypto'
import { ApiError, createError, createErrorFrom, type Request } from '@mortise/sdk'
import type { StoredDocument } from '@app/storage'
import { requireObject } from '../entities/check-shape.js'
import type { Profiles } from '../entities/profiles.js'
import type { Users } from '../entities/users.js'
import type { Credentials, CredentialsByStrategy } from '../strategies/credentials.js'
import type { StrategyRegistry } from '../strategies/strategy-registry.js'
import type { ApiKeys } from '../tokens/api-keys.js'
import type { Tokens } from '../tokens/tokens.js'
import { createReadableId } from './readable-id.js'

/** A user to make, with what they log in by. */
export interface NewAccount {
  /** An id is made when it is absent: readable, or a UUID. */
  readonly id?: string | null
  readonly idForm?: 'human' | 'uuid'
  readonly content: Record<string, unknown>
  readonly credentials: CredentialsByStrategy
}

interface AccountParts {
  readonly users: Users
  readonly profiles: Profiles
  readonly strategies: StrategyRegistry
  readonly credentials: Credentials
  readonly tokens: Tokens
  readonly apiKeys: ApiKeys
}

/** Users together with their credentials and tokens: made wholly or not at all, and removed without a trace. */
export class Accounts {
  constructor(private readonly parts: AccountParts) {}

  /**
   * Makes a user and their credentials.
   *
   * @throws `security.credentials.unknown_strategy`, `security.credentials.database_inconsistency` when there are credentials for that id
   * already, `security.credentials.rejected` (400) or the strategy's own error when it refuses them; then nothing of the user is left
   */
  async create(request: Request, account: NewAccount): Promise<StoredDocument> {
    const { content, credentials } = account
    for (const strategy of Object.keys(credentials)) {
      this.parts.strategies.get(strategy)
      requireObject(credentials[strategy], `body.credentials.${strategy}`)
    }
    const id = await this.#chooseId(request, account)
    const user = await this.parts.users.create(id, content)
    const done: string[] = []
    try {
      for (const [strategy, given] of Object.entries(credentials)) {
        await this.#createCredentials(request, id, strategy, given)
        done.push(strategy)
      }
    } catch (error) {
      await this.#undo(request, id, done, error)
      throw error
    }
    return user
  }

  /** Removes a user, their credentials, their tokens and API keys. @throws `security.user.not_found` */
  async delete(request: Request, id: string): Promise<void> {
    const { users, credentials, tokens, apiKeys } = this.parts
    await users.get(id)
    for (const strategy of await credentials.strategiesOf(request, id)) await credentials.delete(request, strategy, id)
    await users.delete(id)
    await tokens.revokeAll(id)
    await apiKeys.deleteAll(id)
    tokens.end(id)
  }

  /**
   * Removes a profile, or with `detach` takes it from its users first.
   *
   * @throws `security.profile.cannot_delete`, `security.profile.not_found`, `security.profile.in_use`
   */
  async deleteProfile(id: string, { detach, by }: { detach: boolean; by: string | null }): Promise<void> {
    const { users, profiles } = this.parts
    profiles.refuseBuiltIn(id)
    await profiles.get(id)
    if (detach) await users.removeProfile(id, by)
    else if (await users.countWith(id) > 0) throw createError('security.profile.in_use', id)
    await profiles.delete(id)
  }

  async #chooseId(request: Request, { id, idForm = 'human', credentials }: NewAccount): Promise<string> {
    if (id !== undefined && id !== null) {
      if (await this.#hasCredentials(request, id, credentials)) throw createError('security.credentials.database_inconsistency', id)
      return id
    }
    for (;;) {
      const made = idForm === 'uuid' ? `kuid-${randomUUID()}` : createReadableId()
      if (!await this.parts.users.exists(made) && !await this.#hasCredentials(request, made, credentials)) return made
    }
  }

  async #hasCredentials(request: Request, id: string, credentials: CredentialsByStrategy): Promise<boolean> {
    for (const strategy of Object.keys(credentials)) {
      if (await this.parts.credentials.exists(request, strategy, id)) return true
    }
    return false
  }

  async #createCredentials(request: Request, id: string, strategy: string, given: CredentialsByStrategy[string]): Promise<void> {
    const { methods } = this.parts.strategies.get(strategy).definition
    try {
      await methods.validate(request, given, id, strategy, false)
    } catch (thrown) {
      if (ApiError.is(thrown)) throw thrown
      throw createErrorFrom(thrown, 'security.credentials.rejected', thrown instanceof Error ? thrown.message : String(thrown))
    }
    await this.parts.credentials.create(request, strategy, id, given)
  }

  async #undo(request: Request, id: string, strategies: readonly string[], reason: unknown): Promise<void> {
    try {
      for (const strategy of strategies) await this.parts.credentials.delete(request, strategy, id)
      await this.parts.users.delete(id)
    } catch (error) {
      throw createErrorFrom(error, 'plugin.runtime.unexpected_error', `${String(reason)}; and taking back what was made failed: ${String(error)}`)
    }
  }
}
