import { createError, type Request } from '@mortise/sdk'
import type { DocumentStore, StoredDocument } from '@app/storage'
import {
  BUILT_IN, openProfiles, openRoles, restrictedProfiles, restrictedRoles, type BuiltIn,
} from '../entities/built-in-entities.js'
import { places } from '../entities/places.js'
import type { Profiles } from '../entities/profiles.js'
import type { Roles } from '../entities/roles.js'
import type { Users } from '../entities/users.js'
import type { RoleControllers } from '../rights/compiled-role.js'
import type { ProfileRules, Rights } from '../rights/rights.js'
import type { Accounts, NewAccount } from './accounts.js'

/** Rights that everybody has once they are restricted, where they are to differ from the built-in ones. */
export interface StandardRights {
  readonly roles?: Readonly<Partial<Record<BuiltIn, RoleControllers>>>
  readonly profiles?: Readonly<Partial<Record<BuiltIn, ProfileRules>>>
}

interface FoundingParts {
  readonly store: DocumentStore
  readonly rights: Rights
  readonly users: Users
  readonly profiles: Profiles
  readonly roles: Roles
  readonly accounts: Accounts
  readonly standard: StandardRights
}

/** How many were removed by a reset. */
export interface ResetCounts {
  deletedUsers: number
  deletedProfiles: number
  deletedRoles: number
}

/** How a host begins: open to everybody, until the first administrator restricts what others may do. */
export class Founding {
  #running: string | undefined

  constructor(private readonly parts: FoundingParts) {}

  /** Makes the built-in roles and profiles that are missing, everything open. */
  async start(): Promise<void> {
    const { roles, profiles, rights } = this.parts
    for (const id of BUILT_IN) if (!rights.hasRole(id)) await roles.createOrReplace(id, { controllers: openRoles[id] })
    for (const id of BUILT_IN) if (!rights.hasProfile(id)) await profiles.createOrReplace(id, { ...openProfiles[id] })
  }

  async adminExists(): Promise<boolean> {
    return await this.parts.users.countWith('admin') > 0
  }

  /**
   * Makes the first administrator; with `reset`, restricts everybody else's rights as well.
   *
   * @throws `api.process.admin_exists` (412), also for the slower of two that ask at once
   */
  async createFirstAdmin(request: Request, account: Omit<NewAccount, 'content'> & { content: Record<string, unknown> }, reset: boolean): Promise<StoredDocument> {
    return this.#alone('security:createFirstAdmin', async () => {
      if (await this.adminExists()) throw createError('api.process.admin_exists')
      const admin = await this.parts.accounts.create(request, { ...account, content: { ...account.content, profileIds: ['admin'] } })
      if (reset) await this.restrictDefaultRights()
      return admin
    })
  }

  /** Leaves everybody but administrators what they need to log in and to see who they are. */
  async restrictDefaultRights(): Promise<void> {
    const { roles, profiles, standard } = this.parts
    for (const id of BUILT_IN) await roles.createOrReplace(id, { controllers: standard.roles?.[id] ?? restrictedRoles[id] }, { force: true })
    for (const id of BUILT_IN) await profiles.createOrReplace(id, { ...standard.profiles?.[id] ?? restrictedProfiles[id] })
  }

  /** Removes all users, and all roles and profiles but the built-in ones, which are open again. @throws `api.process.action_locked` */
  async reset(request: Request): Promise<ResetCounts> {
    return this.#alone('admin:resetSecurity', async () => {
      const { store, accounts, profiles, roles, rights } = this.parts
      const users = await idsIn(store, 'users')
      for (const id of users) await accounts.delete(request, id)
      const profileIds = (await idsIn(store, 'profiles')).filter((id) => !isKept(id))
      for (const id of profileIds) await profiles.delete(id)
      const roleIds = (await idsIn(store, 'roles')).filter((id) => !isKept(id))
      for (const id of roleIds) if (rights.hasRole(id)) await roles.delete(id)
      for (const id of BUILT_IN) await roles.createOrReplace(id, { controllers: openRoles[id] })
      for (const id of BUILT_IN) await profiles.createOrReplace(id, { ...openProfiles[id] })
      return { deletedUsers: users.length, deletedProfiles: profileIds.length, deletedRoles: roleIds.length }
    })
  }

  async #alone<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (this.#running !== undefined) throw createError('api.process.action_locked', this.#running)
    this.#running = action
    try {
      return await work()
    } finally {
      this.#running = undefined
    }
  }
}

const isKept = (id: string): boolean => (BUILT_IN as readonly string[]).includes(id)

async function idsIn(store: DocumentStore, collection: 'users' | 'profiles' | 'roles'): Promise<string[]> {
  const ids: string[] = []
  for await (const { _id } of store.export(places[collection])) ids.push(_id)
  return ids
}
