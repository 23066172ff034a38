import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  Channels, Config, createId, Logger, Plugin, Protocol, Request,
  type ChannelMessage, type ClientConnection, type DirectMessage, type EntryPoint, type ProtocolMethods, type RequestData,
} from '@mortise/sdk'
import { z } from 'zod'

const settings = z.object({
  /** 0 takes a free one. */
  port: z.number().int().min(0).max(65535).default(7513),
  host: z.string().default('0.0.0.0'),
  /** The origin whose pages may listen. */
  allowOrigin: z.string().default('*'),
  /** Milliseconds between signs of life, which keep proxies from closing a quiet stream. */
  heartbeat: z.number().int().positive().default(15_000),
  /** Bytes that may wait to be read by one client before it is cut off. */
  maxBufferedBytes: z.number().int().positive().default(1024 * 1024),
})

/**
 * Subscriptions as streams of server-sent events:
 * `GET /<index>/<collection>?filters={…}&jwt=…`. Each stream is a connection.
 */
@Protocol('sse')
@Plugin({ name: 'sse', host: '^0.1.0', config: settings })
export default class Sse implements ProtocolMethods {
  readonly #streams = new Map<string, ServerResponse>()
  readonly #listeners = new Channels<string>()
  #server: Server | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #entryPoint!: EntryPoint

  constructor(private readonly config: Config<z.output<typeof settings>>, private readonly logger: Logger) {}

  // Step 1: let clients in.
  async start(entryPoint: EntryPoint): Promise<void> {
    this.#entryPoint = entryPoint
    const server = createServer((message, stream) => void this.#open(message, stream))
    const { port, host, heartbeat } = this.config.values
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    this.#server = server
    this.#heartbeat = setInterval(() => this.#streams.forEach((stream) => stream.write(':\n\n')), heartbeat)
    this.logger.info(`Server-sent events are told on port ${(server.address() as AddressInfo).port}.`)
  }

  // Step 2: one client. Announce it, run its request, forget it when it goes.
  async #open({ url = '/', headers, socket }: IncomingMessage, stream: ServerResponse): Promise<void> {
    const connection: ClientConnection = { id: createId(), protocol: 'sse', ips: [socket.remoteAddress ?? ''], headers }
    stream.setHeader('access-control-allow-origin', this.config.get('allowOrigin'))
    this.#entryPoint.newConnection(connection)
    this.#streams.set(connection.id, stream)
    stream.once('close', () => this.#forget(connection.id))
    try {
      const { status, content } = await this.#entryPoint.execute(connection, new Request(this.#read(url, headers.authorization), { connection }))
      if (status !== 200) return void stream.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
      stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      this.#send(connection.id, 'subscribed', (content as { result: unknown }).result)
    } catch (error) {
      stream.writeHead(400, { 'content-type': 'text/plain' }).end((error as Error).message)
    }
  }

  /** @throws SyntaxError, URIError or BadRequestError for what cannot be read */
  #read(url: string, authorization: string | undefined): RequestData {
    const { pathname, searchParams } = new URL(url, 'http://host')
    const [index, collection] = pathname.split('/').slice(1).map(decodeURIComponent)
    const { filters = '{}', jwt, ...options } = Object.fromEntries(searchParams)
    const body = this.#entryPoint.parseJson(filters) as RequestData['body']
    // Browsers cannot send headers with an event stream, so a token may stand in the address.
    return { ...options, index, collection, controller: 'realtime', action: 'subscribe', body, jwt: jwt ?? authorization?.replace(/^Bearer /, '') }
  }

  #forget(id: string): void {
    this.#streams.delete(id)
    this.#listeners.leaveAll(id)
    this.#entryPoint.removeConnection(id)
  }

  // Step 3: know who listens, and tell them.
  joinChannel(channel: string, connectionId: string): void { this.#listeners.join(channel, connectionId) }

  leaveChannel(channel: string, connectionId: string): void { this.#listeners.leave(channel, connectionId) }

  broadcast({ channels, payload }: ChannelMessage): void {
    for (const channel of channels) {
      for (const id of this.#listeners.membersOf(channel) ?? []) this.#send(id, String(payload.type), { ...payload, room: channel })
    }
  }

  notify({ connectionId, channels, payload }: DirectMessage): void {
    for (const channel of channels) this.#send(connectionId, String(payload.type), { ...payload, room: channel })
  }

  #send(id: string, event: string, data: unknown): void {
    const stream = this.#streams.get(id)
    if (!stream) return
    if (stream.writableLength > this.config.get('maxBufferedBytes')) stream.destroy()
    else stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  // Step 4: send clients away, one or all.
  disconnect(connectionId: string): void { this.#streams.get(connectionId)?.end() }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat)
    const server = this.#server
    await new Promise<void>((resolve) => {
      if (!server) return resolve()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}
