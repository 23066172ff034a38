import type { StandardRights } from './accounts/founding.js'
import type { TokenOptions } from './tokens/tokens.js'

/** How strict the host is, and for how long it trusts. What is left out has the reference's default. */
export interface SecurityOptions {
  readonly jwt?: Partial<TokenOptions> & {
    /** Signs tokens; one is made at the first start, and stored, when absent. */
    readonly secret?: string
  }
  /** Longest life of an API key: milliseconds, -1 for no limit. */
  readonly apiKeyMaxTTL?: number
  /** Whether a cookie may carry the token. */
  readonly cookieAuthentication?: boolean
  /** Whether pages of another origin may use cookies. None may by default. */
  readonly isOriginTrusted?: (origin: string) => boolean
  /** Log-ins a second and connection; 0 for no limit. */
  readonly loginsPerSecond?: number
  /** Profiles that `security:createRestrictedUser` gives. */
  readonly restrictedProfileIds?: readonly string[]
  /** Rights once they are restricted. */
  readonly standard?: StandardRights
  /** Where a browser may be sent with its token after a login by a provider's pages. */
  readonly returnUrls?: readonly string[]
  /** Lets only administrators use the API. */
  readonly failsafeMode?: boolean
}

type Complete = Required<Omit<SecurityOptions, 'jwt'>> & { readonly jwt: TokenOptions & { readonly secret?: string } }

export const withDefaults = ({ jwt, ...options }: SecurityOptions = {}): Complete => ({
  apiKeyMaxTTL: -1,
  cookieAuthentication: true,
  isOriginTrusted: () => false,
  loginsPerSecond: 1,
  restrictedProfileIds: ['default'],
  standard: {},
  returnUrls: [],
  failsafeMode: false,
  ...options,
  jwt: { expiresIn: '1h', maxTTL: -1, gracePeriod: 1000, ...jwt },
})
