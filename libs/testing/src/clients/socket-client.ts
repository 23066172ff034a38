import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Notification, RequestData } from '@mortise/sdk'
import { WebSocket } from 'ws'
import type { PortlessServer } from './portless-server.js'
import { testingErrors } from '../testing.errors.js'
import { WireClient } from './wire-client.js'

/** What comes over a socket. */
interface Frame {
  readonly requestId?: string
  readonly room?: string
  readonly [key: string]: unknown
}

/** One socket for all requests; what nobody asked for is a notification. */
export class SocketClient extends WireClient {
  readonly #waiting = new Map<string, { resolve(answer: unknown): void; reject(error: Error): void }>()

  private constructor(private readonly socket: WebSocket, jwt: string | undefined) {
    super(jwt)
    socket.on('message', (data) => this.#hear(JSON.parse((data as Buffer).toString()) as Frame))
    socket.on('close', () => this.#fail())
  }

  /** Connects by the path of the host's WebSocket door. */
  static async open(server: PortlessServer, path: string, jwt: string | undefined): Promise<SocketClient> {
    const socket = new WebSocket(`ws://localhost${path}`, { createConnection: () => server.connect() as Socket })
    await once(socket, 'open')
    return new SocketClient(socket, jwt)
  }

  close(): void {
    this.socket.terminate()
  }

  protected exchange(data: RequestData): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(String(data.requestId), { resolve, reject })
      if (this.socket.readyState !== WebSocket.OPEN) return this.#fail()
      this.socket.send(JSON.stringify(data))
    })
  }

  #hear(frame: Frame): void {
    const asked = this.#waiting.get(String(frame.requestId))
    if (!asked || frame.room !== frame.requestId) return void this.notifications.push(frame as unknown as Notification)
    this.#waiting.delete(String(frame.requestId))
    asked.resolve(frame)
  }

  #fail(): void {
    for (const { reject } of this.#waiting.values()) reject(testingErrors.connection_closed().with({ hint: 'Connect anew, or keep the host running for as long as its clients ask.' }))
    this.#waiting.clear()
  }
}
