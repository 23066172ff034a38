import { STATUS_CODES, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ApiError, createErrorFrom } from '@mortise/sdk'
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify'
import { writeError } from '../envelope.js'
import { defaultServerConfig, type HttpConfig } from '../server-config.js'

/** Longest time for the headers alone, and longest time until somebody looks for who is too slow. */
const HEADERS_TIMEOUT = 60_000
const LOOK_EVERY = 30_000

/**
 * How long a connection may lie idle: longer than the proxies before a host keep theirs, which is a minute with most. Whoever closes first
 * may do so while a request is on its way, and Node's own 5 s pass on a busy machine before a request is even looked at.
 */
const IDLE_TIMEOUT = 72_000

/**
 * What the door wants of a Fastify instance of its own: errors of Fastify in
 * the protocol's shape, no answers of Fastify's own while stopping, and 408
 * for slow senders. An instance of somebody else's works without.
 */
export function fastifyOptions({ requestTimeout }: Pick<HttpConfig, 'requestTimeout'> = defaultServerConfig.http): FastifyHttpOptions<Server> {
  return {
    exposeHeadRoutes: false, return503OnClosing: false, forceCloseConnections: 'idle', frameworkErrors: refuse, clientErrorHandler: refuseClient,
    requestTimeout, http: limitConnections(requestTimeout),
  }
}

/** How slowly a request may come on a connection, and for how long none may. */
function limitConnections(requestTimeout: number): ServerOptions {
  const standard = { requestTimeout, headersTimeout: HEADERS_TIMEOUT, keepAliveTimeout: IDLE_TIMEOUT }
  if (requestTimeout === 0) return standard
  return { ...standard, headersTimeout: Math.min(HEADERS_TIMEOUT, requestTimeout), connectionsCheckingInterval: Math.min(LOOK_EVERY, Math.ceil(requestTimeout / 2)) }
}

function refuse(fault: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const error = createErrorFrom(fault, 'network.http.unexpected_error', fault.message)
  void reply.code(error.status).header('content-type', 'application/json').send(writeError(error, false))
}

/**
 * Ends a connection whose request never became one: it came too slowly, its
 * headers are too long, or it is no HTTP. Told, unless an answer is being
 * written to it already, into which nothing may be mixed.
 */
function refuseClient(fault: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse | null }): void {
  if (socket.writable && fault.code !== 'ECONNRESET' && !socket._httpMessage?.headersSent) {
    const error = faultOf(fault)
    const text = writeError(error, false)
    const head = ['Connection: close', 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]
    socket.write(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${head.join('\r\n')}\r\n\r\n${text}`)
  }
  socket.destroy()
}

function faultOf(fault: NodeJS.ErrnoException): ApiError {
  if (fault.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ApiError('The request did not arrive in time.', 408)
  if (fault.code === 'HPE_HEADER_OVERFLOW') return new ApiError('The request\'s headers are too long.', 431)
  return createErrorFrom(fault, 'network.http.unexpected_error', fault.message)
}
