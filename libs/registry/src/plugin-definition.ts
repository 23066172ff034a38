import type { JsonSchema, PassportStrategyClass, Phase, ProtocolMethods, Request, Securities, StrategyMethods, Verb } from '@mortise/sdk'
import type { CallBudget, PluginBudget } from '@app/supervision'

/**
 * What a plugin brings, whatever shape it was written in: decorated, classic,
 * or one of the host's own. The loader and the classic room make these; the
 * registry and everything below know nothing else of a plugin.
 */
export interface PluginDefinition {
  readonly name: string
  readonly version: string
  readonly kind: 'built-in' | 'decorated' | 'classic'
  /** Where it was found: a folder or a package, for reports. */
  readonly place: string
  /** What the configuration grants it; the host's defaults when absent. */
  readonly budget?: PluginBudget
  readonly hooks: readonly HookDefinition[]
  readonly pipes: readonly PipeDefinition[]
  readonly controllers: readonly ControllerDefinition[]
  /** Makes errors of the plugin's own framework errors of the SDK, and leaves others as they are. */
  readonly translate?: (thrown: unknown) => unknown
  /** Ways to log in; absent when it brings none. */
  readonly strategies?: readonly StrategyDefinition[]
  /** Doors; absent when it brings none. */
  readonly protocols?: readonly ProtocolDefinition[]
  /** What runs at its times; absent when nothing does. */
  readonly schedules?: readonly ScheduleDefinition[]
  /** Roles, profiles and users that are to be there. */
  readonly securities?: Securities
  /** What `server:info` shows of it beyond the above, such as a classic plugin's manifest. */
  readonly details?: Readonly<Record<string, unknown>>
}

interface ListenerDefinition {
  /** An event or a pattern over a scope. */
  readonly event: string
  /** Where it is written, such as `CreatedAt.stamp`; what follows the last dot is what others call it. */
  readonly name: string
  /** `normal` when absent. */
  readonly phase?: Phase
  /** Names of plugins or listeners that run later than this one. */
  readonly before?: readonly string[]
  /** Names of plugins or listeners that run earlier than this one. */
  readonly after?: readonly string[]
  /** The filter that `handler` applies by itself, for whoever stands between it and the event. */
  readonly where?: Readonly<Record<string, unknown>>
  /** How much it may take; see `ListenerBudget`. */
  readonly budget?: CallBudget
  /** Whether it may be called for an entity that it is at work on. */
  readonly reentrant?: boolean
}

/** Something to be told. Called with the event's payload and, last, `event` as it stands here. */
export interface HookDefinition extends ListenerDefinition {
  readonly handler: (...payloadAndEvent: unknown[]) => unknown
  /** Told from the store, after the change, and not on the request's way: then it is in no chain. */
  readonly durable?: boolean
}

/** Something to be asked. Called with the event's payload; yields what replaces the first of it. */
export interface PipeDefinition extends ListenerDefinition {
  readonly handler: (...payload: unknown[]) => unknown
  /** Milliseconds to answer in; 0 for no limit, the host's default when absent. */
  readonly timeout?: number
  /** Milliseconds after which a slow answer is logged; 0 for never, the host's default when absent. */
  readonly warnTime?: number
}

/** Actions under one name, as clients call it: `document`, or `hello-world/hello`. */
export interface ControllerDefinition {
  readonly name: string
  readonly actions: readonly ActionDefinition[]
}

/** One action. `handler` yields the result. */
export interface ActionDefinition {
  readonly name: string
  readonly handler: (request: Request) => unknown
  readonly routes: readonly RouteDefinition[]
  /** What it takes and gives, for those who describe the API; the handler checks it by itself. */
  readonly description?: ActionDescription
}

/** An action in words and schemas; `input` describes an object of its arguments, with `body` among them. */
export interface ActionDescription {
  readonly summary?: string
  readonly input?: JsonSchema
  readonly output?: JsonSchema
}

/** A verb and a path with `:parameters`, starting at `/`. */
export interface RouteDefinition {
  readonly verb: Verb
  readonly path: string
}

/** A way to log in. The Passport strategy is constructed once, as `new strategy({ ...options, passReqToCallback: true }, verify)`. */
export interface StrategyDefinition {
  readonly name: string
  readonly strategy: PassportStrategyClass
  readonly options?: object
  readonly authenticateOptions?: object
  readonly fields?: readonly string[]
  /** Bound to whatever they belong to. */
  readonly methods: StrategyMethods
}

/** A door for clients of another protocol. */
export interface ProtocolDefinition {
  /** What its connections call their protocol. */
  readonly name: string
  readonly door: ProtocolMethods
}

/** A method that runs at its times: those of a `cron` expression, or `every` so often (milliseconds, or a text such as `15m`). */
export interface ScheduleDefinition {
  /** Where it is written, such as `Reports.send`. */
  readonly name: string
  readonly cron?: string
  readonly every?: number | string
  /** Of a cron expression; UTC when absent. */
  readonly timezone?: string
  /** What becomes of times at which it could not run; `skip` when absent. */
  readonly missed?: 'skip' | 'once'
  /** How much a run may take; of a listener's budget, what makes sense for one call at a time. */
  readonly budget?: Pick<CallBudget, 'timeout' | 'breaker'>
  readonly handler: (run: unknown) => unknown
}
