import type { CallOptions, CollectionDefinition, ImpersonationOptions, Notification, RequestData, RouteMark, SubscriptionOptions, Securities } from '@mortise/sdk'
import type { PackedCause } from '@app/causation'
import type { PluginIdentity } from '@app/pipeline'
import type { ActionDescription, PipeDefinition, ScheduleDefinition } from '@app/registry'
import type { WireError } from './error.format.js'
import type { PayloadAnswer, WireValue } from './payload.format.js'

/** Everything that the host says to an isolated plugin. */
export interface ForPlugin {
  /** Loads the plugin and starts it. */
  start(order: StartOrder): Started
  /** Calls the handler of that number in the {@link PluginShape}, and says what led there. Hooks answer with nothing. */
  run(handler: number, payload: readonly WireValue[], cause?: PackedCause): PayloadAnswer | undefined
  /** A notification for one of the plugin's own subscriptions, and what led to it. */
  notify(subscription: string, notification: Notification, cause?: PackedCause): void
  /** Answered by whoever is not busy. */
  ping(): void
  /** Runs the plugin's shutdown methods. */
  close(): void
}

/** Everything that an isolated plugin says to the host; of what it causes, the call that it is on account of. */
export interface ForHost {
  log(level: LogLevel, message: WireValue): void
  /** The last words of one whose code threw where nobody catches. */
  crash(error: WireError): void
  api(cause: PackedCause | undefined, data: RequestData, options?: CallOptions, actor?: Actor): unknown
  /** An event of the plugin's own. */
  trigger(cause: PackedCause | undefined, name: string, payload: readonly WireValue[]): PayloadAnswer
  /** An event of the host's list. */
  emit(cause: PackedCause | undefined, event: string, payload: readonly WireValue[]): PayloadAnswer
  store(order: StoreOrder): unknown
  publish(index: string, collection: string, message: Record<string, unknown>, options?: { _id?: string }): void
  subscribe(subscription: string, options: SubscriptionOptions): void
  unsubscribe(subscription: string): void
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'verbose' | 'silly'

/** On whose behalf the API is called. */
export interface Actor {
  readonly user: { readonly _id: string }
  readonly options?: ImpersonationOptions
}

/** One call of one collection of the plugin's own storage. */
export interface StoreOrder {
  readonly collection: string
  readonly definition?: CollectionDefinition
  readonly method: 'get' | 'mGet' | 'create' | 'createOrReplace' | 'replace' | 'update' | 'delete' | 'search'
  readonly values: readonly unknown[]
}

/** What a plugin is loaded from and started with. */
export interface StartOrder {
  readonly folder: string
  readonly place: string
  readonly identity: PluginIdentity
  readonly config: Record<string, unknown>
  readonly common: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
  /** What the reader of its shape is to know of the host; absent where it need not. */
  readonly facts?: Readonly<Record<string, unknown>>
}

/** What the plugin brings, or everything that is wrong with it. */
export type Started = { readonly shape: PluginShape } | { readonly faults: readonly WireError[] }

/** A plugin's definition with a number in each handler's place. */
export interface PluginShape {
  readonly hooks: readonly ListenerShape[]
  readonly pipes: readonly ListenerShape[]
  readonly controllers: readonly { readonly name: string; readonly actions: readonly ActionShape[] }[]
  readonly schedules: readonly (Omit<ScheduleDefinition, 'handler'> & { readonly handler: number })[]
  readonly strategies: readonly StrategyShape[]
  readonly securities?: Securities | undefined
  /** What is shown of it, as far as it can cross. */
  readonly details: Readonly<Record<string, unknown>>
  /** What it brings that works in the host's own thread only, in words. */
  readonly bound: readonly string[]
}

/** A hook or a pipe. */
export interface ListenerShape extends Omit<PipeDefinition, 'handler'> {
  readonly handler: number
}

interface ActionShape {
  readonly handler: number
  readonly name: string
  readonly routes: readonly RouteMark[]
  readonly description?: ActionDescription
}

/** A way to log in. */
export interface StrategyShape {
  readonly name: string
  /** For the Passport strategy's constructor, as far as they can cross. */
  readonly options?: object
  /** Handlers by the names of the methods that the plugin has. */
  readonly methods: Readonly<Record<string, number>>
}
