import type { User } from '@mortise/sdk'
import { CompiledRole, type RoleControllers } from './compiled-role.js'
import { UserRights, type GrantedPolicy, type Policy } from './user-rights.js'

/** A profile: roles with the places they hold in, and requests a second (0 for no limit). */
export interface ProfileRules {
  policies: readonly Policy[]
  rateLimit?: number
}

/**
 * All roles and profiles in the form that checks read. Whatever changes one of
 * them puts it in here, and from then on every check knows; the rights of a
 * user are put together at their first check after a change.
 */
export class Rights {
  readonly #roles = new Map<string, CompiledRole>()
  readonly #profiles = new Map<string, ProfileRules>()
  #byUser = new WeakMap<User, UserRights>()
  #byProfiles = new Map<string, UserRights>()

  /** What a user may do now. */
  of(user: User): UserRights {
    const known = this.#byUser.get(user)
    if (known) return known
    const rights = this.ofProfiles(user.profileIds)
    this.#byUser.set(user, rights)
    return rights
  }

  /** What somebody with these profiles may do now. Profiles that do not exist give nothing. */
  ofProfiles(profileIds: readonly string[]): UserRights {
    const key = JSON.stringify(profileIds)
    const rights = this.#byProfiles.get(key) ?? this.#compile(profileIds)
    this.#byProfiles.set(key, rights)
    return rights
  }

  setRole(id: string, controllers: RoleControllers): void {
    this.#roles.set(id, new CompiledRole(controllers))
    this.#forget()
  }

  removeRole(id: string): void {
    this.#roles.delete(id)
    this.#forget()
  }

  get roleIds(): string[] {
    return [...this.#roles.keys()]
  }

  get profileIds(): string[] {
    return [...this.#profiles.keys()]
  }

  hasRole(id: string): boolean {
    return this.#roles.has(id)
  }

  setProfile(id: string, { policies, rateLimit }: ProfileRules): void {
    this.#profiles.set(id, { policies, rateLimit })
    this.#forget()
  }

  removeProfile(id: string): void {
    this.#profiles.delete(id)
    this.#forget()
  }

  hasProfile(id: string): boolean {
    return this.#profiles.has(id)
  }

  /** Ids of the profiles that hold a role. */
  profilesWith(roleId: string): string[] {
    return [...this.#profiles].filter(([, { policies }]) => policies.some((policy) => policy.roleId === roleId)).map(([id]) => id)
  }

  /** Ids of the roles that say something about one of these controllers, if only by `*`. */
  rolesNaming(controllers: readonly string[]): string[] {
    return [...this.#roles].filter(([, role]) => [...role.controllers].some((name) => name === '*' || controllers.includes(name))).map(([id]) => id)
  }

  #compile(profileIds: readonly string[]): UserRights {
    const profiles = profileIds.flatMap((id) => this.#profiles.get(id) ?? [])
    const policies = profiles.flatMap((profile) => profile.policies).flatMap(({ roleId, restrictedTo }): GrantedPolicy[] => {
      const role = this.#roles.get(roleId)
      return role ? [{ role, restrictedTo }] : []
    })
    return new UserRights(policies, highest(profiles.map(({ rateLimit = 0 }) => rateLimit)))
  }

  #forget(): void {
    this.#byUser = new WeakMap()
    this.#byProfiles = new Map()
  }
}

/** The most generous limit counts, and 0 is no limit at all. */
const highest = (limits: readonly number[]): number => (limits.includes(0) ? 0 : Math.max(0, ...limits))
