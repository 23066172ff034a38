import { Strategy, type CredentialsOf, type PassportRequest, type Request, type StrategyMethods, type Verified } from '@mortise/sdk'
import { Accounts, type Secret } from './accounts.js'
import { Attempts } from './attempts.js'
import { errors } from './errors.js'
import { LocalStrategy } from './local-strategy.js'
import { hashPassword, isPassword } from './passwords.js'
import { Policies } from './policies.js'
import { ResetTokens } from './reset-tokens.js'

const REFUSAL = { kuid: null, message: 'wrong username or password' }
const LONGEST = { username: 256, password: 1024 }

/** Usernames and passwords as a way to log in, under the name `local`. */
@Strategy('local', { strategy: LocalStrategy, fields: ['username', 'password'] })
export class LocalCredentials implements StrategyMethods {
  constructor(
    private readonly accounts: Accounts,
    private readonly policies: Policies,
    private readonly attempts: Attempts,
    private readonly resetTokens: ResetTokens,
  ) {}

  /** Says the same, after the same time, whether the username or the password is wrong. */
  async verify({ original }: PassportRequest, username: string, password: string): Promise<Verified> {
    this.attempts.check(original, username)
    this.attempts.add(original, username)
    const secret = await this.secretOf(username)
    if (!await isPassword(password, secret?.hash) || !secret) return REFUSAL
    this.attempts.succeeded(original, username)
    const fault = await this.policies.faultOf(secret._id, secret)
    if (fault) throw Object.assign(fault, { resetToken: await this.resetTokens.create(secret._id) })
    return { kuid: secret._id }
  }

  async exists(_request: Request, kuid: string): Promise<boolean> {
    return await this.accounts.secretOf(kuid) !== undefined
  }

  /** @throws `invalid_field`, `username_taken`, what {@link Policies.check} throws, `wrong_password` */
  async validate(request: Request, given: CredentialsOf, kuid: string, ...[, isUpdate]: [strategy: string, isUpdate: boolean]): Promise<true> {
    const known = await this.accounts.secretOf(kuid)
    for (const field of ['username', 'password'] as const) {
      if (!isUpdate || given[field] !== undefined) checkText(field, given[field])
    }
    const username = (given.username ?? known?.username ?? '') as string
    await this.refuseTaken(username, kuid)
    if (given.password !== undefined) await this.policies.check(kuid, { username, password: given.password as string, earlier: hashesOf(known) })
    if (isUpdate && known) await this.checkCurrent(request, given, known, kuid)
    return true
  }

  async create(request: Request, { username, password }: CredentialsOf, kuid: string): Promise<object> {
    const isSetByOthers = isSomebodyElse(request, kuid)
    await this.accounts.create(kuid, { username, hash: await hashPassword(password), setAt: Date.now(), isSetByOthers, earlier: [] })
    return { username, kuid }
  }

  async update(request: Request, given: CredentialsOf, kuid: string): Promise<object> {
    const known = await this.accounts.secretOf(kuid)
    if (!known) throw errors.no_credentials(kuid)
    const username = (given.username ?? known.username) as string
    if (given.password === undefined) await this.accounts.replace(kuid, known, { ...known, username })
    else await this.setPassword(kuid, { ...known, username }, { password: given.password as string, isSetByOthers: isSomebodyElse(request, kuid) })
    return { username, kuid }
  }

  /** Sets a password for somebody who has lost theirs, when `mayGo` lets it. @throws what {@link Policies.check} throws, `no_credentials` */
  async reset(kuid: string, password: string, mayGo: () => Promise<void>): Promise<{ username: string }> {
    const secret = await this.accounts.secretOf(kuid)
    if (!secret) throw errors.no_credentials(kuid)
    const { username } = secret
    await this.policies.check(kuid, { username, password, earlier: hashesOf(secret) })
    await mayGo()
    await this.setPassword(kuid, secret, { password, isSetByOthers: false })
    return { username }
  }

  /** Puts a new password in the place of the one that is known, which is remembered as far as the policies ask. */
  private async setPassword(kuid: string, secret: Secret, { password, isSetByOthers }: { password: string; isSetByOthers: boolean }): Promise<void> {
    const before = await this.accounts.secretOf(kuid) ?? secret
    const earlier = hashesOf(before).slice(0, this.policies.memory)
    await this.accounts.replace(kuid, before, { ...secret, hash: await hashPassword(password), setAt: Date.now(), isSetByOthers, earlier })
  }

  delete(_request: Request, kuid: string): Promise<void> {
    return this.accounts.delete(kuid)
  }

  async getInfo(_request: Request, kuid: string): Promise<object> {
    const secret = await this.accounts.secretOf(kuid)
    if (!secret) throw errors.no_credentials(kuid)
    return { username: secret.username, kuid }
  }

  /** By username. */
  async getById(_request: Request, id: string): Promise<object> {
    const owner = await this.accounts.byUsername(id)
    if (!owner) throw errors.no_credentials(id)
    return { username: owner.username, kuid: owner.kuid }
  }

  search(body: Record<string, unknown>, page: { from: number; size: number }): Promise<{ hits: object[]; total: number }> {
    return this.accounts.search(body.query as Record<string, unknown> | undefined, page)
  }

  private async secretOf(username: string) {
    return this.accounts.secretOf((await this.accounts.byUsername(username))?.kuid)
  }

  private async refuseTaken(username: string, kuid: string): Promise<void> {
    const owner = username === '' ? undefined : await this.accounts.byUsername(username)
    if (owner && owner.kuid !== kuid) throw errors.username_taken(username)
  }

  private async checkCurrent(request: Request, given: CredentialsOf, known: Secret, kuid: string): Promise<void> {
    if (!this.policies.wantCurrentPassword || isSomebodyElse(request, kuid)) return
    checkText('currentPassword', given.currentPassword)
    if (!await isPassword(given.currentPassword as string, known.hash)) throw errors.wrong_password()
  }
}

const hashesOf = (secret: Secret | undefined): string[] => (secret ? [secret.hash, ...secret.earlier] : [])

function checkText(field: 'username' | 'password' | 'currentPassword', value: unknown): void {
  const longest = LONGEST[field === 'username' ? 'username' : 'password']
  const isText = typeof value === 'string' && value !== '' && value.length <= longest && !/\p{Cc}/u.test(value)
  if (!isText) throw errors.invalid_field(field, `a text of 1 to ${longest} characters that can be seen`)
}

/** Whether one user acts on another; somebody who registers is nobody yet. */
function isSomebodyElse(request: Request, kuid: string): boolean {
  const caller = request.getKuid()
  return caller !== null && caller !== '-1' && caller !== kuid
}
