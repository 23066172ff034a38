import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestClient, Transport } from '@mortise/sdk/testing'
import { testingErrors } from '../testing.errors.js'
import { fetchPortless, type FetchOptions } from './fetch-portless.js'
import { HttpClient } from './http-client.js'
import { PortlessServer } from './portless-server.js'
import { SocketClient } from './socket-client.js'

/** The doors of a host, as far as tests knock at them. */
export interface HostDoors {
  openHttp(): Promise<{ handle(message: IncomingMessage, reply: ServerResponse): Promise<void> }>
  attachWebSocket(server: Server): Promise<void>
}

/** A host's doors, opened once somebody knocks, and to a port only for those who need one. */
export class TestDoors {
  readonly #clients = new Set<TestClient>()
  #opened: Promise<PortlessServer> | undefined
  #listening: Promise<AddressInfo> | undefined

  constructor(private readonly doors: HostDoors, private readonly socketPath = '/') {}

  async fetch(path: string, options?: FetchOptions): Promise<Response> {
    return fetchPortless(await this.#open(), path, options)
  }

  /** @throws `plugin.testing.invalid_option` for a transport that there is not */
  async connect(transport: Transport, jwt: string | undefined): Promise<TestClient> {
    if (transport !== 'http' && transport !== 'websocket') throw testingErrors.invalid_option('transport', String(transport), '"http" or "websocket"')
      .with({ hint: 'Doors that plugins bring are reached by clients of their own.' })
    const server = await this.#open()
    const client = transport === 'http' ? new HttpClient(server, jwt) : await SocketClient.open(server, this.socketPath, jwt)
    this.#clients.add(client)
    return client
  }

  /** Listens on a free port of this machine. */
  async listen(): Promise<{ host: string; port: number }> {
    const { address, port } = await (this.#listening ??= this.#open().then((server) => server.listen()))
    return { host: address, port }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close()
    const server = await this.#opened
    server?.close()
  }

  #open(): Promise<PortlessServer> {
    return this.#opened ??= this.#attach()
  }

  async #attach(): Promise<PortlessServer> {
    const door = await this.doors.openHttp()
    const portless = new PortlessServer((message, reply) => void door.handle(message, reply))
    await this.doors.attachWebSocket(portless.server)
    return portless
  }
}
