import { createHash } from 'node:crypto'
import { createError, Request } from '@mortise/sdk'
import type { DocumentStore } from '@app/storage'
import { requireObject } from '../entities/check-shape.js'
import { hasId, places } from '../entities/places.js'
import type { Profiles } from '../entities/profiles.js'
import type { Roles } from '../entities/roles.js'
import type { Users } from '../entities/users.js'
import type { CredentialsByStrategy } from '../strategies/credentials.js'
import type { Accounts } from './accounts.js'

/** What to do with users that exist already. */
export type OnExistingUsers = 'fail' | 'skip' | 'overwrite'

/** How {@link Securities.load} proceeds. */
export interface LoadOptions {
  /** Takes roles that name what does not exist. */
  readonly force?: boolean
  readonly onExistingUsers?: OnExistingUsers
  readonly by?: string | null
}

interface SecuritiesParts {
  readonly store: DocumentStore
  readonly roles: Roles
  readonly profiles: Profiles
  readonly users: Users
  readonly accounts: Accounts
}

/** Roles, profiles and users given as one object: `{roles: {id: …}, profiles: {id: …}, users: {id: {content, credentials}}}`. */
export class Securities {
  constructor(private readonly parts: SecuritiesParts) {}

  /**
   * Writes roles, then profiles, then users. Roles and profiles of the same id are replaced.
   *
   * @throws `security.user.prevent_overwrite` (400) when a user exists and `onExistingUsers` is `fail`, before anything is written
   */
  async load(request: Request, given: Record<string, unknown>, { force, by, onExistingUsers = 'fail' }: LoadOptions = {}): Promise<void> {
    const [roles, profiles, users] = ['roles', 'profiles', 'users'].map((name) => requireObject(given[name] ?? {}, name)) as [Content, Content, Content]
    const existing = await this.#existing(Object.keys(users))
    if (onExistingUsers === 'fail' && existing[0] !== undefined) throw createError('security.user.prevent_overwrite', existing[0])
    await this.#writeRights(roles, profiles, { force, by })
    const wanted = Object.keys(users).filter((id) => onExistingUsers !== 'skip' || !existing.includes(id))
    for (const id of wanted) {
      if (existing.includes(id)) await this.parts.accounts.delete(request, id)
      await this.#create(request, id, requireObject(users[id], `users.${id}`))
    }
  }

  async #writeRights(roles: Content, profiles: Content, options: LoadOptions): Promise<void> {
    for (const id of Object.keys(roles)) await this.parts.roles.createOrReplace(id, requireObject(roles[id], `roles.${id}`), options)
    for (const id of Object.keys(profiles)) await this.parts.profiles.createOrReplace(id, requireObject(profiles[id], `profiles.${id}`), options)
  }

  async #create(request: Request, id: string, { content, credentials = {} }: Content): Promise<void> {
    const given = requireObject(credentials, `users.${id}.credentials`) as CredentialsByStrategy
    await this.parts.accounts.create(request, { id, content: requireObject(content, `users.${id}.content`), credentials: given })
  }

  /**
   * Loads what the configuration or a plugin declares, when the host starts: by one node of a cluster, and not again until it says
   * something else. What it names may come later, and users who exist stay as they are.
   *
   * @param owner - Who declares it: `configuration`, or the name of a plugin.
   */
  async loadOnce(owner: string, given: Record<string, unknown>, options: LoadOptions = {}): Promise<boolean> {
    const _id = `imports-${createHash('sha256').update(JSON.stringify([owner, given])).digest('hex')}`
    if (!await this.#claim(_id, owner)) return false
    try {
      const request = new Request({ controller: 'admin', action: 'loadSecurities' })
      await this.load(request, given, { force: true, onExistingUsers: 'skip', ...options })
      return true
    } catch (error) {
      await this.parts.store.delete(places.settings, _id)
      throw error
    }
  }

  /** Of several nodes that ask at once, one is told yes. */
  async #claim(_id: string, owner: string): Promise<boolean> {
    try {
      await this.parts.store.create(places.settings, { _id, body: { owner, loadedAt: Date.now() } })
      return true
    } catch (error) {
      if (!hasId(error, 'services.storage.document_already_exists')) throw error
      return false
    }
  }

  async #existing(ids: readonly string[]): Promise<string[]> {
    const known = await Promise.all(ids.map((id) => this.parts.users.exists(id)))
    return ids.filter((_, position) => known[position])
  }
}

type Content = Record<string, unknown>
