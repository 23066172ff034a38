import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createId, type ClientConnection } from '@mortise/sdk'
import type { WebSocket } from 'ws'

/** Close codes of RFC 6455 that the host uses. */
export const GOING_AWAY = 1001
export const CUT_OFF = 1011

/** Time for a client that reads too slowly to learn why it is cut off. */
const GRACE = 1_000

/** Bytes that may be gathered before they are written. */
const MOST_GATHERED = 65_536

/** Limits of one socket. Bytes, and messages a second; 0 for no limit of the rate. */
export interface SocketLimits {
  readonly rateLimit: number
  readonly maxBufferedBytes: number
}

/** One client's socket. */
export class ClientSocket {
  readonly connection: ClientConnection
  /** When it was last heard of, in sweeps of the idle watch. */
  heardAt = 0
  readonly #stream: Socket
  readonly #mostGathered: number
  #isGathering = false
  #second = 0
  #messages = 0

  constructor(readonly socket: WebSocket, message: IncomingMessage, private readonly limits: SocketLimits) {
    this.#stream = message.socket
    this.#mostGathered = Math.min(MOST_GATHERED, limits.maxBufferedBytes / 2)
    this.connection = { id: createId(), protocol: 'websocket', ips: [message.socket.remoteAddress ?? ''], headers: message.headers }
  }

  /**
   * Sends a text frame, given as text or as its bytes in UTF-8. A client that
   * leaves too much unread is told and cut off instead, so that it holds up
   * nobody else and does not fill the memory.
   *
   * Frames that are ready in the same turn of the event loop are written
   * together: for a small one, the system call costs more than all the rest.
   */
  send(data: string | Buffer): void {
    const { socket } = this
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > this.limits.maxBufferedBytes) this.close(CUT_OFF, 'the client reads too slowly')
    else {
      this.#gather()
      socket.send(data, { binary: false })
      if (this.#stream.writableLength > this.#mostGathered) this.#writeGathered()
    }
  }

  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    this.#stream.cork()
    process.nextTick(this.#writeGathered)
  }

  readonly #writeGathered = (): void => {
    if (!this.#isGathering) return
    this.#isGathering = false
    this.#stream.uncork()
  }

  /** Counts a message. Whether that is one too many in this second. */
  isTooFast(): boolean {
    if (this.limits.rateLimit === 0) return false
    const second = Math.floor(Date.now() / 1_000)
    if (second !== this.#second) [this.#second, this.#messages] = [second, 0]
    this.#messages++
    return this.#messages > this.limits.rateLimit
  }

  /** Closes it with a reason, and for good when the client does not answer that in time. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason.slice(0, 100))
    setTimeout(() => this.socket.terminate(), GRACE).unref()
  }
}
