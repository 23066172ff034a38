import { createErrorFrom, Request, type ApiError, type ErrorJson } from '@mortise/sdk'
import { UnreadDocument } from '@app/storage'
import { messageOf } from '@app/supervision'

/** What an envelope holds beyond its request. */
export interface EnvelopeOptions {
  /** Shows stacks and deprecations. */
  readonly development: boolean
  /** Added as `room`, by which clients of sockets find what they asked. */
  readonly room?: string | undefined
}

/**
 * The envelope of an answer as JSON text: the protocol's content object,
 * `requestId` to `result`. Keys that have no value are left out as the
 * protocol has it. A result that is no JSON (a circle, a bigint, nesting
 * beyond the engine's depth) becomes `plugin.controller.unserializable_response`,
 * and what else a plugin made so is left out as well.
 */
export function writeEnvelope(request: Request, options: EnvelopeOptions): string {
  try {
    return compose(request, options)
  } catch (fault) {
    return writeFailure(request, options, fault)
  }
}

/** The envelope of a request whose result is no JSON. */
export function writeFailure(request: Request, options: EnvelopeOptions, fault: unknown): string {
  request.setResult(null)
  request.setError(unserializable(request, fault))
  return composeBarely(request, options)
}

/** The error of an answer that is no JSON; of what the engine says, the first line tells what is wrong. */
export function unserializable({ input: { controller, action } }: Request, fault: unknown): ApiError {
  const [said = ''] = messageOf(fault).split('\n')
  return createErrorFrom(fault, 'plugin.controller.unserializable_response', `${controller}:${action}`, said)
}

/** The envelope of a request that failed, by its names alone if a plugin made its volatile data, headers or arguments no JSON either. */
function composeBarely(request: Request, options: EnvelopeOptions): string {
  try {
    return compose(request, options)
  } catch {
    const { id, error, input: { controller, action } } = request
    const bare = new Request({ requestId: id, controller, action })
    bare.setResult(null)
    bare.setError(error!)
    return compose(bare, options)
  }
}

function compose(request: Request, options: EnvelopeOptions): string {
  const { head, tail } = frameOf(request, options)
  return head + writeResult(request.result) + tail
}

/** An envelope without its result. Put together by hand: several times as fast as making the object and writing that. */
export function frameOf(request: Request, { development, room }: EnvelopeOptions): { head: string; tail: string } {
  const { input: { controller, action, args, volatile }, error, response } = request
  let text = `{"requestId":${JSON.stringify(request.id)},"status":${statusOf(request)},"error":${error === null ? 'null' : writeError(error, development)}`
  text += `,"controller":${quote(controller)},"action":${quote(action)}`
  text += named('index', args.index) + named('collection', args.collection)
  text += `,"volatile":${volatile === null ? 'null' : JSON.stringify(volatile)},"headers":${writeHeaders(response.headers)}`
  const deprecations = development ? optional('deprecations', request.deprecations) : ''
  return { head: text, tail: room === undefined ? `${deprecations}}` : `${deprecations},"room":${JSON.stringify(room)}}` }
}

/** The status of an answer: what HTTP can carry, as a plugin may have set anything. */
export const statusOf = ({ status }: Request): number => (Number.isInteger(status) && status >= 200 && status <= 599 ? status : 500)

/** Names of controllers, actions and places as JSON. They are few, unless somebody makes them up. */
const quoted = new Map<string, string>()
const MOST_QUOTED = 2_000
const LONGEST_QUOTED = 100

function quote(name: string | null): string {
  if (name === null) return 'null'
  const known = quoted.get(name)
  if (known !== undefined) return known
  const text = JSON.stringify(name)
  if (quoted.size < MOST_QUOTED && name.length <= LONGEST_QUOTED) quoted.set(name, text)
  return text
}

/** A key and a name; what is no name is written as it is. */
const named = (key: string, name: unknown): string => (typeof name === 'string' ? `,"${key}":${quote(name)}` : optional(key, name))

/** A key and its value, unless there is none. */
function optional(key: string, value: unknown): string {
  if (value === undefined) return ''
  const text = writeJson(value)
  return text === undefined ? '' : `,"${key}":${text}`
}

function writeResult(result: unknown): string {
  const text = writeItem(result)
  return text === undefined ? '' : `,"result":${text}`
}

/** JSON of a result, or of one of many. A document that nobody looked into goes out as it was stored. */
export function writeItem(item: unknown): string | undefined {
  const content = typeof item === 'object' && item !== null ? UnreadDocument.textOf(item) : undefined
  return content === undefined ? writeJson(item) : writeDocument(item as UnreadDocument, content)
}

/** Beside its own keys, a document has those that plugins gave it. */
function writeDocument(document: UnreadDocument, content: string): string {
  const { _id, _version } = document
  const keys = Object.keys(document)
  // As the store makes it. The rest would come to the same, and take longer.
  if (keys.length === 3 && typeof _id === 'string' && Number.isSafeInteger(_version)) return `{"_id":${JSON.stringify(_id)},"_source":${content},"_version":${_version}}`
  let members = ''
  for (const key of keys) {
    const value = key === '_source' ? content : writeJson(document[key as keyof UnreadDocument])
    if (value !== undefined) members += `,${quote(key)}:${value}`
  }
  return `{${members.slice(1)}}`
}

/** JSON in which no error shows its stack. Looking for one in the text is cheap; leaving it out by key is not. */
export function writeJson(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined
  if (typeof value !== 'object') return text
  return text?.includes('"stack":') ? JSON.stringify(value, withoutStacks) : text
}

function withoutStacks(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (!(this[key] instanceof Error) || typeof value !== 'object' || value === null) return value
  const { stack: _stack, ...rest } = value as ErrorJson
  return rest
}

function writeHeaders(headers: Record<string, string | string[]>): string {
  for (const name in headers) {
    if (name !== 'set-cookie') return JSON.stringify({ ...headers, 'set-cookie': undefined })
  }
  return '{}'
}

/** An error as clients see it, as JSON text. Of one that is no JSON (a plugin gave it a circle or a bigint) its message and status are told. */
export const writeError = (error: ApiError, development: boolean): string => {
  try {
    const json = errorJson(error, development)
    return (development ? JSON.stringify(json) : writeJson(json)) ?? 'null'
  } catch {
    return JSON.stringify({ message: String(error.message), status: Number(error.status) })
  }
}

/** An error as clients see it: with its stack in development only. */
export function errorJson(error: ApiError, development: boolean): ErrorJson {
  const json = error.toJSON()
  if (!development) delete json.stack
  return json
}
