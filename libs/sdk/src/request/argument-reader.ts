import { createError } from '../errors/index.js'
import { parseDate } from './parse-date.js'
import { parseJson, read, toArray, toInteger, toNumber, toObject, toText, wrongArgument, type Source } from './arguments.js'
import { createId } from './create-id.js'
import type { RequestContext, User } from './request-context.js'
import type { Body, RequestInput } from './request-input.js'

/** How {@link ArgumentReader.getId} treats a missing id. */
export interface IdOptions {
  ifMissing?: 'error' | 'generate' | 'ignore'
  generator?: () => string
}

/** A search as its request asks for it. Times are texts such as `30s`. */
export interface SearchParameters {
  from: number
  size: number
  scrollTTL: string | undefined
  query: Record<string, unknown>
  searchBody: Record<string, unknown>
}

/**
 * The typed getters of a request. Names may be paths (`a.b`). Without a
 * default a missing value is `api.assert.missing_argument`, a value of the
 * wrong type `api.assert.invalid_type`, and a body getter without any body
 * `api.assert.body_required`; all are 400 and name the argument.
 */
export abstract class ArgumentReader<B = Body> {
  abstract readonly input: RequestInput<B>
  abstract context: RequestContext

  get #args(): Source { return { values: this.input.args, prefix: '' } }

  get #body(): Source {
    if (this.input.body === null) throw createError('api.assert.body_required')
    return { values: this.input.body as Record<string, unknown>, prefix: 'body.' }
  }

  get #isHttp(): boolean { return this.context.connection.protocol === 'http' }

  /** A boolean argument. Over HTTP its presence means true, whatever its value. */
  getBoolean(name: string): boolean {
    const value: unknown = this.input.args[name]
    if (this.#isHttp) return value !== undefined && value !== null && value !== false
    if (value === undefined || value === null) return false
    if (typeof value !== 'boolean') throw wrongArgument(this.#args, name, 'boolean')
    return value
  }

  /** A number, or a text that is one. */
  getNumber(name: string, ...fallback: [number?]): number { return toNumber(this.#args, name, read(this.#args, name, fallback)) }
  /** A whole number, or a text that is one. */
  getInteger(name: string, ...fallback: [number?]): number { return toInteger(this.#args, name, read(this.#args, name, fallback)) }
  /** A text. */
  getString(name: string, ...fallback: [string?]): string { return toText(this.#args, name, read(this.#args, name, fallback)) }

  /** A list; over HTTP also as JSON text. */
  getArray<T = unknown>(name: string, ...fallback: [T[]?]): T[] {
    return toArray(this.#args, name, this.#parsed(name, read(this.#args, name, fallback))) as T[]
  }

  /** A list, also as JSON text or separated by commas: what older clients send. */
  getArrayLegacy(name: string, ...fallback: [string[]?]): string[] {
    const value = read(this.#args, name, fallback)
    const list = parseJson(value)
    return Array.isArray(list) ? list : toText(this.#args, name, value).split(',')
  }

  /** An object; over HTTP also as JSON text. */
  getObject<T extends object = Record<string, unknown>>(name: string, ...fallback: [T?]): T {
    return toObject(this.#args, name, this.#parsed(name, read(this.#args, name, fallback))) as T
  }

  /** A date in ISO 8601, or strictly in a format of `YYYY MM DD HH mm ss SSS`. */
  getDate(name: string, format?: string): Date {
    const date = parseDate(this.getString(name), format)
    if (!date) throw wrongArgument(this.#args, name, format ? `date in the form ${format}` : 'date')
    return date
  }

  /** Milliseconds since the epoch. */
  getTimestamp(name: string): number { return this.getInteger(name) }

  getBodyBoolean(name: string): boolean {
    const value = read(this.#body, name, [false])
    if (typeof value !== 'boolean') throw wrongArgument(this.#body, name, 'boolean')
    return value
  }

  getBodyNumber(name: string, ...fallback: [number?]): number { return this.#fromBody(toNumber, name, fallback) }
  getBodyInteger(name: string, ...fallback: [number?]): number { return this.#fromBody(toInteger, name, fallback) }
  getBodyString(name: string, ...fallback: [string?]): string { return this.#fromBody(toText, name, fallback) }
  getBodyArray<T = unknown>(name: string, ...fallback: [T[]?]): T[] { return this.#fromBody(toArray, name, fallback) as T[] }
  getBodyObject<T extends object = Record<string, unknown>>(name: string, ...fallback: [T?]): T {
    return this.#fromBody(toObject, name, fallback) as T
  }

  /** The whole body. @throws `api.assert.body_required` when there is none and no default. */
  getBody(...fallback: [B?]): B {
    if (this.input.body !== null) return this.input.body
    if (fallback.length > 0) return fallback[0] as B
    throw createError('api.assert.body_required')
  }

  /** The index, or an empty text when it is not required and missing. */
  getIndex({ required = true } = {}): string { return required ? this.getString('index') : this.getString('index', '') }
  /** The collection, or an empty text when it is not required and missing. */
  getCollection({ required = true } = {}): string { return required ? this.getString('collection') : this.getString('collection', '') }
  getIndexAndCollection(): { index: string; collection: string } { return { index: this.getIndex(), collection: this.getCollection() } }

  /** The document's id; when missing an error, a generated id, or null, as `ifMissing` says. */
  getId(options?: { ifMissing?: 'error' | 'generate'; generator?: () => string }): string
  getId(options: { ifMissing: 'ignore' }): string | null
  getId({ ifMissing = 'error', generator = createId }: IdOptions = {}): string | null {
    const id: unknown = this.input.args._id
    if (id !== undefined && id !== null && id !== '') return toText(this.#args, '_id', id)
    if (ifMissing === 'generate') return generator()
    if (ifMissing === 'ignore') return null
    throw createError('api.assert.missing_argument', '_id')
  }

  /** The id of the user who asks, or null. */
  getKuid(): string | null { return this.context.user?._id ?? null }
  getUser(): User | null { return this.context.user }
  getController(): string | null { return this.input.controller }
  getAction(): string | null { return this.input.action }
  /** Whether the user holds the profile `admin`. */
  userIsAdmin(): boolean { return this.context.user?.profileIds.includes('admin') ?? false }

  /** Whether the answer waits until a search finds what was written. */
  getRefresh(fallback: 'false' | 'wait_for' = 'false'): 'false' | 'wait_for' {
    const value: unknown = this.input.args.refresh
    if (value === undefined) return fallback
    return value === null || value === false || value === 'false' ? 'false' : 'wait_for'
  }

  /** The language a search is written in. */
  getLangParam(): 'elasticsearch' | 'koncorde' {
    const lang = this.getString('lang', 'elasticsearch')
    if (lang !== 'elasticsearch' && lang !== 'koncorde') {
      throw createError('api.assert.invalid_argument', 'lang', '"elasticsearch" or "koncorde"')
    }
    return lang
  }

  /** How long a scroll stays open after its last use, such as `30s`. */
  getScrollTTLParam(): string | undefined {
    return this.input.args.scroll === undefined ? undefined : this.getString('scroll')
  }

  /** A search's body; over `GET` the argument `searchBody`. */
  getSearchBody(): Record<string, unknown> {
    return this.#isGet ? this.getObject('searchBody', {}) : toObject({ values: null, prefix: '' }, 'body', this.input.body ?? {})
  }

  getSearchParams(): SearchParameters {
    const searchBody = this.getSearchBody()
    const query = (searchBody.query ?? {}) as Record<string, unknown>
    return { from: this.getInteger('from', 0), size: this.getInteger('size', 10), scrollTTL: this.getScrollTTLParam(), query, searchBody }
  }

  /** From the body, or over `GET` from an argument in JSON. */
  getObjectFromBodyOrArgs<T extends object = Record<string, unknown>>(name: string, ...fallback: [T?]): T {
    return this.#isGet ? this.getObject(name, ...fallback) : this.getBodyObject(name, ...fallback)
  }

  /** From the body, or over `GET` from an argument in JSON. */
  getArrayFromBodyOrArgs<T = unknown>(name: string, ...fallback: [T[]?]): T[] {
    return this.#isGet ? this.getArray(name, ...fallback) : this.getBodyArray(name, ...fallback)
  }

  get #isGet(): boolean { return this.#isHttp && this.context.connection.misc.verb === 'GET' }

  #fromBody<T>(convert: (source: Source, name: string, value: unknown) => T, name: string, fallback: unknown[]): T {
    const source = fallback.length > 0 && this.input.body === null ? { values: null, prefix: 'body.' } : this.#body
    return convert(source, name, read(source, name, fallback))
  }

  /** Over HTTP, lists and objects may come as JSON text; once parsed they stay parsed. */
  #parsed(name: string, value: unknown): unknown {
    if (!this.#isHttp || typeof value !== 'string') return value
    const parsed = parseJson(value)
    if (Object.hasOwn(this.input.args, name)) this.input.args[name] = parsed
    return parsed
  }
}
