import { ApiError, createErrorFrom, Request, type ResponsePayload } from '@mortise/sdk'

/** An answer as JSON: the envelope, or a raw result by itself. */
export function writeAnswer({ content, requestId }: Pick<ResponsePayload, 'content' | 'requestId'>): string {
  try {
    return JSON.stringify(content) ?? 'null'
  } catch (fault) {
    const { controller, action } = content as { controller?: string; action?: string }
    return writeFailure({ requestId }, createErrorFrom(fault, 'plugin.controller.unserializable_response', `${controller}:${action}`, (fault as Error).message))
  }
}

/** The answer to what could not be read, with the request id when it has one. */
export function writeFailure(data: unknown, thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message : String(thrown)
  const error = ApiError.is(thrown) && thrown.id ? thrown : createErrorFrom(thrown, 'network.mqtt.unexpected_error', said)
  const requestId = (data as { requestId?: unknown } | null | undefined)?.requestId
  const request = new Request(typeof requestId === 'string' ? { requestId } : {})
  request.setError(error)
  const { stack: _stack, ...shown } = error.toJSON()
  return JSON.stringify({ ...request.response.toJSON().content as object, error: shown })
}
