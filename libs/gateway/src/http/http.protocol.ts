import { METHODS, type IncomingMessage, type ServerResponse } from 'node:http'
import { ApiError, createError, InternalError, type Logger, type Request } from '@mortise/sdk'
import type { Registry } from '@app/registry'
import type { FastifyInstance } from 'fastify'
import type { DoorEvent, DoorEvents } from '../door-events.js'
import type { EntryPoint } from '../entry-point.js'
import type { Protocol } from '../protocol.js'
import type { ServerConfig } from '../server-config.js'
import { AnswerWriter } from './answer-writer.js'
import { buildQuery, buildRequest, emptyRequest } from './build-request.js'
import { readContentType } from './content-type.js'
import { Exchange } from './exchange.js'
import { parseBody } from './parse-body.js'
import { hasBody, readBody } from './read-body.js'
import { UrlRouter } from './url-router.js'

/** What the HTTP door is built of. */
export interface HttpParts {
  readonly registry: Registry
  readonly events: DoorEvents
  readonly config: ServerConfig
  readonly logger: Logger
  /** Whether requests would be taken now, for `GET /_ready`. */
  isReady(): boolean
}

const VERB_EVENTS: Readonly<Record<string, DoorEvent>> = {
  GET: 'http:get', POST: 'http:post', PUT: 'http:put', PATCH: 'http:patch', DELETE: 'http:delete', HEAD: 'http:head', OPTIONS: 'http:options',
}

/**
 * The HTTP door: one catch-all route on somebody's Fastify, behind which our
 * own router finds actions. Each request is a connection of its own, so
 * channels and notifications mean nothing here.
 */
export class HttpProtocol implements Protocol {
  readonly name = 'http'
  readonly #router: UrlRouter
  readonly #writer: AnswerWriter
  #entryPoint!: EntryPoint

  constructor(private readonly parts: HttpParts) {
    this.#router = new UrlRouter(parts.registry)
    this.#writer = new AnswerWriter(parts.config, parts.logger)
  }

  start(entryPoint: EntryPoint): void {
    this.#entryPoint = entryPoint
  }

  /** The server is its owner's, who closes it. */
  stop(): void {}
  broadcast(): void {}
  notify(): void {}
  joinChannel(): void {}
  leaveChannel(): void {}
  disconnect(): void {}

  /**
   * Answers everything that no other route of the Fastify instance does. Call
   * it before the instance listens. Hooks `onRequest` that the instance has by
   * now will run; later ones will not, as the answer is written past Fastify.
   */
  async attach(fastify: FastifyInstance): Promise<void> {
    await fastify.register((scope, _options, done) => {
      addMissingMethods(scope)
      scope.route({
        method: scope.supportedMethods,
        url: '*',
        exposeHeadRoute: false,
        // Taken before Fastify judges content type and body: both are the protocol's to judge.
        onRequest: (request, reply) => {
          reply.hijack()
          void this.#serve(new Exchange(request.raw, reply.raw))
        },
        handler: () => undefined,
      })
      done()
    })
  }

  /** Answers one request, for servers other than Fastify. Never throws. */
  handle(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    return this.#serve(new Exchange(message, reply))
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { connection, message } = exchange
    this.#entryPoint.visit(connection)
    try {
      const body = hasBody(message) ? await this.#readBody(exchange) : undefined
      const request = this.#understand(exchange, body)
      const pending = this.#writer.write(exchange, request.error ? request : await this.#run(exchange, request))
      if (pending) await pending
    } catch (error) {
      this.#writer.writeError(exchange, this.#toApiError(error))
    } finally {
      this.#entryPoint.leave(connection)
    }
  }

  async #readBody(exchange: Exchange): Promise<unknown> {
    const { message } = exchange
    const { config, events } = this.parts
    const contentType = readContentType(message.headers['content-type'])
    let bytes = await readBody(message, { maxRequestSize: config.maxRequestSize, maxEncodingLayers: config.http.maxEncodingLayers })
    if (events.isHeard('protocol:http:beforeParsingPayload')) {
      bytes = (await events.run('protocol:http:beforeParsingPayload', { message, payload: bytes })).payload
    }
    if (bytes.length === 0) return null
    const body = await parseBody(bytes, contentType, config.http.maxFormFileSize)
    if (contentType.type !== 'application/json' || !events.isHeard('protocol:http:afterParsingPayload')) return body
    return (await events.run('protocol:http:afterParsingPayload', { message, payload: body })).payload
  }

  /** The request that is asked for, or one that holds why there is none: from here on, failures have an envelope. */
  #understand(exchange: Exchange, body: unknown): Request {
    const { verb, target: { path } } = exchange
    try {
      if (isOwn(verb, path)) return this.#answerSelf(exchange)
      if (path === '/_query' && verb === 'POST') return buildQuery(exchange, body)
      return buildRequest(exchange, this.#router.find(verb, path), body)
    } catch (error) {
      const failed = emptyRequest(exchange)
      failed.setError(this.#toApiError(error))
      return failed
    }
  }

  #run(exchange: Exchange, request: Request): Promise<Request> | Request {
    const { connection, verb, target: { path } } = exchange
    const event = VERB_EVENTS[verb]
    if (event && this.parts.events.isHeard(event)) return this.#runPiped(exchange, request, event)
    return isOwn(verb, path) ? request : this.#entryPoint.answer(connection, request)
  }

  async #runPiped({ connection, verb, target: { path } }: Exchange, request: Request, event: DoorEvent): Promise<Request> {
    try {
      const piped = await this.parts.events.run(event, request)
      return isOwn(verb, path) ? piped : await this.#entryPoint.answer(connection, piped)
    } catch (error) {
      request.setError(this.#toApiError(error))
      return request
    }
  }

  #answerSelf(exchange: Exchange): Request {
    const request = emptyRequest(exchange)
    request.setResult({})
    if (exchange.target.path !== '/_ready' || exchange.verb !== 'GET') return request
    if (this.#entryPoint.isShuttingDown) request.setError(createError('network.entrypoint.shutting_down'))
    else if (!this.parts.isReady()) request.setError(createError('api.process.overloaded'))
    return request
  }

  #toApiError(error: unknown): ApiError {
    if (ApiError.is(error)) return error
    this.parts.logger.error(error)
    return new InternalError(error instanceof Error ? error : String(error))
  }
}

/** Verbs that no route can have are answered as well, with an error that says so. */
function addMissingMethods(fastify: FastifyInstance): void {
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !(fastify.supportedMethods as string[]).includes(method)) fastify.addHttpMethod(method, { hasBody: true })
  }
}

/** What is answered without an action: whether the host is there, and what pages of other origins may ask. */
const isOwn = (verb: string, path: string): boolean =>
  verb === 'OPTIONS' || (verb === 'HEAD' && path === '/') || (verb === 'GET' && (path === '/_healthcheck' || path === '/_ready'))
