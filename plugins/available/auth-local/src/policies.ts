import { Api, Config, Injectable } from '@mortise/sdk'
import { errors } from './errors.js'
import { isPassword } from './passwords.js'
import type { PasswordPolicy, Settings } from './settings.js'

interface Entity<T> { _id: string; _source: T }

/** A password that is to be set. */
export interface NewPassword {
  readonly username: string
  readonly password: string
  /** Hashes of earlier passwords, the latest first. */
  readonly earlier: readonly string[]
}

/** A password that is in use. Times in milliseconds since the epoch. */
export interface SetPassword {
  readonly setAt: number
  readonly isSetByOthers: boolean
}

/** The rules for passwords, and whom they apply to. */
@Injectable()
export class Policies {
  constructor(private readonly config: Config<Settings>, private readonly api: Api) {}

  /** @throws `login_in_password`, `weak_password` or `reused_password` (400) */
  async check(kuid: string, { username, password, earlier }: NewPassword): Promise<void> {
    for (const policy of await this.#of(kuid)) {
      const { forbidLoginInPassword, passwordRegex, forbidReusedPasswordCount } = policy
      if (forbidLoginInPassword && password.toLowerCase().includes(username.toLowerCase())) throw errors.login_in_password()
      if (passwordRegex !== undefined && !new RegExp(passwordRegex).test(password)) throw errors.weak_password()
      for (const hashed of earlier.slice(0, forbidReusedPasswordCount)) {
        if (await isPassword(password, hashed)) throw errors.reused_password()
      }
    }
  }

  /** Why somebody who gave the right password must choose a new one first; nothing when they need not. */
  async faultOf(kuid: string, { setAt, isSetByOthers }: SetPassword): Promise<Error | undefined> {
    const policies = await this.#of(kuid)
    if (policies.some(({ expiresAfter }) => expiresAfter !== undefined && setAt + expiresAfter < Date.now())) return errors.expired_password()
    if (isSetByOthers && policies.some(({ mustChangePasswordIfSetByAdmin: must }) => must)) return errors.must_change_password()
    return undefined
  }

  /** How many earlier passwords are worth keeping. */
  get memory(): number {
    return Math.max(0, ...this.config.values.passwordPolicies.map(({ forbidReusedPasswordCount }) => forbidReusedPasswordCount))
  }

  /** Whether users who change their own credentials must show that they know the password. */
  get wantCurrentPassword(): boolean {
    return this.config.values.requirePassword
  }

  async #of(kuid: string): Promise<PasswordPolicy[]> {
    const { passwordPolicies } = this.config.values
    if (passwordPolicies.every(({ appliesTo }) => appliesTo === '*')) return passwordPolicies
    const { profiles, roles } = await this.#rightsOf(kuid)
    return passwordPolicies.filter(({ appliesTo }) => appliesTo === '*' || appliesTo.users.includes(kuid)
      || appliesTo.profiles.some((id) => profiles.includes(id)) || appliesTo.roles.some((id) => roles.includes(id)))
  }

  async #rightsOf(kuid: string): Promise<{ profiles: string[]; roles: string[] }> {
    const user = await this.api.call<Entity<{ profileIds: string[] }>>({ controller: 'security', action: 'getUser', _id: kuid })
    const { profileIds } = user._source
    const { hits } = await this.api.call<{ hits: Entity<{ policies: { roleId: string }[] }>[] }>({
      controller: 'security', action: 'mGetProfiles', body: { ids: profileIds },
    })
    return { profiles: profileIds, roles: hits.flatMap(({ _source }) => _source.policies.map(({ roleId }) => roleId)) }
  }
}
