import * as client from 'openid-client'
import type { ProviderSettings } from './settings.js'

/** What a provider says about a person. */
export type Claims = Readonly<Record<string, unknown>>

/** What must be known again when the browser comes back. */
export interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Parameters that a provider sends a browser back with (OAuth 2.0, RFC 9207, OpenID Connect Core). */
const ANSWERS = ['code', 'state', 'iss', 'session_state', 'scope', 'error', 'error_description', 'error_uri']

/** One provider: authorization code flow with PKCE, `state` and, for OpenID Connect, `nonce`. */
export class Provider {
  #configuration: Promise<client.Configuration> | undefined

  constructor(private readonly settings: ProviderSettings, private readonly secret: string | undefined) {}

  /** The address of the provider's page, and what to keep until the browser is back. */
  async begin(): Promise<{ url: string; pending: Pending }> {
    const configuration = await this.#configure()
    const pending = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
    const url = client.buildAuthorizationUrl(configuration, {
      ...this.settings.parameters,
      redirect_uri: this.settings.callbackUrl,
      ...(this.settings.scope && { scope: this.settings.scope }),
      state: pending.state,
      ...(this.#isOpenId && { nonce: pending.nonce }),
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    })
    return { url: url.href, pending }
  }

  /** Trades what the browser came back with for what the provider says about the person. Throws when anything does not fit. */
  async end(answer: Readonly<Record<string, unknown>>, { state, nonce, verifier }: Pending): Promise<Claims> {
    const configuration = await this.#configure()
    const tokens = await client.authorizationCodeGrant(configuration, this.#currentUrl(answer), {
      expectedState: state, pkceCodeVerifier: verifier, ...(this.#isOpenId && { expectedNonce: nonce, idTokenExpected: true }),
    })
    const claims = tokens.claims()
    if (!configuration.serverMetadata().userinfo_endpoint) return { ...claims }
    const userInfo = await client.fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? client.skipSubjectCheck)
    return { ...userInfo, ...claims }
  }

  get #isOpenId(): boolean {
    return 'issuer' in this.settings
  }

  /** Read at the first login, so that a provider which is down does not keep the host from starting. */
  #configure(): Promise<client.Configuration> {
    this.#configuration ??= this.#read().catch((error: unknown) => {
      this.#configuration = undefined
      throw error
    })
    return this.#configuration
  }

  async #read(): Promise<client.Configuration> {
    const { settings, secret } = this
    if ('issuer' in settings) {
      const execute = settings.allowInsecure ? [client.allowInsecureRequests] : []
      return client.discovery(new URL(settings.issuer), settings.clientId, secret, undefined, { execute })
    }
    const { authorizationUrl, tokenUrl, userInfoUrl, clientId, allowInsecure } = settings
    const server = { issuer: new URL(authorizationUrl).origin, authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl, userinfo_endpoint: userInfoUrl }
    const configuration = new client.Configuration(server, clientId, secret)
    if (allowInsecure) client.allowInsecureRequests(configuration)
    return configuration
  }

  /** Never taken from the request's own host: what counts is where the provider was told to send people. */
  #currentUrl(answer: Readonly<Record<string, unknown>>): URL {
    const url = new URL(this.settings.callbackUrl)
    for (const name of ANSWERS) {
      const value = answer[name]
      if (typeof value === 'string') url.searchParams.set(name, value)
    }
    return url
  }
}
