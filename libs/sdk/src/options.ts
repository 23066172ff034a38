import type { StandardSchemaV1 } from './standard-schema.js'

/** A class, as Nest's containers take them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a constructor's arguments are its own affair
export type Class<T = object> = new (...args: any[]) => T

/** What a Nest module accepts as a provider: a class, or `{ provide, useClass | useValue | useFactory | useExisting }`. */
export type Provider = Class | { provide: unknown; [key: string]: unknown }

/** What `@Plugin` takes; only `name` is required. */
export interface PluginOptions {
  /** Identity, configuration key and URL prefix: lower-case words joined by dashes. */
  name: string
  /** Shown by `server:info`; the `version` of the plugin's package.json when absent. */
  version?: string
  /** The host versions this plugin is made for, as a semver range such as `^0.1.0`. */
  host?: string
  /** Checks `plugins.<name>` of the configuration and fills in defaults; any Standard Schema (zod, valibot, arktype …). */
  config?: StandardSchemaV1
  /** Classes that Nest constructs for this plugin alone. They may carry `@Hook` and `@Pipe` methods. */
  providers?: readonly Provider[]
  /** Classes decorated with `@Controller`. */
  controllers?: readonly Class[]
  /** Nest modules (classes or dynamic modules) whose exports the plugin wants injected. */
  imports?: readonly unknown[]
  /** Roles, profiles and users to be there; see {@link Securities}. */
  securities?: Securities
}

/**
 * Roles, profiles and users, by id, as `security:createRole` and its kin take
 * them. They are loaded at the start, by one host of those on a store, and
 * again when they say something else; users who exist stay as they are.
 */
export interface Securities {
  roles?: Readonly<Record<string, { controllers: object }>>
  profiles?: Readonly<Record<string, { policies: readonly object[]; rateLimit?: number }>>
  users?: Readonly<Record<string, { content: { profileIds: readonly string[] }; credentials?: object }>>
}

/** When a listener runs among those of its event: all `early` ones, then the `normal`, then the `late`. */
export type Phase = 'early' | 'normal' | 'late'

/**
 * Where a listener stands among those of its event; without these, load order
 * decides. Names are those of plugins, for all their listeners, or of
 * listeners: `audit`, `audit.record`, or `record` alone. A circle, and a name
 * that nobody has, keep the host from starting.
 */
export interface Order {
  /** `normal` when absent. */
  phase?: Phase
  /** Who runs after this one. */
  before?: string | readonly string[]
  /** Who runs before this one. */
  after?: string | readonly string[]
  /** What others call this listener: letters, digits, dashes and underscores; the method's name when absent. */
  name?: string
}

/** When calls that keep failing are no longer made; see {@link ListenerBudget.breaker}. */
export interface BreakerOptions {
  /** Failures in a row after which the breaker opens. */
  failures: number
  /** Milliseconds after which an open breaker lets one call through, to see whether it is well again; 30,000 when absent. */
  probeAfter?: number
}

/**
 * How much one listener may take. What is absent is as `plugins.<name>.budget`
 * of the configuration says and, where that says nothing either, not limited.
 */
export interface ListenerBudget {
  /** Milliseconds to answer in, those spent waiting for its turn included; 0 for no limit. */
  timeout?: number
  /** Calls at once; 0 for no limit. Of a call that was given up, what is still under way does not count. */
  concurrency?: number
  /** Calls that may wait for their turn; one more is refused at once with 503, or not told to a hook. None when absent. */
  queue?: number
  /** Answers at once for a listener that keeps failing (errors of status 500 and above, and no answer in time), until it is well again. */
  breaker?: BreakerOptions
}

interface Listening extends Order, ListenerBudget {
  /**
   * Calls the method only for what satisfies this filter, written as clients
   * write subscriptions: `{ equals: { kind: 'invoice' } }`. Of a request it
   * sees the document that is answered or, before that, sent (of one with many
   * documents, any may match; of a deletion, what is or was stored); of a generic
   * document event, each document, and those that match are handed over; of
   * another event, its payload. One that cannot be read is a fault at boot.
   */
  where?: Record<string, unknown>
  /**
   * Whether the method may be called for what it is at work on already, since
   * it, or what it called, told of it again. The host refuses that unless
   * asked: most such calls never end.
   */
  reentrant?: boolean
}

/** What `@Hook` takes besides the event. */
export interface HookOptions extends Listening {
  /**
   * Makes sure that the method hears of every change. What it is to be told
   * is stored in the transaction of the change, one delivery a document, and
   * given out once that is done: at least once, in order for each document,
   * again and later each time when the method fails, and kept as a dead letter
   * when it goes on failing. The method gets a {@link Delivery} last, whose
   * `key` tells a repetition. For the events in {@link durableEvents}.
   */
  durable?: boolean
}

/** What `@Pipe` takes besides the event; whatever its `where` does not match passes by unchanged. */
export interface PipeOptions extends Listening {
  /** Milliseconds to answer in; the plugin's budget, else the host's `plugins.common.pipeTimeout`, when absent; 0 for no limit. */
  timeout?: number
  /**
   * What a pipe that fails means. `fail-closed`: the request fails (the default). `fail-open`: it goes on with the payload that the
   * pipe was given, and the log says so. A refusal, an error of a status below 500, is an answer and ends the request either way.
   */
  onFailure?: OnFailure
}

/** See {@link PipeOptions.onFailure}. */
export type OnFailure = 'fail-open' | 'fail-closed'

/**
 * What `@Every` takes besides the interval. A run that takes longer than
 * `timeout` milliseconds has failed, though it may still be at work; where that
 * is absent, the plugin's budget says how long, and 0 is for no limit.
 */
export interface ScheduleOptions extends Pick<ListenerBudget, 'timeout' | 'breaker'> {
  /** What becomes of times at which no host was there, or a run went on: nothing (`skip`, the default), or one run for all of them (`once`). */
  missed?: 'skip' | 'once'
}

/** What `@Cron` takes besides the expression. */
export interface CronOptions extends ScheduleOptions {
  /** An IANA time zone such as `Europe/Paris`; UTC when absent, so that hosts in different places agree. */
  timezone?: string
}

/** HTTP verbs that a route may answer. */
export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'

/** One verb and path that lead to an action. */
export interface RouteMark {
  verb: Verb
  path: string
}

/** What `@Controller` takes besides the name. */
export interface ControllerOptions {
  /**
   * Leaves the plugin's name away: actions are called `<controller>:<action>`
   * instead of `<plugin>/<controller>:<action>`, and route paths start at `/`.
   * The host's own controllers are made this way; the name must be free.
   */
  global?: boolean
}

/** The class of a Passport strategy: `passport-github2`, `passport-ldapauth` … as their packages export it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each Passport strategy has options of its own
export type PassportStrategyClass = new (options: any, verify: any) => object

/** What `@Strategy` takes besides the name. */
export interface StrategyOptions<Methods = unknown> {
  readonly strategy: PassportStrategyClass
  /** For the strategy's constructor; a function of the provider when they depend on configuration or secrets. */
  readonly options?: object | ((methods: Methods) => object)
  /** For each attempt to log in, such as `{ scope: ['email'] }`. */
  readonly authenticateOptions?: object
  /** Names of the fields that credentials have, to be shown. */
  readonly fields?: readonly string[]
}
