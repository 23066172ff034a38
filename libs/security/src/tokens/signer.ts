import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { createError } from '@mortise/sdk'
import type { DocumentStore } from '@app/storage'
import { systemClock, type Clock } from '@app/supervision'
import { find, hasId, places } from '../entities/places.js'

/** The one algorithm: whatever a token's header says, no other is tried. */
const ALGORITHM = 'HS256'
const SECRET_BYTES = 64

/** The library is loaded with the first token: a host that nobody logs in to has none. */
const [loadSigning, loadVerifying] = [() => import('jose/jwt/sign'), () => import('jose/jwt/verify')]

/** What a token says: whose it is, and which. */
export interface Claims {
  readonly userId: string
  readonly id: string
}

/** Signs tokens and tells its own from all others (JWT, RFC 7519, HMAC with SHA-256). */
export class Signer {
  #key: KeyObject | undefined

  /** @param secret - The one of the configuration; else one is made at the first start, and stored. */
  constructor(private readonly store: DocumentStore, private readonly secret?: string, private readonly clock: Clock = systemClock) {}

  async start(): Promise<void> {
    this.#key = createSecretKey(Buffer.from(this.secret ?? await storedSecret(this.store)))
  }

  /** @param expiresAt - Milliseconds since the epoch; -1 for never. */
  async sign({ userId, id }: Claims, expiresAt: number): Promise<string> {
    const { SignJWT } = await loadSigning()
    const jwt = new SignJWT({ _id: userId }).setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' }).setIssuedAt(new Date(this.clock.now())).setJti(id)
    // The protocol counts in seconds; the record, which counts in milliseconds, ends a token on time.
    if (expiresAt !== -1) jwt.setExpirationTime(Math.ceil(expiresAt / 1000))
    return jwt.sign(this.#started)
  }

  /** @throws `security.token.invalid` for whatever this key has not signed, and for what has ended */
  async verify(jwt: string): Promise<Claims> {
    const { jwtVerify } = await loadVerifying()
    const { payload } = await jwtVerify<{ _id?: unknown }>(jwt, this.#started, { algorithms: [ALGORITHM], currentDate: new Date(this.clock.now()) }).catch(() => {
      throw createError('security.token.invalid')
    })
    if (typeof payload._id !== 'string' || typeof payload.jti !== 'string') throw createError('security.token.invalid')
    return { userId: payload._id, id: payload.jti }
  }

  get #started(): KeyObject {
    if (!this.#key) throw createError('security.token.generation_failed', 'security has not started')
    return this.#key
  }
}

/** By which a token is known without being kept. */
export const fingerprintOf = (jwt: string): string => createHash('sha256').update(jwt).digest('hex')

async function storedSecret(store: DocumentStore): Promise<string> {
  const found = await readSecret(store)
  if (found !== undefined) return found
  const secret = randomBytes(SECRET_BYTES).toString('base64')
  try {
    await store.create(places.settings, { _id: 'jwt-secret', body: { secret } })
    return secret
  } catch (error) {
    if (!hasId(error, 'services.storage.document_already_exists')) throw error
    // Another node was faster: its secret is everybody's.
    return await readSecret(store) ?? secret
  }
}

const readSecret = async (store: DocumentStore): Promise<string | undefined> =>
  (await find(store, places.settings, 'jwt-secret'))?._source.secret as string | undefined
