import { assertClass } from './assert-decorated.js'
import { marksOf } from './marks.js'
import type { Class } from './options.js'
import type { ClientConnection, Request, ResponsePayload } from './request/index.js'

/** A notification for everybody on some channels. Clients find it by `room`: the payload is sent with that set to the channel. */
export interface ChannelMessage {
  readonly channels: readonly string[]
  readonly payload: Readonly<Record<string, unknown>>
}

/** A notification for one connection, whatever it is subscribed to. */
export interface DirectMessage extends ChannelMessage {
  readonly connectionId: string
}

/** What every door must know of how the host is reached. */
export interface DoorSettings {
  /** Bytes of the largest message that is taken. */
  readonly maxRequestSize: number
  /** Whether clients may see stack traces. */
  readonly development: boolean
}

/** The way in: what a door is given for its clients. */
export interface EntryPoint {
  readonly config: DoorSettings
  /** While true, requests are answered with `network.entrypoint.shutting_down` (503). */
  readonly isShuttingDown: boolean
  /**
   * Announces a client, before its first request. `connection.protocol` is the
   * door's own name, `id` comes from `createId()`.
   *
   * @throws `protocol.runtime.invalid_connection`
   */
  newConnection(connection: ClientConnection): void
  /** Forgets a client that has gone, and whatever it subscribed to. Harmless when it is unknown. */
  removeConnection(connectionId: string): void
  /**
   * Runs a request through rights, pipes and action, and resolves to what is
   * to be sent. Never rejects: failures are in the answer.
   *
   * @example
   * const request = new Request(this.entryPoint.parseJson(text) as RequestData, { connection })
   * const { content, requestId } = await this.entryPoint.execute(connection, request)
   * socket.send(JSON.stringify({ ...content, room: requestId }))
   */
  execute(connection: ClientConnection, request: Request): Promise<ResponsePayload>
  /**
   * Parses JSON that strangers wrote: keys named `__proto__` are dropped.
   *
   * @throws SyntaxError when it is no JSON, RangeError when it is nested too deep.
   */
  parseJson(text: string): unknown
}

/**
 * A door: what the host asks of a class that brings clients in. Requests go in
 * through the {@link EntryPoint}, notifications come out through these
 * methods. What a method throws is logged under the plugin's name.
 *
 * `broadcast` is called for every notification of the host, so a door leaves
 * channels alone that none of its clients is on.
 */
export interface ProtocolMethods {
  /** Lets clients in from now on. A failure keeps the host from starting. */
  start(entryPoint: EntryPoint): void | Promise<void>
  /** Lets nobody in any more and closes every connection. All requests are answered by then. */
  stop(): void | Promise<void>
  broadcast(message: ChannelMessage): void
  notify(message: DirectMessage): void
  /** A client subscribed: it wants to hear of the channel from now on. */
  joinChannel(channel: string, connectionId: string): void
  leaveChannel(channel: string, connectionId: string): void
  /** Sends a client away. */
  disconnect(connectionId: string, reason?: string): void
}

/**
 * Makes a class of a plugin, one of its providers or the plugin itself, a
 * door for clients that speak another protocol. Their requests get the same
 * rights, pipes and answers as those over HTTP. The door is opened when all
 * plugins have started, and closed before any of them stops.
 *
 * @param name - What connections and `server:getStats` call the protocol; nobody else's.
 *
 * @example
 * @Protocol('lines')
 * export class Lines implements ProtocolMethods {
 *   start(entryPoint: EntryPoint) { … }
 * }
 */
export function Protocol(name: string): (target: Class<ProtocolMethods>) => void {
  return (target, member?: unknown) => {
    assertClass(`@Protocol('${name}')`, target, member)
    marksOf(target).protocol = { name }
  }
}
