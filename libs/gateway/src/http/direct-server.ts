import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpProtocol } from './http.protocol.js'

/** What Node keeps on a socket that speaks HTTP: none of it once the socket became a WebSocket. */
interface HttpSocket extends Socket {
  parser?: object | null
  /** The answer under way. */
  _httpMessage?: ServerResponse | null
}

/**
 * An HTTP server of the host's own, for a Fastify instance to stand on: its
 * requests go to the door at once, without Fastify's routing and hooks, which
 * serve only until the door is open.
 */
export class DirectServer {
  #door: HttpProtocol | undefined
  readonly #sockets = new Set<HttpSocket>()
  #isEnding = false

  /** What Fastify takes as `serverFactory`. */
  readonly serverFactory = (fallback: RequestListener, { http = {} }: { http?: ServerOptions }): Server =>
    createServer(http, (message, reply) => {
      if (this.#door) void this.#door.handle(message, reply)
      else fallback(message, reply)
    }).on('connection', (socket: HttpSocket) => {
      if (this.#isEnding) return void socket.destroy()
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })

  /** From now on every request is this door's. */
  open(door: HttpProtocol): void {
    this.#door = door
  }

  /**
   * Ends connections that nothing is being answered on, to be called once all
   * requests at work have their answers. Node would wait for the others: for
   * those that browsers open ahead of need, and for requests that never end.
   */
  endConnections(): void {
    this.#isEnding = true
    for (const socket of this.#sockets) {
      if (socket.parser && !socket._httpMessage?.headersSent) socket.destroy()
    }
  }
}
