import { createErrorFrom, Request, type ConnectionData, type RequestData } from '@mortise/sdk'
import type { Exchange } from './exchange.js'
import type { Match } from './url-router.js'

/**
 * The request that an exchange asks for. Where several places say the same,
 * the path wins over the query string, and that over headers and body: so a
 * query string may name another `controller` and `action` than the route
 * does, and rights are checked on what it names.
 *
 * @throws BadRequestError when a known key has the wrong type; `network.http.volatile_parse_failed` (400)
 */
export function buildRequest(exchange: Exchange, match: Match, body: unknown): Request {
  const { requestId, message: { headers }, target: { query } } = exchange
  const data: RequestData = { requestId, controller: match.controller, action: match.action }
  if (body !== undefined) data.body = body
  for (const key in query) data[key] = query[key]
  if (headers.authorization !== undefined) addToken(data, headers.authorization)
  if (headers['x-kuzzle-volatile'] !== undefined && query?.volatile === undefined) data.volatile = parseVolatile(String(headers['x-kuzzle-volatile']))
  const { parameters } = match
  for (const name in parameters) data[name] = parameters[name]
  return new Request(data, { connection: connectionData(exchange) })
}

/**
 * The request in the body of `POST /_query`. A token in the header counts
 * when the body has none.
 */
export function buildQuery(exchange: Exchange, body: unknown): Request {
  const { requestId, message: { headers } } = exchange
  const data = { requestId, ...(body as RequestData | null) }
  if (headers.authorization !== undefined && !data.jwt) addToken(data, headers.authorization)
  return new Request(data, { connection: connectionData(exchange) })
}

/** A request that leads nowhere: to answer what cannot be routed, or understood. */
export function emptyRequest(exchange: Exchange): Request {
  return new Request({ requestId: exchange.requestId }, { connection: connectionData(exchange) })
}

function connectionData({ connection, message, target, verb }: Exchange): ConnectionData {
  return {
    id: connection.id,
    protocol: connection.protocol,
    ips: connection.ips,
    misc: { headers: message.headers, url: message.url, path: target.path, verb },
  }
}

function addToken(data: RequestData, authorization: string): void {
  if (/^bearer /i.test(authorization)) data.jwt = authorization.slice('bearer '.length).trim()
}

function parseVolatile(header: string): Record<string, unknown> {
  try {
    return JSON.parse(header) as Record<string, unknown>
  } catch (error) {
    throw createErrorFrom(error, 'network.http.volatile_parse_failed', (error as Error).message)
  }
}
