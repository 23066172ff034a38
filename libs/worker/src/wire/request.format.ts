import { Request, type ConnectionData, type Token, type User } from '@mortise/sdk'
import { packError, unpackError, type WireError } from './error.format.js'

/** A request as it crosses. What is null or undefined is left out: most of a request is, and each name costs time. */
export interface WireRequest {
  readonly timestamp: number
  readonly triggerEvents?: boolean
  readonly connection: ConnectionData
  readonly state: RequestState
}

/** What listeners and actions may change of a request. */
export interface RequestState {
  readonly id: string
  readonly status: number
  readonly controller?: string
  readonly action?: string
  readonly jwt?: string
  readonly volatile?: Record<string, unknown>
  readonly args: Record<string, unknown>
  readonly body?: unknown
  readonly headers?: Request['input']['headers']
  readonly result?: unknown
  readonly raw?: boolean
  readonly answerHeaders?: Record<string, string | string[]>
  readonly deprecations?: Request['deprecations']
  /** Absent when it is still the one that came over. */
  readonly error?: WireError | null
  readonly user?: User | null
  readonly token?: Token | null
}

/** What a request held when it came over and is sent back only when something else stands there. */
export type Arrival = Pick<Request, 'error'> & Pick<Request['context'], 'user' | 'token'>

/** How a request is built that nothing is known of. */
const BLANK: Arrival = { error: null, user: null, token: null }

/** Told by shape: it may be of another copy of the SDK. */
export const isRequest = (value: unknown): value is Request =>
  typeof value === 'object' && value !== null && 'input' in value && 'context' in value && 'setError' in value

/** Makes a request ready to be cloned: what `request.serialize()` tells, and the answer as far as it is made. */
export function packRequest(request: Request): WireRequest {
  const { timestamp, input: { triggerEvents }, context } = request
  return told({ timestamp, triggerEvents, connection: context.connection.toJSON(), state: packState(request) })
}

/** Builds the same request. Methods of its user are gone. */
export function unpackRequest({ timestamp, triggerEvents, connection, state }: WireRequest): Request {
  const request = new Request({ requestId: state.id, timestamp, triggerEvents }, { connection })
  unpackState(request, state)
  return request
}

/** Notes what is sent back only when it was replaced. */
export const arrivalOf = ({ error, context: { user, token } }: Request): Arrival => ({ error, user, token })

/** The state of a request; of one that came over, with what was replaced since. */
export function packState(request: Request, arrival = BLANK): RequestState {
  const { id, status, input, result, error, response, deprecations, context: { user, token } } = request
  const { controller, action, jwt, volatile, args, headers } = input
  const state: Record<string, unknown> = told({
    id, status, controller, action, jwt, volatile, args, body: input.body as unknown, headers, result, deprecations,
    raw: response.raw || undefined,
    answerHeaders: hasKeys(response.headers) ? response.headers : undefined,
  })
  if (error !== arrival.error) state.error = error && packError(error)
  if (user !== arrival.user) state.user = user
  if (token !== arrival.token) state.token = token
  return state as unknown as RequestState
}

/** Brings a request to the state that its copy is in. Its arguments stay the same object. */
export function unpackState(request: Request, state: RequestState): void {
  request.id = state.id
  unpackInput(request, state)
  unpackAnswer(request, state)
  request.status = state.status
  if (state.user !== undefined) request.context.user = state.user
  if (state.token !== undefined) request.context.token = state.token
}

function unpackInput({ input }: Request, state: RequestState): void {
  input.controller = state.controller ?? null
  input.action = state.action ?? null
  input.jwt = state.jwt ?? null
  input.volatile = state.volatile ?? null
  input.body = state.body ?? null
  input.headers = state.headers
  replaceKeys(input.args, state.args)
}

function unpackAnswer(request: Request, state: RequestState): void {
  const { response } = request
  request.setResult(state.result ?? null)
  response.raw = state.raw ?? false
  response.headers = state.answerHeaders ?? {}
  if (state.error === null) request.clearError()
  else if (state.error) request.setError(unpackError(state.error) as Error)
  if (state.deprecations) addDeprecations(request, state.deprecations)
}

function addDeprecations(request: Request, deprecations: NonNullable<RequestState['deprecations']>): void {
  for (const { version, message } of deprecations.slice(request.deprecations?.length ?? 0)) request.addDeprecation(version, message)
}

/** The fields that hold something. */
function told<T extends object>(fields: T): T {
  const kept: Partial<T> = {}
  for (const key in fields) {
    if (fields[key] !== null && fields[key] !== undefined) kept[key] = fields[key]
  }
  return kept as T
}

function hasKeys(object: object): boolean {
  for (const _key in object) return true
  return false
}

function replaceKeys(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const key of Object.keys(target)) {
    if (!Object.hasOwn(source, key)) delete target[key]
  }
  for (const key of Object.keys(source)) {
    if (key !== '__proto__') target[key] = source[key]
  }
}
