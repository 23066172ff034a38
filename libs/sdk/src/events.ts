import { builtInActions } from './built-in-actions.js'
import type { ClientConnection, User } from './request/request-context.js'
import type { Request } from './request/request.js'

/**
 * The actions there are, by controller: the host's own, and those that a
 * plugin adds by declaration merging. Each gives three events:
 * `<controller>:before<Action>`, `:after<Action>` and `:error<Action>`.
 *
 * @example
 * declare module '@mortise/sdk' {
 *   interface Actions { 'checkout/payment': 'pay' | 'refund' }
 * }
 */
export interface Actions extends BuiltInActions {}

type BuiltInActions = { [C in keyof typeof builtInActions]: (typeof builtInActions)[C][number] }

type ActionEvents = {
  [C in keyof Actions & string as `${C}:${'before' | 'after' | 'error'}${Capitalize<Actions[C] & string>}`]: [request: Request]
}

/** A document as the generic events show it; `_source` is absent where only the id is known. */
export interface EventDocument {
  _id?: string
  _source?: Record<string, unknown>
}

/** What the host asked of itself, and what came of it. */
type Answered = [event: { args: unknown[]; response: unknown }]

type DocumentsEvent = [documents: EventDocument[], request: Request]

/** A change or message on its way to subscribers; see the realtime controller for its forms. */
export interface Notification {
  type: string
  room?: string
  [key: string]: unknown
}

/** What a hook threw, and where. */
export interface HookFailure {
  error: Error
  event: string
  pluginName: string
}

/**
 * Events other than those of actions, each with the arguments its listeners
 * get. A pipe replaces the first of them.
 */
interface HostEvents {
  'http:get': [request: Request]
  'http:post': [request: Request]
  'http:put': [request: Request]
  'http:patch': [request: Request]
  'http:delete': [request: Request]
  'http:head': [request: Request]
  'http:options': [request: Request]
  'protocol:http:beforeParsingPayload': [event: { message: unknown; payload: Buffer }]
  'protocol:http:afterParsingPayload': [event: { message: unknown; payload: unknown }]
  'protocol:websocket:beforeParsingPayload': [event: { connection: ClientConnection; payload: string }]
  'protocol:websocket:afterParsingPayload': [event: { connection: ClientConnection; payload: unknown }]

  'request:beforeExecution': [request: Request]
  'request:onAuthorized': [request: Request]
  'request:onUnauthorized': [request: Request]
  'request:onExecution': [request: Request]
  'request:onSuccess': [request: Request]
  'request:onError': [request: Request]
  'request:afterExecution': [outcome: RequestOutcome]

  'generic:document:beforeWrite': DocumentsEvent
  'generic:document:afterWrite': DocumentsEvent
  'generic:document:beforeUpdate': DocumentsEvent
  'generic:document:afterUpdate': DocumentsEvent
  'generic:document:beforeDelete': DocumentsEvent
  'generic:document:afterDelete': DocumentsEvent
  'generic:document:beforeGet': DocumentsEvent
  'generic:document:afterGet': DocumentsEvent
  'generic:document:injectMetadata': [event: { metadata: Record<string, unknown>; defaultMetadata?: Record<string, unknown>; request: Request }]

  'auth:strategyAuthenticated': [event: { strategy: string; content: User | Record<string, unknown> }]
  'core:auth:strategyAdded': [event: { name: string; pluginName: string; strategy: unknown }]
  'core:auth:strategyRemoved': [event: { name: string; pluginName: string }]

  'room:new': [room: { index: string; collection: string; roomId: string }]
  'room:remove': [roomId: string]
  'notify:document': [notification: Notification]
  'notify:user': [notification: Notification]
  'notify:server': [notification: Notification]
  'notify:dispatch': [notification: Notification]
  'core:notify:document': [event: { rooms: string[]; notification: Notification }]
  'core:notify:user': [event: { room: string; notification: Notification }]
  'core:hotelClerk:addSubscription': [event: Record<string, unknown>]
  'core:hotelClerk:removeRoomForCustomer': [event: Record<string, unknown>]
  'core:realtime:notification:dispatch:before': [event: { channels: string[]; connectionId?: string; notification: Notification }]
  'core:realtime:user:subscribe:after': [subscription: Record<string, unknown>]
  'core:realtime:user:unsubscribe:after': [event: Record<string, unknown>]
  'core:realtime:room:create:after': Answered
  'core:realtime:subscribe:after': Answered
  'core:realtime:unsubscribe:after': Answered

  'core:storage:index:create:after': [event: { index: string; scope: string }]
  'core:storage:index:delete:after': [event: { index: string; scope: string }]
  'core:storage:index:mDelete:after': [event: { indexes: string[]; scope: string }]
  'core:storage:collection:create:after': [event: { index: string; collection: string; scope: string }]
  'core:storage:collection:delete:after': [event: { index: string; collection: string; scope: string }]
  'services:storage:error': [event: { message: string; meta: unknown; stack: string }]
  'validation:error': [message: string]

  'kuzzle:state:start': [nothing: null]
  'kuzzle:state:live': [nothing: null]
  'kuzzle:state:ready': [nothing: null]
  'kuzzle:state:change': [state: number]
  'kuzzle:start': [nothing: null]
  'kuzzle:shutdown': [nothing: null]
  'core:kuzzleStart': [message: string]
  'core:shutdown': [nothing: null]
  'core:overload': [percentage: number]
  'connection:new': [connection: ClientConnection]
  'connection:remove': [connection: ClientConnection]
  'log:silly': [message: unknown]
  'log:verbose': [message: unknown]
  'log:debug': [message: unknown]
  'log:info': [message: unknown]
  'log:warn': [message: unknown]
  'log:error': [message: unknown]
  'hook:onError': [failure: HookFailure]
  'plugin:hook:loop-error': [failure: { error: Error; pluginName: string }]
}

/** How a request ended, as `request:afterExecution` tells it. */
export interface RequestOutcome {
  request: Request
  success: boolean
  result?: Request
  error?: Error
}

/**
 * Every event that can be listened to, and the arguments its listeners get:
 * THE list of what can be extended. Open to declaration merging.
 */
export interface Events extends HostEvents, ActionEvents {}

/** The name of an event. */
export type EventName = keyof Events & string

type ScopeOf<E extends string> = E extends `${infer Head}:${infer Rest}`
  ? Rest extends `${string}:${string}` ? `${Head}:${ScopeOf<Rest>}` : Head
  : never

/** `document:beforeCreate` belongs to `document:*` and `document:before*`. */
type PatternsOf<E extends string> = `${ScopeOf<E>}:*` | (E extends `${ScopeOf<E>}:${infer When extends 'before' | 'after'}${string}` ? `${ScopeOf<E>}:${When}*` : never)

/**
 * What listeners to a pattern get, by pattern. A table that is made once: asking
 * each pattern for its events takes the compiler of each plugin many seconds.
 */
type Patterns = { [E in EventName as PatternsOf<E>]: Events[E] }

/** An event, a pattern over a scope (`document:*`, `document:before*`, `document:after*`, `*:*`), or an event that a plugin triggers. */
export type EventPattern =
  | EventName
  | keyof Patterns
  | '*:*'
  | `plugin-${string}:${string}`

/** The arguments that listeners of an event or pattern get. */
export type Payload<E extends string> = E extends EventName
  ? Events[E]
  : E extends keyof Patterns
    ? Patterns[E]
    : E extends `plugin-${string}` | '*:*'
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what other plugins trigger is theirs to know
      ? any[]
      : never

/** Compiles only as long as {@link hostEvents} names each key of {@link HostEvents} and no other. */
const namesOf = <T>() => <const N extends readonly (keyof T)[]>(...names: [keyof T] extends [N[number]] ? N : never): N => names

/** The names of {@link HostEvents}, to check listeners against when plugins are loaded. */
export const hostEvents: readonly string[] = namesOf<HostEvents>()(
  'http:get', 'http:post', 'http:put', 'http:patch', 'http:delete', 'http:head', 'http:options',
  'protocol:http:beforeParsingPayload', 'protocol:http:afterParsingPayload',
  'protocol:websocket:beforeParsingPayload', 'protocol:websocket:afterParsingPayload',
  'request:beforeExecution', 'request:onAuthorized', 'request:onUnauthorized', 'request:onExecution',
  'request:onSuccess', 'request:onError', 'request:afterExecution',
  'generic:document:beforeWrite', 'generic:document:afterWrite', 'generic:document:beforeUpdate', 'generic:document:afterUpdate',
  'generic:document:beforeDelete', 'generic:document:afterDelete', 'generic:document:beforeGet', 'generic:document:afterGet',
  'generic:document:injectMetadata',
  'auth:strategyAuthenticated', 'core:auth:strategyAdded', 'core:auth:strategyRemoved',
  'room:new', 'room:remove', 'notify:document', 'notify:user', 'notify:server', 'notify:dispatch',
  'core:notify:document', 'core:notify:user', 'core:hotelClerk:addSubscription', 'core:hotelClerk:removeRoomForCustomer',
  'core:realtime:notification:dispatch:before', 'core:realtime:user:subscribe:after', 'core:realtime:user:unsubscribe:after',
  'core:realtime:room:create:after', 'core:realtime:subscribe:after', 'core:realtime:unsubscribe:after',
  'core:storage:index:create:after', 'core:storage:index:delete:after', 'core:storage:index:mDelete:after',
  'core:storage:collection:create:after', 'core:storage:collection:delete:after', 'services:storage:error', 'validation:error',
  'kuzzle:state:start', 'kuzzle:state:live', 'kuzzle:state:ready', 'kuzzle:state:change', 'kuzzle:start', 'kuzzle:shutdown',
  'core:kuzzleStart', 'core:shutdown', 'core:overload', 'connection:new', 'connection:remove',
  'log:silly', 'log:verbose', 'log:debug', 'log:info', 'log:warn', 'log:error', 'hook:onError', 'plugin:hook:loop-error',
)
