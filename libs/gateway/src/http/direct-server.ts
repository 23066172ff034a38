import { createServer, type RequestListener, type Server } from 'node:http'
import type { HttpProtocol } from './http.protocol.js'

/** How long a client may take to send one request. */
const REQUEST_TIMEOUT = 300_000

/**
 * An HTTP server of the host's own, for a Fastify instance to stand on: its
 * requests go to the door at once, without Fastify's routing and hooks, which
 * serve only until the door is open.
 */
export class DirectServer {
  #door: HttpProtocol | undefined

  /** What Fastify takes as `serverFactory`. */
  readonly serverFactory = (fallback: RequestListener): Server =>
    createServer({ requestTimeout: REQUEST_TIMEOUT }, (message, reply) => {
      if (this.#door) void this.#door.handle(message, reply)
      else fallback(message, reply)
    })

  /** From now on every request is this door's. */
  open(door: HttpProtocol): void {
    this.#door = door
  }
}
