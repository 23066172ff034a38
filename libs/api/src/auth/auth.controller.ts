import { ApiError, Controller, Get, Post, type Request } from '@mortise/sdk'
import { ANONYMOUS_ID, clearCookie, Security, setCookie, type IssuedToken } from '@app/security'
import { callerOf } from './caller.js'

/** What a client knows of a token of its own. `jwt` is absent when a cookie carries it. */
interface TokenAnswer {
  _id: string
  jwt?: string
  expiresAt: number
  ttl: number
}

type Checked = { valid: true; expiresAt: number | null; kuid: string } | { valid: false; state: string }

/** Logging in and out, and the tokens that come of it. */
@Controller('auth', { global: true })
export class AuthController {
  constructor(private readonly security: Security) {}

  @Get('/_login/:strategy')
  @Post('/_login/:strategy')
  login(request: Request): Promise<unknown> {
    return this.security.services.login.run(request)
  }

  /** Ends the token, with `global` all of the user's; API keys stay good. */
  @Post('/_logout')
  async logout(request: Request): Promise<{ acknowledged: true }> {
    const { tokens, cookies } = this.security.services
    const { token, connection } = request.context
    if (!request.getBoolean('cookieAuth')) callerOf(request)
    if (token && request.getBoolean('global')) await tokens.revokeAll(token.userId)
    else if (token) await tokens.revoke(token)
    if (cookies.isEnabled && connection.protocol === 'http') clearCookie(request)
    return { acknowledged: true }
  }

  /** Whether a token is good. No token at all is, for the anonymous user. */
  @Post('/_checkToken')
  async checkToken(request: Request): Promise<Checked> {
    try {
      const jwt = request.getBoolean('cookieAuth') ? this.security.cookieTokenOf(request) : request.getBodyString('token', '')
      if (!jwt) return { valid: true, expiresAt: null, kuid: ANONYMOUS_ID }
      const { token } = await this.security.services.tokens.verify(jwt)
      return { valid: true, expiresAt: token.expiresAt, kuid: token.userId }
    } catch (error) {
      if (!ApiError.is(error) || !error.id?.startsWith('security.')) throw error
      return { valid: false, state: error.message }
    }
  }

  /** A new token in place of the one that was sent. */
  @Post('/_refreshToken')
  async refreshToken(request: Request): Promise<TokenAnswer> {
    callerOf(request)
    const strategy = request.getString('strategy', 'local')
    const { credentials, tokens } = this.security.services
    const wish = strategy === 'local' ? undefined : await credentials.askRefresh(request, strategy)
    const token = await tokens.refresh(request.context.token, wish?.expiresIn ?? request.input.args.expiresIn)
    return this.#answer(request, token)
  }

  /** A further token of the user who asks; with `singleUse` it dies at its first use. */
  @Post('/_createToken')
  async createToken(request: Request): Promise<{ token: string; singleUse: boolean; expiresAt: number; ttl: number }> {
    const { _id } = callerOf(request)
    const wish = { expiresIn: request.input.args.expiresIn as unknown, singleUse: request.getBoolean('singleUse'), mustEnd: true }
    const { jwt: token, singleUse, expiresAt, ttl } = await this.security.services.tokens.issue(_id, wish)
    return { token, singleUse, expiresAt, ttl }
  }

  @Get('/strategies')
  getStrategies(): string[] {
    return this.security.services.strategies.names
  }

  #answer(request: Request, token: IssuedToken): TokenAnswer {
    const { userId: _id, expiresAt, ttl, jwt } = token
    if (!request.getBoolean('cookieAuth')) return { _id, jwt, expiresAt, ttl }
    setCookie(request, token)
    return { _id, expiresAt, ttl }
  }
}
