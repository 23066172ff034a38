import type { PassportRequest, Request } from '@mortise/sdk'
import { readCookie, splitCookies } from '../tokens/cookies.js'

/**
 * Builds what a Passport strategy expects of Node and Express: the client's
 * own method, URL, headers and cookies over HTTP, and a made-up `POST /login`
 * for other protocols.
 */
export function createPassportRequest(request: Request, strategy: string, session: Record<string, unknown>): PassportRequest {
  const { misc, ips } = request.context.connection
  const headers = { ...misc.headers }
  const url = misc.url ?? `/login?strategy=${encodeURIComponent(strategy)}`
  const isEncrypted = headers['x-forwarded-proto'] === 'https'
  const host = [headers.host].flat()[0] ?? 'localhost'
  const socket = { encrypted: isEncrypted, remoteAddress: ips[0], authorized: false, getPeerCertificate: () => ({}) }
  return {
    original: request,
    method: misc.verb ?? 'POST',
    url,
    originalUrl: url,
    path: url.split('?')[0],
    headers,
    headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().map(String)])),
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, String(one)])),
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    query: { ...request.input.args },
    params: { strategy },
    body: request.input.body ?? {},
    cookies: singleCookies(headers.cookie),
    session,
    socket,
    connection: socket,
    protocol: isEncrypted ? 'https' : 'http',
    secure: isEncrypted,
    host,
    hostname: host.replace(/:\d+$/, ''),
    ip: ips[0],
    ips,
    user: request.context.token ? request.context.user : undefined,
    app: { get: () => undefined },
    get: (name: string) => headers[name.toLowerCase()],
    header: (name: string) => headers[name.toLowerCase()],
    isAuthenticated: () => request.context.token !== null,
    ...asStream(request.input.body ?? {}, headers['content-type']),
  }
}

/** Some strategies read the body themselves, as a stream; it was parsed long ago and is written again. */
function asStream(body: object, type: unknown): object {
  const isForm = String(type).startsWith('application/x-www-form-urlencoded')
  return {
    async* [Symbol.asyncIterator]() {
      yield Buffer.from(isForm ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body))
    },
  }
}

/** The first cookie of each name. */
function singleCookies(header: string | string[] | undefined): Record<string, string> {
  const cookies: Record<string, string> = {}
  for (const [name, sent] of splitCookies(header ?? '')) {
    const value = readCookie(sent)
    if (value !== undefined && name !== '__proto__') cookies[name] ??= value
  }
  return cookies
}
