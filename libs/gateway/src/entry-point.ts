import { createError, type ClientConnection, type EntryPoint as WayIn, type Logger, type Request, type ResponseContent, type ResponsePayload } from '@mortise/sdk'
import type { Pipeline } from '@app/pipeline'
import { Connections } from './connections.js'
import type { DoorEvents } from './door-events.js'
import { errorJson } from './envelope.js'
import { isStream, streamOf } from './http/stream-result.js'
import { parseJson } from './parse-json.js'
import type { ServerConfig } from './server-config.js'

/** The one protocol that can carry streams. */
const STREAMING = 'http'

/** What the entry point is built of. */
export interface EntryPointParts {
  readonly pipeline: Pipeline
  readonly events: DoorEvents
  readonly config: ServerConfig
  readonly logger: Logger
  /** Rewrites answers for clients of the protocol's first generation; they get them like all others when absent. */
  readonly rewriteOld?: (request: Request) => void
}

/**
 * The gate between doors and the corridor, the same for every protocol: a
 * door announces its connections, hands in requests and gets answers. Source:
 * the members that the protocol promises to protocol plugins.
 */
export class EntryPoint implements WayIn {
  readonly connections = new Connections()
  /** While true, requests are answered with `network.entrypoint.shutting_down` (503). */
  isShuttingDown = false
  #inFlight = 0
  #onIdle: (() => void) | undefined
  /** Made anew when it changes, as it is gone through for every request over HTTP. */
  #goneListeners: readonly ((connection: ClientConnection) => void)[] = []

  constructor(private readonly parts: EntryPointParts) {}

  /** The `server` section of the configuration; a protocol's own part is `config.protocols.<name>`. */
  get config(): ServerConfig {
    return this.parts.config
  }

  /**
   * Announces a connection, which raises `connection:new`.
   *
   * @throws `protocol.runtime.invalid_connection` when it lacks an id or a protocol.
   */
  newConnection(connection: ClientConnection): void {
    if (typeof connection?.id !== 'string' || typeof connection.protocol !== 'string') {
      throw createError('protocol.runtime.invalid_connection', String(connection?.protocol), JSON.stringify(connection) ?? 'undefined')
    }
    if (this.connections.add(connection)) this.parts.events.notify('connection:new', connection)
  }

  /** Forgets a connection and whatever it subscribed to; raises `connection:remove`. Harmless when it is unknown. */
  removeConnection(id: string): void {
    const connection = this.connections.remove(id)
    if (connection) this.#sayGone(connection)
  }

  /**
   * Announces a connection that lasts for one request: counted and told of
   * like any other, but not kept, as nothing can be sent to it later. To be
   * followed by {@link leave}.
   */
  visit(connection: ClientConnection): void {
    this.connections.count(connection.protocol, 1)
    this.parts.events.notify('connection:new', connection)
  }

  /** Ends a {@link visit}. */
  leave(connection: ClientConnection): void {
    this.connections.count(connection.protocol, -1)
    this.#sayGone(connection)
  }

  /** Calls `listener` for each connection that goes, before hooks hear of it; returns what stops that. */
  onGone(listener: (connection: ClientConnection) => void): () => void {
    this.#goneListeners = [...this.#goneListeners, listener]
    return () => { this.#goneListeners = this.#goneListeners.filter((other) => other !== listener) }
  }

  #sayGone(connection: ClientConnection): void {
    for (const listener of this.#goneListeners) listener(connection)
    this.parts.events.notify('connection:remove', connection)
  }

  /** Runs a request. Never throws: failures are in the request that it resolves to, which may be another one. */
  answer(connection: ClientConnection, request: Request): Promise<Request> {
    if (this.isShuttingDown) {
      request.setError(createError('network.entrypoint.shutting_down'))
      return Promise.resolve(request)
    }
    this.#inFlight++
    return this.parts.pipeline.run(request).then((answered) => {
      if (--this.#inFlight === 0) this.#onIdle?.()
      if (isOld(answered)) this.parts.rewriteOld?.(answered)
      if (connection.protocol !== STREAMING && isStream(answered.result)) refuseStream(answered)
      return answered
    })
  }

  /**
   * Runs a request and gives what is to be sent, to `callback` as well. The
   * error in it is a plain object without a stack.
   */
  async execute(connection: ClientConnection, request: Request, callback?: (payload: ResponsePayload) => void): Promise<ResponsePayload> {
    const payload = payloadOf(await this.answer(connection, request), this.config.development)
    try {
      callback?.(payload)
    } catch (error) {
      // The caller has its answer; a promise it does not look at must not carry its own mistake away.
      this.parts.logger.error(error)
    }
    return payload
  }

  parseJson(text: string): unknown {
    return parseJson(text)
  }

  /** Takes no more requests, and resolves once those at work are answered, or their time is up. */
  async drain(): Promise<void> {
    this.isShuttingDown = true
    if (this.#inFlight === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.parts.logger.warn(`${this.#inFlight} requests were not answered within ${this.config.drainTimeout} ms and are given up.`)
        resolve()
      }, this.config.drainTimeout)
      this.#onIdle = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Only clients of the first generation say which version they are by this name. Source: the contract's check of client versions. */
const isOld = ({ input: { volatile } }: Request): boolean => volatile !== null && volatile.sdkVersion !== undefined

function refuseStream(request: Request): void {
  streamOf(request.result)?.readable.destroy()
  request.setResult(null)
  request.setError(createError('api.assert.forbidden_stream'))
}

function payloadOf(request: Request, development: boolean): ResponsePayload {
  const payload = request.response.toJSON()
  if (request.error && !payload.raw) (payload.content as ResponseContent).error = errorJson(request.error, development)
  return payload
}
