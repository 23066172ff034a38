import type { ClientSocket } from './client-socket.js'

/**
 * Drops sockets that nothing is heard of: half-open ones, whose client went
 * away without a word. A silent socket is pinged half-way, and clients answer
 * pings by themselves. One timer serves all sockets.
 */
export class IdleWatch {
  #sweeps = 0
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly sockets: ReadonlyMap<string, ClientSocket>, private readonly idleTimeout: number) {}

  start(): void {
    if (this.idleTimeout > 0) this.#timer = setInterval(() => this.#sweep(), this.idleTimeout / 2).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Notes that a socket was heard. */
  hear(socket: ClientSocket): void {
    socket.heardAt = this.#sweeps
  }

  #sweep(): void {
    this.#sweeps++
    for (const client of this.sockets.values()) {
      const silence = this.#sweeps - client.heardAt
      if (silence > 2) client.socket.terminate()
      else if (silence > 1) client.socket.ping()
    }
  }
}
