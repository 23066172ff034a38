import { ApiError, InternalError } from '../errors/index.js'
import { ArgumentReader } from './argument-reader.js'
import { createId } from './create-id.js'
import { RequestContext, type ClientConnection, type ConnectionData, type RequestConnection, type Token, type User } from './request-context.js'
import { RequestInput, wrongType, type Body, type RequestData } from './request-input.js'
import { RequestResponse } from './response.js'

/** What a door or an inner caller says about a request besides its data. */
export interface RequestOptions {
  connection?: ClientConnection | ConnectionData | RequestConnection
  user?: User | null
  token?: Token | null
  result?: unknown
  error?: Error
  status?: number
}

/** How a result is to be sent. */
export interface ResultOptions {
  /** HTTP status; 200 when absent. */
  status?: number
  headers?: Record<string, string | string[]>
  /** Sends the result as it is, without the envelope. */
  raw?: boolean
}

/** Status of a request that has neither result nor error yet. */
export const PENDING = 102

/**
 * One request on its way through the host: what a client asked, who it is,
 * and what came of it. Pipes and actions read it with the typed getters,
 * which answer a client's mistakes with an error that names the argument.
 *
 * The object is sealed: keep data of your own in `input.args` or elsewhere.
 * Source: the protocol's Request, its keys, defaults and getters.
 */
export class Request<B = Body> extends ArgumentReader<B> {
  /** Links request and answer; the client's `requestId`, or a fresh UUID. */
  id: string
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  /** {@link PENDING} until a result or an error is set. */
  status: number
  readonly input: RequestInput<B>
  context: RequestContext
  #result: unknown = null
  #error: ApiError | null = null
  #response: RequestResponse | undefined
  #internalId: string | undefined
  #deprecations: { version: string; message: string }[] | undefined

  /** @throws BadRequestError when a known key of `data` holds a value of the wrong type. */
  constructor(data: RequestData, options: RequestOptions = {}) {
    super()
    this.status = PENDING
    this.input = new RequestInput<B>(data)
    this.context = new RequestContext(options)
    this.timestamp = typeof data.timestamp === 'number' ? data.timestamp : Date.now()
    if (data.requestId === undefined || data.requestId === null) this.id = createId()
    else if (typeof data.requestId === 'string') this.id = data.requestId
    else throw wrongType('requestId', '"string"')
    this.input.headers = this.context.connection.misc.headers
    if (options.result !== undefined) this.setResult(options.result)
    if (options.error) this.setError(options.error)
    if (options.status !== undefined) this.status = options.status
    Object.seal(this)
  }

  /** An id of the host's own, never a client's. */
  get internalId(): string { return (this.#internalId ??= createId()) }
  get result(): unknown { return this.#result }
  get error(): ApiError | null { return this.#error }
  get response(): RequestResponse { return (this.#response ??= new RequestResponse(this)) }
  get deprecations(): readonly { version: string; message: string }[] | undefined { return this.#deprecations }

  /**
   * Sets the answer. An error set before stays; see {@link clearError}.
   *
   * @throws InternalError when `result` is an Error; that is what {@link setError} is for.
   */
  setResult(result: unknown, options: ResultOptions = {}): void {
    if (result instanceof Error) throw new InternalError('An Error is no result: use setError.')
    this.#result = result
    this.status = options.status ?? 200
    if (options.headers) this.response.setHeaders(options.headers)
    if (options.raw !== undefined) this.response.raw = options.raw
  }

  /** Makes the request fail; an error that is none of the SDK's is wrapped in an {@link InternalError}. */
  setError(error: Error): void {
    if (!(error instanceof Error)) throw new InternalError('Only an Error can make a request fail.')
    this.#error = ApiError.is(error) ? error : new InternalError(error)
    this.status = this.#error.status
  }

  /** Takes the error back, so that a result may be sent after all. */
  clearError(): void {
    this.#error = null
    this.status = 200
  }

  /** Tells developers that they rely on something on its way out; shown to clients in development only. */
  addDeprecation(version: string, message: string): void {
    (this.#deprecations ??= []).push({ version, message })
  }

  /** What is needed to build the same request elsewhere: `new Request(data, options)`. */
  serialize(): { data: RequestData; options: RequestOptions; headers: unknown } {
    const { controller, action, args, body, jwt, volatile } = this.input
    return {
      data: { ...args, requestId: this.id, timestamp: this.timestamp, controller, action, body, jwt, volatile },
      options: {
        connection: this.context.connection.toJSON(),
        user: this.context.user,
        token: this.context.token,
        result: this.#result,
        error: this.#error?.toJSON() as Error | undefined,
        status: this.status,
      },
      headers: this.input.headers,
    }
  }

  /** A plain copy of what filters may look at. */
  pojo(): Record<string, unknown> {
    const { controller, action, args, body, jwt, volatile, headers } = this.input
    return {
      id: this.id,
      timestamp: this.timestamp,
      status: this.status,
      input: { controller, action, args, body, jwt, volatile, headers, resource: { _id: args._id, index: args.index, collection: args.collection } },
      context: this.context.toJSON(),
      result: this.#result,
      error: this.#error,
    }
  }
}
