/** One key for every loaded copy of the SDK; each of its classes carries its own name under it. */
const BRAND = Symbol.for('mortise.error')

/** What stays with the host: told to the log, never to a client. */
const LOG_ONLY = new Set(['hint', 'place', 'cause', 'name'])

/** Where an error happened and what to do about it, for the reader of the log. */
export interface ErrorReport {
  hint?: string
  place?: string
}

/** An error as it leaves for the client. Doors take `stack` away outside development. */
export interface ErrorJson {
  message: string
  status: number
  id?: string
  code?: number
  props?: unknown[]
  stack?: string
  [property: string]: unknown
}

/**
 * The base of every error that a client may see. Plugins throw one of its
 * subclasses, such as `NotFoundError`; this one serves statuses that have no
 * class of their own.
 *
 * Own properties that a plugin adds are sent to the client with the rest.
 * `instanceof` also holds for errors made by another loaded copy of the SDK.
 *
 * @param message - A sentence, or an error that lends its message and stack and is kept as `cause`.
 * @param id - `domain.subdomain.error`, when the error is catalogued.
 * @param code - `domain << 24 | subdomain << 16 | error`.
 */
export class ApiError extends Error {
  readonly status: number
  readonly id?: string
  readonly code?: number
  /** The facts that the message was made of, in the order of the catalogue. */
  props?: unknown[]
  hint?: string
  place?: string

  constructor(message: string | Error, status = 500, id?: string, code?: number) {
    super(textOf(message), isErrorLike(message) ? { cause: message } : undefined)
    this.status = status
    this.id = id
    this.code = code
    if (isErrorLike(message) && message.stack) this.stack = message.stack
  }

  /** Tells an error of any loaded copy of the SDK from everything else. */
  static is(value: unknown): value is ApiError {
    return typeof value === 'object' && value !== null && BRAND in value
  }

  /** A class that a plugin derives has no brand of its own, so for it only the prototype chain counts. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true
    const brand = ownBrand(this.prototype)
    return brand !== undefined && ApiError.is(value) && brandsOf(value).includes(brand)
  }

  /**
   * Adds what the log should say besides the message, and returns the error.
   *
   * @param report - `place`: where the fault lies; `hint`: one thing to do about it.
   */
  with(report: ErrorReport): this {
    return Object.assign(this, report)
  }

  /** The error as clients receive it: known keys first, then what was added, undefined ones dropped. */
  toJSON(): ErrorJson {
    const { message, status, id, code, props, stack } = this
    const known = { message, status, id, code, props }
    const told = Object.entries({ ...known, ...this, stack }).filter(([key, value]) => value !== undefined && !LOG_ONLY.has(key))
    return Object.fromEntries(told) as ErrorJson
  }
}

export { ApiError as KuzzleError }

/**
 * Makes a class of the SDK known by `name` to every other copy of the SDK, and
 * gives the name to its errors. Not for classes of plugins.
 */
export function brandClass(name: string, type: { prototype: ApiError }): void {
  Object.defineProperty(type.prototype, BRAND, { value: name })
  Object.defineProperty(type.prototype, 'name', { value: name, writable: true, configurable: true })
}

brandClass('ApiError', ApiError)

function ownBrand(prototype: object): unknown {
  return Object.getOwnPropertyDescriptor(prototype, BRAND)?.value
}

function brandsOf(error: object): unknown[] {
  const brands: unknown[] = []
  for (let link: object | null = error; link !== null; link = Object.getPrototypeOf(link) as object | null) {
    brands.push(ownBrand(link))
  }
  return brands
}

/** By shape: an error may come from another realm, where `instanceof Error` fails. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value
}

/** Unchecked plugins also throw numbers and nothing at all. */
function textOf(message: unknown): string {
  return isErrorLike(message) ? String(message.message) : String(message ?? '')
}
