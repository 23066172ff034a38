import { ApiError, brandClass } from './api-error.js'

/** In our own words; clients and logs see at once whose code to look at. */
const BLAME = 'The fault lies in the implementation of a plugin, not in the host.'

/** What a class of errors shows of itself besides its errors. Named, so that declarations of the classes below stay readable. */
interface OfOneStatus {
  readonly status: number
  is: typeof ApiError.is
}

interface StatusErrorClass extends OfOneStatus {
  new (message: string | Error, id?: string, code?: number): ApiError
}

interface ListErrorClass extends OfOneStatus {
  new (message: string | Error, errors?: readonly unknown[], id?: string, code?: number): ApiError & { readonly errors: readonly unknown[]; readonly count: number }
}

function withStatus(status: number): StatusErrorClass {
  return class extends ApiError {
    static readonly status = status

    constructor(message: string | Error, id?: string, code?: number) {
      super(message, status, id, code)
    }
  }
}

function withErrors(status: number): ListErrorClass {
  return class extends ApiError {
    static readonly status = status
    readonly errors: readonly unknown[]
    readonly count: number

    constructor(message: string | Error, errors: readonly unknown[] = [], id?: string, code?: number) {
      super(message, status, id, code)
      this.errors = errors
      this.count = errors.length
    }
  }
}

/** 206: a part of what was asked for was done. `errors` holds one entry for each part that was not. */
export class PartialError extends withErrors(206) {}

/** 400: the request cannot be understood as it is; sending it again unchanged is pointless. */
export class BadRequestError extends withStatus(400) {}

/** 400: a text is not in the format that it claims. Kept for plugins of the first generation. */
export class ParseError extends withStatus(400) {}

/** 400: several things are wrong at once. `errors` holds one entry for each of them. */
export class MultipleErrorsError extends withErrors(400) {}

/** 401: nobody is logged in, or the token is not, or no longer, good. */
export class UnauthorizedError extends withStatus(401) {}

/** 403: the user is known and may not do this. */
export class ForbiddenError extends withStatus(403) {}

/** 404: what the request names does not exist. */
export class NotFoundError extends withStatus(404) {}

/** 412: the request is sound, but something must be true first that is not. */
export class PreconditionError extends withStatus(412) {}

/** 413: more was sent or asked for than the host allows. */
export class SizeLimitError extends withStatus(413) {}

/** 429: the client asks faster than it may. */
export class TooManyRequestsError extends withStatus(429) {}

/** 500: the host failed. */
export class InternalError extends withStatus(500) {}

/** 500: a service that the host relies on, such as a database, failed. */
export class ExternalServiceError extends withStatus(500) {}

/**
 * 500: a plugin does what its contract forbids, or threw something that is not
 * an {@link ApiError}. Its message ends with a line that says so.
 */
export class PluginImplementationError extends withStatus(500) {
  constructor(message: string | Error, id?: string, code?: number) {
    super(message, id, code)
    if (!this.message.endsWith(BLAME)) this.message += `\n${BLAME}`
  }
}

/** 503: the host cannot answer now; a later try may succeed. */
export class ServiceUnavailableError extends withStatus(503) {}

/** 504: a plugin or a service has not answered in time. */
export class GatewayTimeoutError extends withStatus(504) {}

/** Every class by its name, as plugins receive them in `context.errors` and name them in their manifests. */
export const errorClasses = {
  PartialError,
  BadRequestError,
  ParseError,
  MultipleErrorsError,
  UnauthorizedError,
  ForbiddenError,
  NotFoundError,
  PreconditionError,
  SizeLimitError,
  TooManyRequestsError,
  InternalError,
  ExternalServiceError,
  PluginImplementationError,
  ServiceUnavailableError,
  GatewayTimeoutError,
} as const

export type ErrorClassName = keyof typeof errorClasses

/** The classes whose errors carry a list of errors besides their message. */
export type ListErrorClassName = 'PartialError' | 'MultipleErrorsError'

for (const [name, type] of Object.entries(errorClasses)) brandClass(name, type)
