import { ApiError, createErrorFrom, errorCatalogue, ServiceUnavailableError } from '@mortise/sdk'

const NOT_CONNECTED = 'services.storage.not_connected'

/**
 * The store cannot be reached now. A 503 under the reference's id, whose own 500 would tell clients that trying again is of no use.
 *
 * @param reason - What the log should say: the cause and what to do about it.
 */
export function unreachable(cause: unknown, reason: string): ApiError {
  const error = new ServiceUnavailableError('The storage cannot be reached.', NOT_CONNECTED, errorCatalogue[NOT_CONNECTED].code)
  Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true })
  return error.with({ hint: reason })
}

/** Anything an engine reports that this room did not foresee. */
export function storeFault(cause: Error): ApiError {
  return createErrorFrom(cause, 'services.storage.unexpected_error', cause.message)
}

const GONE = 'services.storage.unexpected_not_found'

/** The table of a collection is gone, because somebody else deleted it. The store makes an unknown collection of it. */
export const missingTable = (cause: Error): ApiError => createErrorFrom(cause, GONE, 'The collection has been deleted meanwhile.')

export const isMissingTable = (error: unknown): boolean => ApiError.is(error) && error.id === GONE
