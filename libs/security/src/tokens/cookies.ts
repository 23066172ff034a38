import { createError, type Request } from '@mortise/sdk'
import type { IssuedToken } from './issued-token.js'

/** The cookie that carries a token. */
const NAME = 'authToken'

/** What a browser keeps after a logout. */
const EMPTY: ReadonlySet<string> = new Set(['', 'null'])

/** When cookies are accepted. */
export interface CookieOptions {
  readonly isEnabled: boolean
  /** Whether pages of this origin, other than the host's own, may use cookies. */
  isOriginTrusted(origin: string): boolean
}

type Headers = Record<string, string | string[] | undefined>

/**
 * The token in a request's cookie, or `undefined` when there is none.
 *
 * A browser sends cookies along whoever wrote the page, so one counts only
 * when the page is the host's own or of a trusted origin.
 *
 * @throws `security.cookie.invalid` (401) for a cookie that cannot be read, comes twice, or comes from a foreign page;
 * `security.cookie.unsupported` (500) when cookies are switched off
 */
export function readCookieToken(headers: Headers | undefined, options: CookieOptions): string | undefined {
  const sent = headers?.cookie === undefined ? [] : splitCookies(headers.cookie).filter(([name]) => name === NAME)
  if (sent.every(([, value]) => EMPTY.has(value))) return undefined
  if (!options.isEnabled) throw createError('security.cookie.unsupported')
  const value = sent.length === 1 && sent[0] ? readCookie(sent[0][1]) : undefined
  if (value === undefined) throw createError('security.cookie.invalid')
  refuseForeignPage(headers, options)
  return value
}

/** @throws `security.cookie.invalid` when the request comes from a page that may not use cookies */
export function refuseForeignPage(headers: Headers | undefined, { isOriginTrusted }: Pick<CookieOptions, 'isOriginTrusted'>): void {
  const origin = headers?.origin
  if (typeof origin === 'string') {
    if (!isOwnOrigin(origin, headers?.host) && !isOriginTrusted(origin)) throw createError('security.cookie.invalid')
  } else if (headers?.['sec-fetch-site'] === 'cross-site') {
    throw createError('security.cookie.invalid')
  }
}

/** Sends a token as a cookie that no script reads and no other site sends. */
export function setCookie(request: Request, token: IssuedToken): void {
  const expires = token.expiresAt === -1 ? '' : ` Expires=${new Date(token.expiresAt).toUTCString()};`
  const secure = String(request.input.headers?.origin ?? '').startsWith('https:') ? '; Secure' : ''
  request.response.setHeader('Set-Cookie', `${NAME}=${token.jwt}; Path=/;${expires} HttpOnly; SameSite=Strict${secure}`)
}

export function clearCookie(request: Request): void {
  request.response.setHeader('Set-Cookie', `${NAME}=null; Path=/; HttpOnly; SameSite=Strict`)
}

/** Names and values of all cookies, in the order sent (RFC 6265), values as they were sent. */
export function splitCookies(header: string | string[]): [name: string, value: string][] {
  const text = typeof header === 'string' ? header : header.join(';')
  return text.split(';').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]]
  })
}

/** A cookie's value, without quotes and escapes; `undefined` when it cannot be read. */
export const readCookie = (value: string): string | undefined => decode(value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value)

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    // Told by its absence: whoever asks knows best whether that matters.
    return undefined
  }
}

function isOwnOrigin(origin: string, host: string | string[] | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host
}
