import type { Server } from 'node:http'
import type { ApiError, Logger } from '@mortise/sdk'
import type { Pipeline } from '@app/pipeline'
import type { EventBus, Registry } from '@app/registry'
import type { Supervisor } from '@app/supervision'
import type { FastifyInstance } from 'fastify'
import { DoorEvents } from './door-events.js'
import { EntryPoint, type EntryPointParts } from './entry-point.js'
import { GuestProtocols } from './guests/guest-protocols.js'
import { HttpProtocol } from './http/http.protocol.js'
import { Protocols } from './protocols.js'
import type { ServerConfig } from './server-config.js'
import { WebSocketProtocol } from './websocket/websocket.protocol.js'

/** What the gateway is built of. */
export interface GatewayParts {
  readonly registry: Registry
  readonly bus: EventBus
  readonly pipeline: Pipeline
  /** Sees to it that doors of plugins take no more than they may. */
  readonly supervisor: Supervisor
  readonly config: ServerConfig
  readonly logger: Logger
  /** As of {@link EntryPointParts}. */
  readonly rewriteOld?: EntryPointParts['rewriteOld']
  /** Whether requests would be taken now, for `GET /_ready`; always, when absent. */
  readonly isReady?: () => boolean
  /** Milliseconds that a plugin's door has to open or close in; no limit when absent or 0. */
  readonly doorTimeout?: number
}

/** The doors of the host, and the one way in behind them. */
export class Gateway {
  readonly entryPoint: EntryPoint
  /** Where notifications go out, and where protocols of plugins are opened. */
  readonly protocols: Protocols
  readonly #events: DoorEvents
  readonly #guests: GuestProtocols

  constructor(private readonly parts: GatewayParts) {
    const { registry, bus, pipeline, supervisor, config, logger, rewriteOld, doorTimeout = 0 } = parts
    this.#events = new DoorEvents(registry, bus)
    this.entryPoint = new EntryPoint({ pipeline, events: this.#events, config, logger, rewriteOld })
    this.protocols = new Protocols(this.entryPoint, logger)
    this.#guests = new GuestProtocols({ registry, supervisor, logger, protocols: this.protocols, limit: doorTimeout })
  }

  /** Opens the HTTP door on a Fastify instance that does not listen yet, for whatever its own routes leave. */
  async attach(fastify: FastifyInstance): Promise<void> {
    const http = await this.openHttp()
    await http.attach(fastify)
  }

  /** Opens the HTTP door for a server that hands it requests itself, by its `handle`. */
  async openHttp(): Promise<HttpProtocol> {
    const { registry, config, logger, isReady = () => true } = this.parts
    const http = new HttpProtocol({ registry, config, logger, isReady, events: this.#events })
    await this.protocols.open(http)
    return http
  }

  /** Opens the WebSocket door on an HTTP server, unless it is switched off. */
  async attachWebSocket(server: Server): Promise<void> {
    const { config, logger } = this.parts
    if (!config.websocket.enabled) return
    const websocket = new WebSocketProtocol({ config, logger, events: this.#events })
    await this.protocols.open(websocket)
    websocket.attach(server)
  }

  /**
   * Opens the doors that plugins brought, and from then on those of plugins
   * that come; those of plugins that go are closed. Resolves to what kept any
   * of the first from opening.
   */
  openGuests(): Promise<readonly ApiError[]> {
    return this.#guests.open()
  }

  /** Resolves once the doors of plugins that came are open and those of plugins that went are closed; to what kept any from opening. */
  settleGuests(): Promise<readonly ApiError[]> {
    return this.#guests.settled()
  }

  /** Takes no more requests, lets those at work be answered, then closes every connection. The servers are their owners' to close. */
  async close(): Promise<void> {
    await this.entryPoint.drain()
    await this.#guests.close()
    await this.protocols.close()
  }
}
