import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { HttpProtocol } from './http.protocol.js'

/**
 * An HTTP server of the host's own, for a Fastify instance to stand on: its
 * requests go to the door at once, without Fastify's routing and hooks, which
 * serve only until the door is open.
 */
export class DirectServer {
  #door: HttpProtocol | undefined

  /** What Fastify takes as `serverFactory`. */
  readonly serverFactory = (fallback: RequestListener, { http = {} }: { http?: ServerOptions }): Server =>
    createServer(http, (message, reply) => {
      if (this.#door) void this.#door.handle(message, reply)
      else fallback(message, reply)
    })

  /** From now on every request is this door's. */
  open(door: HttpProtocol): void {
    this.#door = door
  }
}
