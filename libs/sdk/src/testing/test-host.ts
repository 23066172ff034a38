import type { EventName, Payload } from '../events.js'
import type { Request, RequestData } from '../request/index.js'
import type { Notification } from '../events.js'
import type { Api, DocumentApi } from '../services/index.js'
import type { Faults } from './faults.js'
import type { Isolation } from './isolations.js'
import type { TestClient, Transport } from './test-client.js'

/** What a test host is made of. */
export interface TestHostOptions {
  /** Plugin classes as their packages export them, instances of classic plugins, or folders of packages. */
  plugins: readonly unknown[]
  /** Configuration by plugin: `{ 'stock-guard': { index: 'shop' } }`. */
  config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Secrets by plugin. */
  secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /**
   * What stands in for providers of the plugins, by their tokens, such as a
   * service that sends mail: `[{ provide: Mailer, useValue: outbox }]`. For
   * decorated plugins given as classes.
   */
  overrides?: readonly { provide: unknown; [key: string]: unknown }[]
  /** The URL of a PostgreSQL database, to be left as the host leaves it; an embedded store of the test's own when absent. */
  store?: string
  /** Where plugins run: all of them, or by name. Those that run by themselves are given as folders of packages that were built. */
  isolation?: Isolation | Readonly<Record<string, Isolation>>
  /**
   * The moment at which the host's clock stands still until the test moves it:
   * `now`, milliseconds since 1970, or a text such as `2026-03-01T08:00:00Z`.
   * The machine's clock when absent.
   */
  clock?: number | string | Date
  /** Milliseconds that a pipe has to answer in; 5000 when absent. */
  pipeTimeout?: number
}

/** One message that the host or a plugin logged. */
export interface LogEntry {
  level: 'error' | 'warn' | 'info' | 'debug' | 'verbose' | 'silly'
  /** The plugin that logged it; absent for the host's own. */
  plugin?: string
  message: unknown
}

/**
 * The time of a host: schedules, ends of tokens and API keys, attempts to
 * deliver, time limits of calls, probes of breakers, values of `ms` that
 * expire. What plugins ask of `Date` is the machine's.
 */
export interface TestClock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Lets time pass: milliseconds, or a text such as `1h`. Whatever falls due on
   * the way happens at its time, one after another; resolves once it has ended.
   *
   * @throws `plugin.testing.clock_runs` on a host that was started without a `clock`
   */
  advance(time: number | string): Promise<void>
}

/**
 * A whole host without a port: the plugins under test, the host's own
 * controllers and an empty store of its own.
 */
export interface TestHost {
  /** Runs an action as a client would, with its pipes and hooks, and resolves to the result. @throws the error it answers with */
  call<T = unknown>(data: RequestData): Promise<T>
  /** The same, and resolves to the whole answer, never rejecting: status, headers, error. */
  send(data: RequestData): Promise<Request>
  /** Calls as a user who exists, with the rights, pipes and hooks of a client's request. */
  as(user: { _id: string }): Api
  /** Makes a user who has the rights that are given, as roles have them: `{ document: { create: true } }`; all of them when absent. */
  createUser(id: string, rights?: Readonly<Record<string, Readonly<Record<string, boolean>>>>): Promise<{ _id: string }>
  /**
   * A client who comes in by a door, without a port: as a user who exists, with
   * a token of theirs, or as nobody.
   *
   * @example
   * const ann = await host.connect('websocket', { _id: 'ann' })
   * await ann.call({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {} })
   */
  connect(transport: Transport, user?: { _id: string }): Promise<TestClient>
  /** A token of a user who exists, for clients of one's own. */
  tokenOf(user: { _id: string }): Promise<string>
  /** What those who subscribe to a collection are told from now on: a list that grows. Filters as clients write them. */
  listen(index: string, collection: string, filters?: Record<string, unknown>): Promise<readonly Notification[]>
  /** Answers an HTTP request as the host's server does, through its routes and without a port. Follows redirects. */
  fetch(path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Response>
  /** Opens HTTP and WebSocket on a free port of this machine, for clients as they are published; a second call yields the same. */
  open(): Promise<{ host: string; port: number }>
  /** Emits an event of the host, to its pipes and hooks. */
  emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]>
  /** Documents as a client handles them: with pipes and hooks. */
  readonly document: DocumentApi
  /** Makes a public collection, and its index when it is missing. */
  createCollection(index: string, collection: string, mappings?: Record<string, unknown>): Promise<void>
  /** What goes wrong on the way to listeners. */
  readonly faults: Faults
  /** The host's time. */
  readonly clock: TestClock
  /** Resolves once nothing is under way: requests, what is to be delivered, scheduled runs. What hangs is waited for a second. */
  settle(): Promise<void>
  /** What was logged so far. */
  readonly logs: readonly LogEntry[]
  /** Stops the plugins and removes the store. */
  close(): Promise<void>
}
