import { randomUUID } from 'node:crypto'
import { createError, type Logger, type RequestConnection, type Token } from '@mortise/sdk'
import type { DocumentStore, StoredDocument } from '@app/storage'
import type { Clock } from '@app/supervision'
import type { ChangeFeed } from '../changes.js'
import { find, hasId, places } from '../entities/places.js'
import type { Users } from '../entities/users.js'
import type { Trust } from '../trust.js'
import { IssuedToken } from './issued-token.js'
import { endOf, readLifetime, type Lifetime } from './lifetime.js'
import { recheckSessions } from './recheck-sessions.js'
import { Session } from './session.js'
import type { Sessions } from './sessions.js'
import { fingerprintOf, type Claims, type Signer } from './signer.js'

const AUTH_PREFIX = 'kauth-'
export const API_KEY_PREFIX = 'kapikey-'

/** How long tokens live. Lifetimes in milliseconds or as `1h`; -1 for ever. */
export interface TokenOptions {
  readonly expiresIn: Lifetime | string
  readonly maxTTL: Lifetime
  /** Milliseconds that a token stays good for after it was refreshed. */
  readonly gracePeriod: number
}

/** What a token is wanted for. */
export interface TokenWish {
  readonly expiresIn?: unknown
  readonly singleUse?: boolean
  /** Refuses a token that never ends. */
  readonly mustEnd?: boolean
}

interface TokenParts {
  readonly store: DocumentStore
  readonly signer: Signer
  readonly sessions: Sessions
  readonly users: Users
  readonly changes: ChangeFeed
  readonly trust: Trust
  readonly logger: Logger
  readonly options: TokenOptions
  readonly clock: Clock
}

/**
 * Tokens: made, verified, refreshed and revoked. The store keeps a record of
 * each, by its fingerprint and never the token itself; without its record a
 * token is worth nothing, however well signed.
 */
export class Tokens {
  #sweeper: NodeJS.Timeout | undefined
  /** Counts what may make a verification that is under way untrue. */
  #changes = 0

  constructor(private readonly parts: TokenParts) {}

  /** Removes records of tokens that have ended, now and once in a while. */
  async start(): Promise<void> {
    await this.#sweep()
    this.#sweeper = setInterval(() => void this.#sweep().catch((error: unknown) => this.parts.logger.warn(error)), SWEEP_EVERY).unref()
  }

  close(): void {
    clearInterval(this.#sweeper)
    this.parts.sessions.clear()
  }

  /** A token for a user. @throws `security.token.invalid_expiration`, `security.token.ttl_exceeded` */
  async issue(userId: string, { expiresIn, singleUse = false, mustEnd = singleUse }: TokenWish = {}): Promise<IssuedToken> {
    const { options, signer, store, clock } = this.parts
    const ttl = readLifetime(expiresIn ?? options.expiresIn, options.maxTTL)
    if (mustEnd && ttl === -1) throw createError('security.token.invalid_expiration', 'expiresIn', '-1')
    const expiresAt = endOf(ttl, clock.now())
    const jwt = await signer.sign({ userId, id: randomUUID() }, expiresAt)
    await store.create(places.tokens, { _id: fingerprintOf(jwt), body: { userId, expiresAt, ttl, singleUse } })
    return new IssuedToken({ userId, jwt: AUTH_PREFIX + jwt, expiresAt, ttl, singleUse, type: 'authToken' })
  }

  /** The session of a token at hand; nothing when it must be verified first. */
  known(jwt: string, { id, protocol }: Pick<RequestConnection, 'id' | 'protocol'>): Session | undefined {
    const { sessions, trust } = this.parts
    if (!trust.isWhole) return undefined
    const session = (protocol === 'http' || id === null ? undefined : sessions.findLatest(id, jwt)) ?? sessions.find(jwt)
    return session?.isStale ? undefined : session
  }

  /**
   * Verifies a token of either kind.
   *
   * @throws `security.token.invalid` (401); `security.user.not_found` (404) when its user is gone; `services.storage.not_connected` (503)
   */
  async verify(given: string): Promise<Session> {
    const jwt = given.startsWith(AUTH_PREFIX) || given.startsWith(API_KEY_PREFIX) ? given : AUTH_PREFIX + given
    if (!this.parts.trust.isWhole) await this.parts.trust.regained()
    const kept = this.parts.sessions.find(jwt)
    if (kept) return kept.readAnew(() => this.parts.users.load(kept.token.userId))
    const isApiKey = jwt.startsWith(API_KEY_PREFIX)
    const bare = jwt.slice((isApiKey ? API_KEY_PREFIX : AUTH_PREFIX).length)
    const changes = this.#changes
    const claims = await this.parts.signer.verify(bare)
    const token = isApiKey ? await this.#readApiKey(jwt, bare, claims) : await this.#readToken(jwt, bare, claims)
    const session = new Session(fingerprintOf(bare), await this.parts.users.load(claims.userId), token)
    if (session.endsAt <= this.parts.clock.now()) throw createError('security.token.invalid')
    // Something was revoked or changed meanwhile, perhaps this: it is looked up again at its next use.
    if (!token.singleUse && changes === this.#changes) return this.#keep(session)
    return session
  }

  /** A new token in place of one that may be refreshed; the old one dies after the grace period. */
  async refresh(token: Token | null, expiresIn?: unknown): Promise<IssuedToken> {
    const { sessions, store, options, changes } = this.parts
    const session = this.#refreshable(token)
    session.token.refreshed = true
    const fresh = await this.issue(session.token.userId, { expiresIn }).catch((error: unknown) => {
      session.token.refreshed = false
      throw error
    })
    const endsAt = Math.min(session.endsAt, this.parts.clock.now() + options.gracePeriod)
    await store.update(places.tokens, { _id: session.id, body: { refreshed: true, expiresAt: endsAt } })
    sessions.move(session, await this.verify(fresh.jwt))
    sessions.shorten(session, endsAt)
    changes.tell({ kind: 'token', userId: session.token.userId, id: session.id })
    return fresh
  }

  /** Remembers that a connection uses a token, so that its end is told there. */
  link(session: Session, connectionId: string): void {
    this.parts.sessions.link(session, connectionId)
  }

  /** Ends one token. An API key that logs out stays good. */
  async revoke(token: Token): Promise<void> {
    if (token.type === 'apiKey' || typeof token.jwt !== 'string') return
    const id = fingerprintOf(token.jwt.slice(AUTH_PREFIX.length))
    await this.parts.store.delete(places.tokens, id).catch(unlessMissing)
    this.end(token.userId, id)
  }

  /** Ends all tokens of a user; API keys stay good. */
  async revokeAll(userId: string): Promise<void> {
    const { store } = this.parts
    const { ids } = await store.deleteByQuery(places.tokens, { query: { term: { userId } } })
    for (const id of ids) this.end(userId, id)
  }

  /** Ends tokens, or one of them, here and on the other nodes; their records are gone already. */
  end(userId: string, id?: string): void {
    this.forget(userId, id)
    this.parts.changes.tell({ kind: 'token', userId, id })
  }

  /** Ends tokens, or one of them, on this node. */
  forget(userId: string, id?: string): void {
    this.#changes++
    this.parts.sessions.revoke(userId, id)
  }

  /** Lets the sessions of a user, who changed, read them anew. */
  refreshUser(userId: string): void {
    this.#changes++
    this.parts.sessions.refreshUser(userId)
  }

  /** Reads the records of all verified tokens anew, since changes may have been missed. */
  recheck(): Promise<void> {
    this.#changes++
    return recheckSessions(this.parts.store, this.parts.sessions)
  }

  async #readToken(jwt: string, bare: string, { userId }: Claims): Promise<IssuedToken> {
    const record = await find(this.parts.store, places.tokens, fingerprintOf(bare))
    if (record?._source.userId !== userId) throw createError('security.token.invalid')
    const token = tokenOf(record, { userId, jwt, type: 'authToken' })
    if (token.singleUse) await this.#claim(record)
    return token
  }

  async #readApiKey(jwt: string, bare: string, { userId, id }: Claims): Promise<IssuedToken> {
    const record = await find(this.parts.store, places.apiKeys, id)
    if (record?._source.userId !== userId || record._source.fingerprint !== fingerprintOf(bare)) throw createError('security.token.invalid')
    return tokenOf(record, { userId, jwt, type: 'apiKey' })
  }

  /** Of several requests that come with a single-use token, the one that removes its record has it. */
  async #claim(record: StoredDocument): Promise<void> {
    await this.parts.store.delete(places.tokens, record._id).catch((error: unknown) => {
      throw hasId(error, 'services.storage.not_found') ? createError('security.token.invalid') : error
    })
  }

  #keep(session: Session): Session {
    const kept = this.parts.sessions.find(session.token.jwt)
    if (kept) return kept
    this.parts.sessions.add(session)
    return session
  }

  #refreshable(token: Token | null): Session {
    if (!token || token.jwt === null) throw createError('security.token.invalid')
    if (token.type === 'apiKey') throw createError('security.token.refresh_forbidden', 'API key')
    if (token.expiresAt === -1) throw createError('security.token.refresh_forbidden', 'a token that never ends')
    const session = this.parts.sessions.find(token.jwt)
    if (!session || session.token.refreshed) throw createError('security.token.invalid')
    return session
  }

  async #sweep(): Promise<void> {
    await this.parts.store.deleteByQuery(places.tokens, { query: { range: { expiresAt: { gt: 0, lt: this.parts.clock.now() } } } }, { brief: true })
  }
}

const SWEEP_EVERY = 3_600_000

function tokenOf({ _source }: StoredDocument, facts: Pick<IssuedToken, 'userId' | 'jwt' | 'type'>): IssuedToken {
  const token = new IssuedToken({
    ...facts, jwt: facts.jwt, expiresAt: _source.expiresAt as number, ttl: _source.ttl as number, singleUse: _source.singleUse === true,
  })
  token.refreshed = _source.refreshed === true
  return token
}

function unlessMissing(error: unknown): void {
  if (!hasId(error, 'services.storage.not_found')) throw error
}
