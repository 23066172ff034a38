import { createHeaders, setHeader } from './response-headers.js'
import type { RequestInput } from './request-input.js'

/** What {@link RequestResponse.configure} takes. */
export interface ResponseConfiguration {
  headers?: Record<string, string | string[]>
  status?: number
  /** `raw` sends the result as it is, without the envelope. */
  format?: 'standard' | 'raw'
}

/** The members of an answer's envelope, as clients read them. */
export interface ResponseContent {
  requestId: string
  status: number
  error: unknown
  controller: string | null
  action: string | null
  index?: string
  collection?: string
  volatile: Record<string, unknown> | null
  headers: Record<string, string | string[]>
  result?: unknown
  deprecations?: readonly { version: string; message: string }[]
}

/** What a door gets to send: `content` is the envelope, or the bare result when `raw`. */
export interface ResponsePayload {
  raw: boolean
  status: number
  requestId: string
  content: unknown
  headers: Record<string, string | string[]>
}

/** The part of a request that its answer is a view on. */
export interface Answered {
  readonly id: string
  status: number
  readonly input: RequestInput
  readonly result: unknown
  readonly error: Error | null
  readonly deprecations: readonly { version: string; message: string }[] | undefined
  setResult(result: unknown, options: { status: number }): void
  setError(error: Error): void
}

/**
 * The answer to a request: a view on the request's result, error and status,
 * and the headers and format that an action chose.
 */
export class RequestResponse {
  raw = false
  headers: Record<string, string | string[]> = createHeaders()
  readonly #request: Answered

  constructor(request: Answered) {
    this.#request = request
    Object.seal(this)
  }

  get status(): number { return this.#request.status }
  set status(status: number) { this.#request.status = status }
  get error(): Error | null { return this.#request.error }
  set error(error: Error | null) { if (error) this.#request.setError(error) }
  get result(): unknown { return this.#request.result }
  set result(result: unknown) { this.#request.setResult(result, { status: this.#request.status === 102 ? 200 : this.#request.status }) }
  get requestId(): string { return this.#request.id }
  get controller(): string | null { return this.#request.input.controller }
  get action(): string | null { return this.#request.input.action }
  get index(): string | undefined { return this.#request.input.args.index }
  get collection(): string | undefined { return this.#request.input.args.collection }
  get volatile(): Record<string, unknown> | null { return this.#request.input.volatile }
  get deprecations(): readonly { version: string; message: string }[] | undefined { return this.#request.deprecations }

  /**
   * Sets a header. Names are case-insensitive; `set-cookie` collects, headers
   * that may stand once are overwritten, others are joined by a comma.
   */
  setHeader(name: string, value: string | string[]): void {
    setHeader(this.headers, name, value)
  }

  /** Sets several headers; with `ifMissing` only those that are not there yet. */
  setHeaders(headers: Record<string, string | string[]>, ifMissing = false): void {
    for (const name of Object.keys(headers)) {
      if (!ifMissing || this.getHeader(name) === undefined) this.setHeader(name, headers[name] as string)
    }
  }

  getHeader(name: string): string | string[] | undefined {
    return this.headers[name.toLowerCase()]
  }

  removeHeader(name: string): void {
    delete this.headers[name.toLowerCase()]
  }

  /** Chooses headers, status and format in one call. */
  configure({ headers, status, format }: ResponseConfiguration = {}): void {
    if (headers) this.setHeaders(headers)
    if (status !== undefined) this.status = status
    else if (this.status === 102) this.status = 200
    if (format !== undefined) this.raw = format === 'raw'
  }

  /** What a door sends. */
  toJSON(): ResponsePayload {
    const content = this.raw && !this.error ? this.result : this.#envelope()
    return { raw: this.raw && !this.error, status: this.status, requestId: this.requestId, content, headers: this.headers }
  }

  #envelope(): ResponseContent {
    const { 'set-cookie': _cookies, ...headers } = this.headers
    return {
      requestId: this.requestId,
      status: this.status,
      error: this.error,
      controller: this.controller,
      action: this.action,
      index: this.index,
      collection: this.collection,
      volatile: this.volatile,
      headers,
      result: this.result,
      deprecations: this.deprecations,
    }
  }
}
