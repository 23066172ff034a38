import { createHash, randomBytes } from 'node:crypto'
import { Config, Injectable, PluginStore, type Repository } from '@mortise/sdk'
import { errors } from './errors.js'
import type { Settings } from './settings.js'

interface ResetToken { kuid: string; endsAt: number }

/** Tokens that let somebody set a new password, once. The store knows them by their fingerprint. */
@Injectable()
export class ResetTokens {
  readonly #tokens: Repository<ResetToken>

  constructor(store: PluginStore, private readonly config: Config<Settings>) {
    this.#tokens = store.repository<ResetToken>('reset-tokens')
  }

  async create(kuid: string): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    await this.#tokens.create({ _id: fingerprintOf(token), kuid, endsAt: Date.now() + this.config.get('resetPasswordExpiresIn') })
    return token
  }

  /** Whose token it is. @throws `invalid_token` */
  async read(token: string): Promise<string> {
    const known = await this.#tokens.get(fingerprintOf(token))
    if (!known || known.endsAt <= Date.now()) throw errors.invalid_token()
    return known.kuid
  }

  /** Of several who use a token at once, one gets through. @throws `invalid_token` */
  async use(token: string): Promise<void> {
    if (!await this.#tokens.delete(fingerprintOf(token))) throw errors.invalid_token()
  }
}

const fingerprintOf = (token: string): string => createHash('sha256').update(token).digest('hex')
