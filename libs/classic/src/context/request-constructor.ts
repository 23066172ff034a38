import { createError, Request, type RequestData, type RequestOptions } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import { continueChain } from './request-chains.js'

/** Names of the first generation for what now is in `connection`. */
interface ClassicOptions extends RequestOptions {
  readonly connectionId?: string
  readonly protocol?: string
}

type Arguments = [data: RequestData, options?: ClassicOptions] | [origin: Request, data: RequestData, options?: ClassicOptions]

/** `constructors.Request`, with or without `new`. */
export interface RequestConstructor {
  new (...given: Arguments): Request
  (...given: Arguments): Request
}

/**
 * Makes requests as classic plugins do: `(data, options)`, or
 * `(request, data, options)`, which takes connection, user and token of the
 * first, its arguments and token where `data` has none, and its volatile data
 * beneath those of `data`. Callable without `new`, too; what it makes, and what
 * the host makes, are its instances.
 *
 * @throws `plugin.context.missing_request_data`
 */
export const ClassicRequest = Object.assign(
  function Request(first: Request | RequestData, second?: RequestData | ClassicOptions, third?: ClassicOptions): Request {
    if (isRequest(first)) return derive(first, second as RequestData, third)
    if (!isRecord(first)) throw createError('plugin.context.missing_request_data')
    return create(first, second as ClassicOptions | undefined)
  },
  { prototype: Request.prototype },
) as unknown as RequestConstructor

const isRequest = (value: unknown): value is Request => isRecord(value) && isRecord(value.input) && 'context' in value

function derive(origin: Request, data: RequestData, options?: ClassicOptions): Request {
  if (!isRecord(data)) throw createError('plugin.context.missing_request_data')
  const { context, input } = origin
  const derived = create(data, { connection: context.connection, user: context.user, token: context.token, ...options })
  continueChain(origin, derived)
  const inherited = Object.entries(input.args).filter(([name]) => derived.input.args[name] === undefined && !OWN.has(name))
  Object.assign(derived.input.args, Object.fromEntries(inherited))
  if (data.jwt === undefined) derived.input.jwt = input.jwt
  derived.input.volatile = { ...input.volatile, ...data.volatile }
  return derived
}

/** What belongs to a request alone. */
const OWN: ReadonlySet<string> = new Set(['requestId', 'timestamp', 'triggerEvents'])

function create(data: RequestData, { connectionId, protocol, ...options }: ClassicOptions = {}): Request {
  const isOld = connectionId !== undefined || protocol !== undefined
  return new Request(data, isOld ? { connection: { id: connectionId, protocol }, ...options } : options)
}
