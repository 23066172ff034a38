import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { deflate, gzip } from 'node:zlib'
import { createErrorFrom, type ApiError, type Logger, type Request } from '@mortise/sdk'
import { statusOf, unserializable, writeEnvelope, writeError } from '../envelope.js'
import { isLarge, writeLargeEnvelope } from '../large-answer.js'
import type { ServerConfig } from '../server-config.js'
import { addActionHeaders, AnswerHeaders, type HeaderList } from './answer-headers.js'
import { awaitFirstByte } from './await-first-byte.js'
import type { Exchange } from './exchange.js'
import { rawContent } from './raw-content.js'
import { streamOf, type StreamResult } from './stream-result.js'
import { TurnEnd } from './turn-end.js'

const COMPRESS = { gzip: promisify(gzip), deflate: promisify(deflate) }

/** How long a client may go on sending a body that was refused already, before it is cut off. */
const REFUSED_BODY_TIME = 5_000

/** Writes answers as HTTP: head and body in one go where the body is at hand. */
export class AnswerWriter {
  readonly #headers: AnswerHeaders
  readonly #turnEnd = new TurnEnd()

  constructor(private readonly config: ServerConfig, private readonly logger: Logger) {
    this.#headers = new AnswerHeaders(config.http)
  }

  /** Writes what became of a request: its envelope, its raw result or its stream. At once, unless the body is large, compressed or a stream. */
  write(exchange: Exchange, request: Request): void | Promise<void> {
    const stream = request.error === null ? streamOf(request.result) : undefined
    if (stream) return this.#writeStream(exchange, request, stream)
    const isInTurns = !request.response.raw && !exchange.isPretty && isLarge(request)
    if (isInTurns) return writeLargeEnvelope(request, this.config).then((body) => this.#writeBody(exchange, request, body))
    return this.#writeBody(exchange, request, this.#bodyOf(exchange, request))
  }

  #writeBody(exchange: Exchange, request: Request, body: string | Buffer): void | Promise<void> {
    const list = this.#headers.of(exchange, request.id)
    addActionHeaders(list, request.response.headers)
    const encoding = this.#encodingFor(exchange, request, body)
    if (!encoding) return this.#send(exchange, statusOf(request), list, body)
    list.push('content-encoding', encoding, 'vary', 'Accept-Encoding')
    return COMPRESS[encoding](body).then((compressed) => this.#send(exchange, statusOf(request), list, compressed))
  }

  /** Writes an error without an envelope: what the protocol has for requests that were not understood. */
  writeError(exchange: Exchange, error: ApiError): void {
    const list = this.#headers.of(exchange, exchange.requestId)
    list.push('content-type', 'application/json')
    this.#send(exchange, error.status, list, writeError(error, this.config.development))
    if (!exchange.message.complete) cutLater(exchange)
  }

  #bodyOf({ isPretty }: Exchange, request: Request): string | Buffer {
    if (request.response.raw && request.error === null) {
      try {
        return rawContent(request.result)
      } catch (fault) {
        request.setError(unserializable(request, fault))
      }
    }
    const text = writeEnvelope(request, this.config)
    return isPretty ? JSON.stringify(JSON.parse(text), null, 2) : text
  }

  #encodingFor({ message }: Exchange, { response }: Request, body: string | Buffer): 'gzip' | 'deflate' | undefined {
    const { compressionThreshold } = this.config.http
    if (compressionThreshold === 0 || body.length < compressionThreshold || response.headers['content-encoding'] !== undefined) return undefined
    const accepted = String(message.headers['accept-encoding'] ?? '')
    if (/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted)) return 'gzip'
    return /\bdeflate\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted) ? 'deflate' : undefined
  }

  #send({ reply }: Exchange, status: number, list: HeaderList, body: string | Buffer): void {
    if (reply.headersSent) return
    list.push('content-length', Buffer.byteLength(body))
    this.#turnEnd.add(() => {
      try {
        reply.writeHead(status, list)
        reply.end(body)
      } catch (fault) {
        this.#refuseHeaders(reply, fault)
      }
    })
  }

  /** An action set a header that HTTP cannot carry. */
  #refuseHeaders(reply: Exchange['reply'], fault: unknown): void {
    const error = createErrorFrom(fault, 'plugin.runtime.unexpected_error', (fault as Error).message)
    this.logger.error(error)
    const body = writeError(error, this.config.development)
    reply.writeHead(error.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    reply.end(body)
  }

  async #writeStream(exchange: Exchange, request: Request, { readable, totalBytes }: StreamResult): Promise<void> {
    const { reply } = exchange
    const fault = await awaitFirstByte(readable, reply)
    if (fault) return this.writeError(exchange, fault)
    const list = this.#headers.of(exchange, request.id)
    addActionHeaders(list, request.response.headers)
    if (totalBytes !== undefined) list.push('content-length', totalBytes)
    try {
      reply.writeHead(statusOf(request), list)
      await pipeline(readable, reply)
    } catch (error) {
      // The head is out, so all that can be said is an answer cut short. Clients that leave are nothing to report.
      reply.destroy()
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
        this.logger.error(createErrorFrom(error, 'network.http.stream_errored', (error as Error).message))
      }
    }
  }
}

/** Reads and drops the rest of a refused body, as most clients read the answer only after they have sent it all; but not for ever. */
function cutLater({ message }: Exchange): void {
  message.resume()
  const timer = setTimeout(() => message.destroy(), REFUSED_BODY_TIME)
  timer.unref()
  message.once('close', () => clearTimeout(timer))
}

