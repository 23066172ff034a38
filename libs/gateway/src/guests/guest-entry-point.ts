import { createError, type ClientConnection, type EntryPoint as WayIn, type Request, type ResponsePayload } from '@mortise/sdk'
import type { EntryPoint } from '../entry-point.js'
import type { ServerConfig } from '../server-config.js'

/**
 * The way in, as one door of a plugin has it: it announces clients of its own
 * protocol alone, and none of them outlives it.
 */
export class GuestEntryPoint implements WayIn {
  readonly #connections = new Set<string>()
  #isClosed = false

  constructor(private readonly protocol: string, private readonly entryPoint: EntryPoint) {}

  get config(): ServerConfig {
    return this.entryPoint.config
  }

  get isShuttingDown(): boolean {
    return this.#isClosed || this.entryPoint.isShuttingDown
  }

  /** @throws `protocol.runtime.invalid_connection`, or `network.entrypoint.shutting_down` (503) once the door is closed. */
  newConnection(connection: ClientConnection): void {
    if (this.#isClosed) throw createError('network.entrypoint.shutting_down')
    if (connection?.protocol !== this.protocol) {
      throw createError('protocol.runtime.invalid_connection', this.protocol, JSON.stringify(connection) ?? 'undefined')
    }
    this.entryPoint.newConnection(connection)
    this.#connections.add(connection.id)
  }

  removeConnection(id: string): void {
    if (this.#connections.delete(id)) this.entryPoint.removeConnection(id)
  }

  execute(connection: ClientConnection, request: Request): Promise<ResponsePayload> {
    return this.entryPoint.execute(connection, request)
  }

  parseJson(text: string): unknown {
    return this.entryPoint.parseJson(text)
  }

  /** Forgets every client that the door left behind. */
  close(): void {
    this.#isClosed = true
    for (const id of this.#connections) this.removeConnection(id)
  }
}
