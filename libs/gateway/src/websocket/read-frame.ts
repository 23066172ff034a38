import { BadRequestError, createErrorFrom, Request, type ApiError, type ClientConnection, type RequestData } from '@mortise/sdk'
import { parseJson } from '../parse-json.js'
import { parseLargeJson } from '../parse-large-json.js'

/**
 * Parses a frame's text.
 *
 * @throws `network.websocket.unexpected_error` (400) when it is no JSON.
 */
export function parseFrame(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw toFault(error)
  }
}

/** The same of a text so large that others get their turn meanwhile. */
export const parseLargeFrame = (bytes: Buffer): Promise<unknown> => parseLargeJson(bytes).catch((error: unknown) => { throw toFault(error) })

const toFault = (error: unknown): Error => createErrorFrom(error, 'network.websocket.unexpected_error', (error as Error).message)

/** Whether a frame is the protocol's own ping, for clients that cannot send ping frames: `{"p":1}`. */
export const isPing = (frame: unknown): boolean =>
  isObject(frame) && frame.p === 1 && Object.keys(frame).length === 1

/**
 * The request in a frame.
 *
 * @throws BadRequestError when the frame is no object, or a known key has the wrong type.
 */
export function readRequest(frame: unknown, { id, protocol, ips, headers }: ClientConnection): Request {
  if (!isObject(frame)) throw new BadRequestError('A frame must be a JSON object.')
  return new Request(frame as RequestData, { connection: { id, protocol, ips, misc: { headers } } })
}

/** A failed request in place of one that could not be read, with the request id of the frame when it has one. */
export function failedRequest(frame: unknown, error: ApiError): Request {
  const requestId = isObject(frame) ? frame.requestId : undefined
  const request = new Request(typeof requestId === 'string' ? { requestId } : {})
  // Not a text, so no id of ours; yet it is what the client will look for.
  if (typeof requestId === 'number') Object.assign(request, { id: requestId })
  request.setError(error)
  return request
}

/** By what the client finds the answer: the request id, when it gave one. */
export const roomOf = (frame: unknown): string | undefined =>
  isObject(frame) && typeof frame.requestId === 'string' ? frame.requestId : undefined

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
