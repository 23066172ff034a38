import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import { createErrorFrom } from '@mortise/sdk'
import { writeError } from '../envelope.js'

/** How long a client may take to send one request. */
const REQUEST_TIMEOUT = 300_000

/**
 * What the door wants of a Fastify instance of its own: errors of Fastify in
 * the protocol's shape, no answers of Fastify's own while stopping, and a
 * limit on slow senders. An instance of somebody else's works without.
 */
export function fastifyOptions(): FastifyServerOptions {
  return { exposeHeadRoutes: false, return503OnClosing: false, forceCloseConnections: 'idle', requestTimeout: REQUEST_TIMEOUT, frameworkErrors: refuse }
}

function refuse(fault: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const error = createErrorFrom(fault, 'network.http.unexpected_error', fault.message)
  void reply.code(error.status).header('content-type', 'application/json').send(writeError(error, false))
}
