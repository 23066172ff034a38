import type { HttpConfig } from '../server-config.js'
import { createOriginRule } from '../origin-rule.js'
import type { Exchange } from './exchange.js'

/** Names and values in turns, as `writeHead` takes them. */
export type HeaderList = (string | number)[]

/** What a door decides itself: an action's own word on these would break the framing of the answer. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'set-cookie'])

/** What a header cannot carry, or not without risk. */
const UNPRINTABLE = /[^\x20-\x7e]/g

/** The headers of answers: those that every answer has, then those of the request and of the action. */
export class AnswerHeaders {
  readonly #constant: readonly string[]
  readonly #isAllowed: (origin: string) => boolean

  constructor({ accessControlAllowOrigin, cookieAuthentication }: HttpConfig) {
    this.#isAllowed = createOriginRule(accessControlAllowOrigin)
    this.#constant = [
      'access-control-allow-methods', 'GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD',
      'access-control-allow-headers',
      'Content-Type, Access-Control-Allow-Headers, Authorization, X-Requested-With, Content-Encoding, Content-Length, X-Kuzzle-Volatile',
      'accept-encoding', 'gzip,deflate,identity',
      ...(cookieAuthentication ? ['access-control-allow-credentials', 'true'] : []),
    ]
  }

  /** A list of its own for each answer, to be added to. */
  of({ connection, message }: Pick<Exchange, 'connection' | 'message'>, requestId: string): HeaderList {
    // An id that the host made itself is the connection's.
    const id = requestId === connection.id ? requestId : requestId.replace(UNPRINTABLE, '?')
    const list: HeaderList = [...this.#constant, 'x-kuzzle-request-id', id]
    const { origin } = message.headers
    if (origin === undefined) return list
    list.push('vary', 'Origin')
    if (this.#isAllowed(origin)) list.push('access-control-allow-origin', origin)
    return list
  }
}

/** Adds the headers that an action set, one line for each cookie, and JSON as content type unless it set one. */
export function addActionHeaders(list: HeaderList, headers: Record<string, string | string[]>): void {
  let isTyped = false
  for (const name in headers) {
    if (name === 'content-type') isTyped = true
    if (!FRAMING.has(name)) list.push(name, String(headers[name]))
  }
  if (!isTyped) list.push('content-type', 'application/json')
  for (const cookie of headers['set-cookie'] ?? []) list.push('set-cookie', cookie)
}
