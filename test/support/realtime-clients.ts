import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import { until } from './until.js'

/** A notification as the published client hands it over. */
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
export type Heard = Record<string, any>

/** Published clients over WebSocket, closed together. */
export class RealtimeClients {
  readonly #clients: Kuzzle[] = []

  constructor(private readonly port: number) {}

  async connect(options: Record<string, unknown> = {}): Promise<Kuzzle> {
    const client = new Kuzzle(new WebSocket('127.0.0.1', { port: this.port, reconnectionDelay: 20 } as object), options)
    this.#clients.push(client)
    await client.connect()
    return client
  }

  close(): void {
    for (const client of this.#clients.splice(0)) {
      // One that was cut a moment ago would otherwise come back.
      Object.assign(client.protocol, { autoReconnect: false })
      client.disconnect()
    }
  }
}

/** Cuts a client's socket as a broken line would. */
export const cut = (client: Kuzzle): void => (client.protocol as unknown as { client: { terminate(): void } }).client.terminate()

/** What a subscription has heard so far. */
export class Ear {
  readonly heard: Heard[] = []
  readonly listen = (notification: unknown): void => void this.heard.push(notification as Heard)

  /** Waits until so much has been heard, and gives and forgets it. */
  async take(count: number): Promise<Heard[]> {
    await until(() => this.heard, (heard) => heard.length >= count)
    return this.heard.splice(0)
  }
}
