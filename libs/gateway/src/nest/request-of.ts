import type { IncomingHttpHeaders } from 'node:http'
import { HttpException, type ExecutionContext } from '@nestjs/common'
import { ApiError, createError, createId, Request, type RequestData } from '@mortise/sdk'
import { errorJson } from '../envelope.js'
import { actionOf } from './action-of.js'

/** What is read of a request of Nest's, whichever of its HTTP adapters made it. */
export interface NestRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly params?: Record<string, unknown>
  readonly query?: Record<string, unknown>
  readonly ip?: string
  body?: unknown
}

/** Guard and interceptor of one call work on the same request. */
const requests = new WeakMap<NestRequest, Request>()

/**
 * The host's request for a call of an ordinary Nest controller: parameters
 * and query string as arguments, the body as it was parsed, the bearer token.
 *
 * @throws `api.assert.unsupported_protocol` (500) for calls that are not HTTP.
 */
export function requestOf(context: ExecutionContext): Request {
  const { controller, action } = actionOf(context)
  if (context.getType() !== 'http') throw createError('api.assert.unsupported_protocol', context.getType(), `${controller}:${action}`)
  const source = nestRequestOf(context)
  const known = requests.get(source)
  if (known) return known
  const { headers, params, query, body, ip, method, url } = source
  const data: RequestData = { ...query, ...params, controller, action }
  if (typeof body === 'object') data.body = body
  if (headers.authorization?.toLowerCase().startsWith('bearer ')) data.jwt = headers.authorization.slice('bearer '.length).trim()
  const connection = { id: createId(), protocol: 'http', ips: ip === undefined ? [] : [ip], misc: { headers, url, verb: method } }
  const request = new Request(data, { connection })
  requests.set(source, request)
  return request
}

export const nestRequestOf = (context: ExecutionContext): NestRequest => context.switchToHttp().getRequest<NestRequest>()

/** An error of the host as one that Nest answers with its own status; anything else as it is. */
export const toHttpException = (error: unknown): unknown =>
  ApiError.is(error) ? new HttpException(errorJson(error, false), error.status, { cause: error }) : error
