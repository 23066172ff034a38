import { Catch, type ExceptionFilter } from '@nestjs/common'
import { ApiError, errorClasses } from '@mortise/sdk'

/** Told by shape, since a plugin may carry its own copy of Nest. */
interface HttpException extends Error {
  getStatus(): number
  getResponse(): string | { message?: string | string[] }
}

/** Nest's exceptions (`ForbiddenException` …) as the error of the same status; anything else as it is. */
export function fromNest(thrown: unknown): unknown {
  if (!isHttpException(thrown)) return thrown
  const status = thrown.getStatus()
  const type = Object.values(errorClasses).find((each) => each.status === status)
  const error = type ? new (type as typeof errorClasses.BadRequestError)(thrown) : new ApiError(thrown, status)
  error.message = messageOf(thrown)
  return error
}

/** The filter after all of a plugin's own: without it Nest would log each refusal as a crash. */
@Catch()
export class PassOn implements ExceptionFilter {
  catch(thrown: unknown): never {
    throw fromNest(thrown)
  }
}

/** A validation says all its faults in a list. */
function messageOf(exception: HttpException): string {
  const response = exception.getResponse()
  const message = typeof response === 'string' ? response : response.message
  return Array.isArray(message) ? message.join('; ') : message ?? exception.message
}

const isHttpException = (value: unknown): value is HttpException =>
  typeof value === 'object' && value !== null && 'getStatus' in value && 'getResponse' in value && !ApiError.is(value)
