import type { Socket } from 'node:net'
import { createId, type ClientConnection } from '@mortise/sdk'
import type { Client } from 'aedes'

/** Timers cannot wait longer, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/** Limits of one client. Messages a second, 0 for no limit; bytes. */
export interface ClientLimits {
  readonly rateLimit: number
  readonly maxBufferedBytes: number
}

/** One client: a socket of the broker's, and a connection of the host's. */
export class MqttClient {
  readonly connection: ClientConnection
  /** What it proved who it is with, when it connected. */
  jwt: string | undefined
  #expiry: NodeJS.Timeout | undefined
  #second = 0
  #messages = 0

  constructor(readonly client: Client, private readonly socket: Socket, private readonly limits: ClientLimits) {
    this.connection = { id: createId(), protocol: 'mqtt', ips: [socket.remoteAddress ?? ''] }
  }

  /** Lets it act by a token until that ends; then it is sent away, to come back with fresh credentials. `expiresAt` is -1 for never. */
  actBy(jwt: string, expiresAt: number): void {
    this.jwt = jwt
    if (expiresAt < 0) return
    const wait = (): void => {
      const left = expiresAt - Date.now()
      if (left <= 0) return this.close()
      this.#expiry = setTimeout(wait, Math.min(left, LONGEST)).unref()
    }
    wait()
  }

  /** Counts a message. Whether that is one too many in this second. */
  isTooFast(): boolean {
    const second = Math.floor(Date.now() / 1_000)
    if (second !== this.#second) [this.#second, this.#messages] = [second, 0]
    this.#messages++
    return this.limits.rateLimit > 0 && this.#messages > this.limits.rateLimit
  }

  /** Publishes to it alone, at QoS 0. One that leaves too much unread is cut off, so that it does not fill the memory. */
  publish(topic: string, payload: string | Buffer): void {
    if (this.client.closed) return
    if (this.socket.writableLength > this.limits.maxBufferedBytes) return this.close()
    // A socket that closes under it is told by the broker's `clientError`.
    this.client.publish({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }, () => undefined)
  }

  /** MQTT 3 has no word for it: the socket is closed. */
  close(): void {
    clearTimeout(this.#expiry)
    this.socket.destroy()
  }

  /** Lets go of what would outlive the socket. */
  release(): void {
    clearTimeout(this.#expiry)
  }
}
