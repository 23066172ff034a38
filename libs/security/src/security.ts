import { ApiError, createError, type Request, type RequestConnection } from '@mortise/sdk'
import type { Accounts } from './accounts/accounts.js'
import type { Founding } from './accounts/founding.js'
import type { Securities } from './accounts/securities.js'
import { ANONYMOUS_ID } from './entities/built-in-entities.js'
import type { Profiles } from './entities/profiles.js'
import type { Roles } from './entities/roles.js'
import type { Users } from './entities/users.js'
import type { Gate, Identity } from './gate.js'
import { SecondWindow } from './rates/second-window.js'
import type { Rights } from './rights/rights.js'
import type { Credentials } from './strategies/credentials.js'
import type { Login } from './strategies/login.js'
import type { StrategyRegistry } from './strategies/strategy-registry.js'
import type { ApiKeys } from './tokens/api-keys.js'
import { readCookieToken, type CookieOptions } from './tokens/cookies.js'
import type { EndedConnection, Session } from './tokens/session.js'
import type { Sessions } from './tokens/sessions.js'
import type { Tokens } from './tokens/tokens.js'
import type { Trust } from './trust.js'

/** Everything that {@link Security} is made of; `createSecurity` puts it together. */
export interface SecurityServices {
  readonly rights: Rights
  readonly users: Users
  readonly profiles: Profiles
  readonly roles: Roles
  readonly tokens: Tokens
  readonly sessions: Sessions
  readonly trust: Trust
  readonly apiKeys: ApiKeys
  readonly strategies: StrategyRegistry
  readonly credentials: Credentials
  readonly login: Login
  readonly accounts: Accounts
  readonly founding: Founding
  readonly securities: Securities
  readonly cookies: CookieOptions
  readonly restrictedProfileIds: readonly string[]
  readonly loginsPerSecond: number
  readonly failsafeMode: boolean
}

/**
 * Who is this, and may they: the {@link Gate} that every client's request
 * passes, and the services behind it. With a token that was verified before,
 * all three answers are look-ups and come at once.
 */
export class Security implements Gate {
  readonly #anonymous: Identity
  readonly #requests = new SecondWindow()
  readonly #logins = new SecondWindow()
  #end: (() => void) | undefined

  /** @param begin - Reads and makes what is needed; yields what ends it, if anything. */
  constructor(readonly services: SecurityServices, private readonly begin: () => Promise<(() => void) | undefined>) {
    this.#anonymous = { user: services.users.anonymous, token: null }
  }

  /**
   * Reads roles, profiles and the secret that signs tokens, and makes what is
   * missing. To be awaited once the store has started, before plugins are loaded.
   */
  async start(): Promise<void> {
    this.#end = await this.begin()
  }

  /**
   * @throws `security.token.invalid` and `security.cookie.invalid` (401), `security.user.not_found` (404),
   * `security.token.verification_error` (500) when both a token and a cookie are sent
   */
  authenticate(request: Request): Identity | Promise<Identity> {
    const { connection } = request.context
    const cookie = connection.misc.headers?.cookie === undefined ? undefined : this.#readCookie(request)
    if (cookie !== undefined && request.input.jwt) throw createError('security.token.verification_error', 'both a token and a cookie were sent')
    const jwt = request.input.jwt ?? cookie
    if (!jwt) return this.#anonymous
    const session = this.services.tokens.known(jwt, connection)
    if (session) return this.#seen(session, connection)
    const verified = this.services.tokens.verify(jwt).then((found) => this.#seen(found, connection))
    const mayDrop = cookie === undefined ? mayBeAnothers(request) : mayDropCookie(request)
    return mayDrop ? verified.catch((error: unknown) => this.#drop(error)) : verified
  }

  /** @throws `security.rights.unauthorized` (401), `security.rights.forbidden` or `security.rights.failsafe_mode_admin_only` (403) */
  authorize(request: Request, { user }: Pick<Identity, 'user'>): void {
    // Over HTTP a list may come as text; it is read once, here, so that what is checked is what is used.
    if (typeof request.input.args.targets === 'string') request.getArray('targets')
    if (!this.allows(user, request)) throw denial(request, user._id)
    if (this.services.failsafeMode && !isLogin(request) && !user.profileIds.includes('admin')) throw createError('security.rights.failsafe_mode_admin_only')
  }

  /** @throws `api.process.too_many_logins_requests` or `api.process.too_many_requests` (429) */
  limit(request: Request, { user, token }: Identity): void {
    if (isLogin(request)) return this.#limitLogins(request)
    if (token && request.input.controller === 'auth' && request.input.action === 'logout') return
    const { rateLimit } = this.services.rights.of(user)
    if (rateLimit > 0 && !this.#requests.admits(user._id, rateLimit)) throw createError('api.process.too_many_requests')
  }

  /** Whether a user may run a request's action, without running it. */
  allows(user: Identity['user'], request: Request): boolean {
    const { controller, action, args } = request.input
    return this.services.rights.of(user).allows(controller ?? '', action ?? '', args)
  }

  /** Whether everybody may do everything, as before the first administrator restricts rights. */
  get isOpen(): boolean {
    return this.services.rights.of(this.services.users.anonymous).allows('*', '*', {})
  }

  /** Calls `listener` for each connection whose token expired or was revoked; returns what stops that. */
  onTokenEnd(listener: (ended: EndedConnection) => void): () => void {
    return this.services.sessions.onEnd(listener)
  }

  /** To be called when a connection has closed. */
  forgetConnection(connectionId: string): void {
    this.services.sessions.unlink(connectionId)
  }

  /** Stops what runs on its own. The store is its opener's to close. */
  close(): void {
    this.#end?.()
    this.services.trust.close()
    this.services.tokens.close()
  }

  /** The token in a request's cookie, if it may be used. */
  cookieTokenOf(request: Request): string | undefined {
    return readCookieToken(request.context.connection.misc.headers, this.services.cookies)
  }

  #readCookie(request: Request): string | undefined {
    try {
      return this.cookieTokenOf(request)
    } catch (error) {
      if (mayDropCookie(request)) return undefined
      throw error
    }
  }

  /** Connections that outlive a request are told when their token ends. */
  #seen(session: Session, { protocol, id }: RequestConnection): Identity {
    if (protocol !== 'http' && id !== null && !session.token.singleUse) this.services.sessions.link(session, id)
    return session
  }

  /** Takes whoever sent a token that is none of ours for nobody; a store that cannot be asked stays an error. */
  #drop(error: unknown): Identity {
    if (ApiError.is(error) && error.status < 500) return this.#anonymous
    throw error
  }

  #limitLogins({ context: { connection } }: Request): void {
    const { loginsPerSecond } = this.services
    if (connection.id === null || loginsPerSecond === 0) return
    if (!this.#logins.admits(connection.id, loginsPerSecond)) throw createError('api.process.too_many_logins_requests')
  }
}

const denial = ({ input: { controller, action } }: Request, userId: string): Error =>
  createError(userId === ANONYMOUS_ID ? 'security.rights.unauthorized' : 'security.rights.forbidden', controller ?? '', action ?? '', userId)

const isLogin = ({ input }: Request): boolean => input.controller === 'auth' && input.action === 'login'

/** At a log-in, the token of the header `Authorization` may be what the strategy asks for: it is the one to judge it then. */
function mayBeAnothers(request: Request): boolean {
  const { protocol, misc: { headers } } = request.context.connection
  const { jwt } = request.input
  return protocol === 'http' && isLogin(request) && jwt !== null && String(headers?.authorization).endsWith(jwt)
}

const COOKIE_ACTIONS: ReadonlySet<string> = new Set(['login', 'checkToken', 'logout'])

/** Whoever logs in or out by cookie may have a stale one. */
function mayDropCookie({ input: { controller, action, args } }: Request): boolean {
  return controller === 'auth' && COOKIE_ACTIONS.has(action ?? '') && args.cookieAuth !== undefined && args.cookieAuth !== false
}

