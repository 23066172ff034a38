import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { ApiError, Channels, createError, createErrorFrom, InternalError, type Logger, type Request } from '@mortise/sdk'
import { WebSocketServer, type WebSocket } from 'ws'
import type { DoorEvents } from '../door-events.js'
import type { EntryPoint } from '../entry-point.js'
import { isLarge, writeLargeEnvelope } from '../large-answer.js'
import { LARGE } from '../parse-large-json.js'
import { declineUpgrade, wantsWebSocket } from '../http/decline-upgrade.js'
import type { ChannelMessage, DirectMessage, Protocol } from '../protocol.js'
import type { ServerConfig } from '../server-config.js'
import { ClientSocket, CUT_OFF, GOING_AWAY } from './client-socket.js'
import { IdleWatch } from './idle-watch.js'
import { failedRequest, isPing, parseFrame, parseLargeFrame, readRequest, roomOf } from './read-frame.js'
import { notificationFrames, writeAnswer } from './write-frame.js'

/** What the WebSocket door is built of. */
export interface WebSocketParts {
  readonly events: DoorEvents
  readonly config: ServerConfig
  readonly logger: Logger
}

const BEFORE_AND_AFTER_PARSING = ['protocol:websocket:beforeParsingPayload', 'protocol:websocket:afterParsingPayload'] as const
const PONG = '{"p":2}'

/**
 * The WebSocket door, on a server that also speaks HTTP. Each text or binary
 * frame is one request in JSON; answers come in the order they are ready,
 * found by their `room`.
 */
export class WebSocketProtocol implements Protocol {
  readonly name = 'websocket'
  readonly #server: WebSocketServer
  readonly #sockets = new Map<string, ClientSocket>()
  readonly #channels = new Channels<ClientSocket>()
  readonly #idle: IdleWatch
  #http: Server | undefined
  #entryPoint!: EntryPoint

  constructor(private readonly parts: WebSocketParts) {
    const { config } = parts
    this.#server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: config.maxRequestSize, perMessageDeflate: false })
    this.#idle = new IdleWatch(this.#sockets, config.websocket.idleTimeout)
  }

  start(entryPoint: EntryPoint): void {
    this.#entryPoint = entryPoint
    this.#idle.start()
  }

  /** Takes upgrades of the server. With a path configured, those to other paths are left to other listeners. */
  attach(server: Server): void {
    this.#http = server
    server.on('upgrade', this.#onUpgrade)
  }

  stop(): void {
    this.#http?.off('upgrade', this.#onUpgrade)
    this.#idle.stop()
    for (const client of this.#sockets.values()) client.close(GOING_AWAY, 'the server is stopping')
  }

  broadcast(message: ChannelMessage): void {
    for (const [channel, frame] of notificationFrames(message)) {
      for (const client of this.#channels.membersOf(channel) ?? []) client.send(frame())
    }
  }

  notify(message: DirectMessage): void {
    const client = this.#sockets.get(message.connectionId)
    if (!client) return
    for (const [, frame] of notificationFrames(message)) client.send(frame())
  }

  joinChannel(channel: string, connectionId: string): void {
    const client = this.#sockets.get(connectionId)
    if (client) this.#channels.join(channel, client)
  }

  leaveChannel(channel: string, connectionId: string): void {
    const client = this.#sockets.get(connectionId)
    if (client) this.#channels.leave(channel, client)
  }

  disconnect(connectionId: string, reason = 'disconnected by the server'): void {
    this.#sockets.get(connectionId)?.close(CUT_OFF, reason)
  }

  readonly #onUpgrade = (message: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { path } = this.parts.config.websocket
    const isAlone = this.#http?.listenerCount('upgrade') === 1
    if (!wantsWebSocket(message)) {
      if (isAlone) declineUpgrade(this.#http as Server, { message, socket, head })
    } else if (path !== undefined && pathOf(message) !== path) {
      // Somebody else's, unless nobody else listens.
      if (isAlone) refuseUpgrade(socket, 404)
    } else if (this.#entryPoint.isShuttingDown) refuseUpgrade(socket, 503)
    else this.#server.handleUpgrade(message, socket, head, (opened) => this.#open(opened, message))
  }

  #open(socket: WebSocket, message: IncomingMessage): void {
    const client = new ClientSocket(socket, message, this.parts.config.websocket)
    this.#sockets.set(client.connection.id, client)
    this.#idle.hear(client)
    this.#entryPoint.newConnection(client.connection)
    socket.on('message', (data) => {
      this.#idle.hear(client)
      this.#receive(client, data as Buffer)
    })
    socket.on('ping', () => this.#idle.hear(client))
    socket.on('pong', () => this.#idle.hear(client))
    socket.on('error', (error) => this.parts.logger.debug(createErrorFrom(error, 'network.websocket.unexpected_error', error.message)))
    socket.on('close', () => this.#forget(client))
  }

  #forget(client: ClientSocket): void {
    this.#sockets.delete(client.connection.id)
    this.#channels.leaveAll(client)
    this.#entryPoint.removeConnection(client.connection.id)
  }

  /** Answers one frame. Never throws. */
  #receive(client: ClientSocket, bytes: Buffer): void {
    if (bytes.length === 0) return
    try {
      const frame = this.#parse(client, bytes)
      if (frame instanceof Promise) frame.then((parsed) => this.#take(client, parsed), (error: unknown) => this.#fail(client, undefined, error))
      else this.#take(client, frame)
    } catch (error) {
      this.#fail(client, undefined, error)
    }
  }

  #parse(client: ClientSocket, bytes: Buffer): unknown {
    if (BEFORE_AND_AFTER_PARSING.some((event) => this.parts.events.isHeard(event))) return this.#parseHeard(client, bytes)
    return bytes.length > LARGE ? parseLargeFrame(bytes) : parseFrame(bytes.toString())
  }

  async #parseHeard({ connection }: ClientSocket, bytes: Buffer): Promise<unknown> {
    const { events } = this.parts
    const [before, after] = BEFORE_AND_AFTER_PARSING
    const frame = events.isHeard(before) ? parseFrame((await events.run(before, { connection, payload: bytes.toString() })).payload)
      : bytes.length > LARGE ? await parseLargeFrame(bytes) : parseFrame(bytes.toString())
    return events.isHeard(after) ? (await events.run(after, { connection, payload: frame })).payload : frame
  }

  /** Has a frame's request worked on, and answers it. */
  #take(client: ClientSocket, frame: unknown): void {
    try {
      if (isPing(frame)) return client.send(PONG)
      if (client.isTooFast()) throw createError('network.websocket.ratelimit_exceeded')
      void this.#entryPoint.answer(client.connection, readRequest(frame, client.connection)).then((answered) => this.#answer(client, frame, answered))
    } catch (error) {
      this.#fail(client, frame, error)
    }
  }

  #answer(client: ClientSocket, frame: unknown, answered: Request): void {
    try {
      this.#send(client, answered, answered.id)
    } catch (error) {
      this.#fail(client, frame, error)
    }
  }

  #fail(client: ClientSocket, frame: unknown, error: unknown): void {
    this.#send(client, failedRequest(frame, this.#toApiError(error)), roomOf(frame))
  }

  #send(client: ClientSocket, request: Request, room: string | undefined): void {
    const { development } = this.parts.config
    if (request.response.raw || !isLarge(request)) client.send(writeAnswer(request, room, development))
    else void writeLargeEnvelope(request, { development, room }).then((frame) => client.send(frame))
  }

  #toApiError(error: unknown): ApiError {
    if (ApiError.is(error)) return error
    this.parts.logger.error(error)
    return new InternalError(error instanceof Error ? error : String(error))
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] as string

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
