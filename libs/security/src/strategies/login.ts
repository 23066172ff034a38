import { ApiError, createError, createErrorFrom, type PassportRequest, type Request } from '@mortise/sdk'
import type { EventBus } from '@app/registry'
import { blame } from '@app/supervision'
import { Person } from '../entities/person.js'
import { refuseForeignPage, setCookie, type CookieOptions } from '../tokens/cookies.js'
import type { IssuedToken } from '../tokens/issued-token.js'
import type { Tokens } from '../tokens/tokens.js'
import { isBreakdown } from './is-breakdown.js'
import { browserOf, createBrowserCookie, type Flow, type LoginFlows } from './login-flows.js'
import { createPassportRequest } from './passport-request.js'
import type { Outcome } from './passport-contract.js'
import { isReturnUrl } from './return-url.js'
import { runAttempt } from './run-attempt.js'
import type { StrategyCalls } from './strategy-calls.js'
import type { RegisteredStrategy, StrategyRegistry } from './strategy-registry.js'

interface LoginParts {
  readonly strategies: StrategyRegistry
  readonly calls: StrategyCalls
  readonly tokens: Tokens
  readonly flows: LoginFlows
  readonly bus: EventBus
  readonly cookies: CookieOptions
  /** Addresses that a browser may be sent to with its token. */
  readonly returnUrls: readonly string[]
}

/** What a client gets who logged in. Without `jwt` when a cookie carries it. */
interface LoginResult {
  _id: string
  jwt?: string
  expiresAt: number
  ttl: number
}

/**
 * Logs in by a strategy: at once, or by way of a provider's pages, in which
 * case the first answer is a redirect and the provider sends the browser back
 * to the same action.
 */
export class Login {
  constructor(private readonly parts: LoginParts) {}

  /**
   * Carries out `auth:login`.
   *
   * @throws `security.credentials.unknown_strategy` (400), `plugin.strategy.missing_user` (401) with the strategy's own reason,
   * `plugin.strategy.*` (500) when the strategy does what its contract forbids
   */
  async run(request: Request): Promise<unknown> {
    const strategy = this.parts.strategies.get(request.getString('strategy'))
    const passportRequest = createPassportRequest(request, strategy.definition.name, {})
    const flow = this.#resume(request, strategy, passportRequest)
    const outcome = await this.#attempt(strategy, Object.assign(passportRequest, { session: flow.session }))
    if (outcome.kind === 'redirect') return this.#redirect(request, outcome.url, flow)
    if (outcome.kind === 'page') return sendPage(request, outcome)
    if (outcome.kind === 'refused') return refuse(request, strategy, outcome)
    return this.#welcome(request, outcome.user, flow)
  }

  /** The flow that this request continues, or a new one. */
  #resume(request: Request, { definition: { name } }: RegisteredStrategy, { cookies, body }: PassportRequest): Flow {
    const browser = browserOf(cookies)
    const form = body as Record<string, unknown>
    const { args } = request.input
    const known = this.parts.flows.take(name, args.state ?? form.state ?? args.RelayState ?? form.RelayState, browser)
    if (known) {
      // A token goes to a page or into a cookie only in the browser that asked for it.
      if ((known.returnTo !== undefined || known.wantsCookie) && known.browser !== browser) throw createError('security.cookie.invalid')
      return known
    }
    const wantsCookie = request.getBoolean('cookieAuth')
    if (wantsCookie) this.#checkCookieUse(request)
    return { strategy: name, session: {}, browser, wantsCookie, returnTo: this.#readReturnTo(request), expiresIn: args.expiresIn }
  }

  #checkCookieUse(request: Request): void {
    if (!this.parts.cookies.isEnabled) throw createError('security.cookie.unsupported')
    refuseForeignPage(request.input.headers, this.parts.cookies)
  }

  #readReturnTo(request: Request): string | undefined {
    const returnTo: unknown = request.input.args.returnTo
    if (returnTo === undefined) return undefined
    if (typeof returnTo === 'string' && isReturnUrl(returnTo, this.parts.returnUrls)) return returnTo
    throw createError('api.assert.invalid_argument', 'returnTo', 'one of the configured return URLs')
  }

  /** What the client sent is no fault of the plugin's, and its breaker hears nothing of it. */
  async #attempt(strategy: RegisteredStrategy, request: PassportRequest): Promise<Outcome> {
    const { plugin, definition: { name, authenticateOptions = {} }, instance } = strategy
    return this.parts.calls.run(strategy, 'authenticate', () => runAttempt(instance, request, { ...authenticateOptions }).catch((error: unknown) => {
      if (ApiError.is(error)) throw error
      if (isBreakdown(error)) throw blame(error, { plugin, listener: `strategy ${name}` })
      throw createErrorFrom(error, 'plugin.strategy.missing_user', saidBy(error as Error))
    })) as Promise<Outcome>
  }

  #redirect(request: Request, url: string, flow: Flow): unknown {
    const { protocol, misc } = request.context.connection
    const { cookie, browser } = createBrowserCookie(flow.browser, misc.headers?.['x-forwarded-proto'] === 'https')
    const isBrowser = protocol === 'http'
    if (isBrowser) request.response.setHeader('Set-Cookie', cookie)
    this.parts.flows.keep({ ...flow, browser: isBrowser ? browser : flow.browser }, url)
    return sendElsewhere(request, url)
  }

  async #welcome(request: Request, user: unknown, flow: Flow): Promise<unknown> {
    const told = await this.parts.bus.emit('auth:strategyAuthenticated', { strategy: flow.strategy, content: user }) as { content: unknown }
    const { content } = told
    if (!(content instanceof Person)) return sendInstead(request, content)
    const token = this.#reusable(request, content) ?? await this.parts.tokens.issue(content._id, { expiresIn: flow.expiresIn })
    await this.#link(request, token)
    return this.#answer(request, token, flow)
  }

  /** A connection that has a lasting token of the same user keeps it. */
  #reusable(request: Request, { _id }: Person): IssuedToken | undefined {
    const token = request.context.token as IssuedToken | null
    return token?.userId === _id && (token.type === 'apiKey' || token.expiresAt === -1) ? token : undefined
  }

  /** So that the end of the token is told on the connection that logged in with it. */
  async #link(request: Request, token: IssuedToken): Promise<void> {
    if (request.context.connection.protocol === 'http' || request.context.connection.id === null) return
    this.parts.tokens.link(await this.parts.tokens.verify(token.jwt), request.context.connection.id)
  }

  #answer(request: Request, token: IssuedToken, flow: Flow): unknown {
    const { userId: _id, expiresAt, ttl, jwt } = token
    if (flow.wantsCookie) setCookie(request, token)
    if (flow.returnTo !== undefined) {
      const fragment = flow.wantsCookie ? '' : `#${new URLSearchParams({ jwt, expiresAt: String(expiresAt) }).toString()}`
      return sendElsewhere(request, flow.returnTo.replace(/#.*$/, '') + fragment)
    }
    const result: LoginResult = { _id, expiresAt, ttl }
    return flow.wantsCookie ? result : { ...result, jwt }
  }
}

function refuse(request: Request, { definition: { name } }: RegisteredStrategy, { message, challenge }: Outcome & { kind: 'refused' }): never {
  if (challenge !== undefined) request.response.setHeader('WWW-Authenticate', oneLine(challenge))
  throw createError('plugin.strategy.missing_user', message ?? `Could not log in with strategy "${name}"`)
}

/** The client is to go on at another address. Told as a result too, for clients that follow no redirects. */
function sendElsewhere(request: Request, url: string): unknown {
  const headers = { Location: oneLine(url) }
  request.response.configure({ status: 302, headers })
  return { headers, statusCode: 302 }
}

/** What a pipe put in the place of the user goes to the client; no token is made. */
function sendInstead(request: Request, content: unknown): unknown {
  const { headers, statusCode = 200 } = (content ?? {}) as { headers?: Record<string, string>; statusCode?: number }
  request.response.configure({ status: statusCode, headers })
  return content
}

function sendPage(request: Request, { page, status, headers }: Outcome & { kind: 'page' }): string {
  request.response.configure({ status, headers, format: 'raw' })
  return page
}

/** No header may grow a second one. */
const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, '')

/** OAuth providers may give a code alone, such as `invalid_grant`. */
const saidBy = ({ message, code }: Error & { code?: unknown }): string => message || (typeof code === 'string' ? code : 'refused')
