import type { Logger } from '@mortise/sdk'
import type { Callee } from './blame.js'
import { Deadlines } from './deadlines.js'
import type { EnvelopeTools } from './call-frame.js'
import { countCalls } from './count-calls.js'
import { Envelope } from './envelope.js'
import { Meter, type MeterSubject } from './meter.js'
import { PluginSupervision, type CallBudget, type PluginBudget, type Quarantine } from './plugin-supervision.js'
import { SparseLog } from './sparse-log.js'
import { supervisionErrors } from './supervision.errors.js'
import { Tap, type CallKind } from './tap.js'
import { findTracer, traceCalls, type JoinChain } from './tracing.js'

/** What a supervisor works with. Times in milliseconds. */
export interface SupervisorParts {
  readonly logger: Logger
  /** What pipes have that set no time themselves; 0 for no limit. */
  readonly pipeTimeout?: number
  /** Time after which a slow call is logged, where the listener does not say; 0 for never. */
  readonly slowAfter?: number
  /** Openings of breakers, or crashes, in a row after which a plugin whose budget does not say is put into quarantine; 0 for never. */
  readonly quarantineAfter?: number
  /** Knows of what chain of calls and events a call is part; asked only where somebody collects spans. */
  readonly joinChain?: JoinChain
  /** A clock that only goes forward. */
  readonly clock?: () => number
  /** Watches calls that have a time limit. */
  readonly deadlines?: Deadlines
  /** What is to be called in place of a listener's handler for an event; asked when chains are compiled. Test hosts cause faults so. */
  readonly around?: AroundListener
  /** The plugin that is the host's own: its actions are called as they are. */
  readonly host?: string
}

/** What is to be called in place of a listener's handler, and how the listener is called. */
export type AroundListener = (listener: SupervisedListener, subject: { readonly kind: 'pipe' | 'hook'; readonly event: string }) => SupervisedListener['handler']

/** A pipe or hook in place, as far as it matters how it is called. */
export interface SupervisedListener extends Callee {
  /** Where it is written, such as `CreatedAt.stamp`. */
  readonly name: string
  readonly handler: (...payload: unknown[]) => unknown
  readonly timeout?: number
  /** Milliseconds after which a slow call is logged; 0 for never. */
  readonly warnTime?: number
  readonly budget?: CallBudget
  /** Whether its envelope keeps the time, and nobody else has to. */
  readonly keepsTime?: boolean
  /** Counts its calls; absent where its envelope does. */
  readonly meter?: Meter
}

/** A call that is no event's and no request's: of what kind, as what it is counted and tapped, and how many milliseconds it has; 0 for no limit. */
interface GuardedSubject {
  readonly kind: Exclude<CallKind, 'pipe' | 'hook' | 'action'>
  readonly event: string
  readonly timeout: number
}

/**
 * Sees to it that no plugin takes more than it may. What a listener's budget
 * asks for is put around it when chains are compiled; one without a budget is
 * called as it is, and only counted.
 */
export class Supervisor {
  readonly tap = new Tap()
  readonly #tools: EnvelopeTools
  readonly #plugins = new Map<string, PluginSupervision>()
  readonly #meters = new Map<string, Meter>()
  readonly #listeners = new Set<(plugin: string) => void>()

  constructor(private readonly parts: SupervisorParts) {
    const { logger, clock = () => performance.now(), deadlines = new Deadlines() } = parts
    this.#tools = { deadlines, log: new SparseLog(logger, clock), clock }
  }

  /** A meter for each listener and event that has been asked for. */
  get meters(): readonly Meter[] {
    return [...this.#meters.values()]
  }

  /** The plugins in quarantine, by name. */
  get quarantined(): ReadonlyMap<string, Quarantine> {
    return new Map([...this.#plugins].flatMap(([name, { quarantine }]) => (quarantine ? [[name, quarantine]] : [])))
  }

  /**
   * Forgets what was held against a plugin of this name: one that is loaded begins anew, with what the
   * configuration grants it. Its counts go on. Returns what brings back all that was.
   */
  begin(plugin: string, budget?: PluginBudget): () => void {
    const before = this.#plugins.get(plugin)
    this.#make(plugin, budget)
    return () => void (before ? this.#plugins.set(plugin, before) : this.#plugins.delete(plugin))
  }

  /** A pipe as it is to be called for an event. */
  pipe<T extends SupervisedListener>(pipe: T, event: string): T {
    const { budget } = this.of(pipe.plugin)
    const timeout = pipe.timeout ?? budget.timeout
    return this.#listener({ ...pipe, timeout }, { kind: 'pipe', event, timeout: timeout ?? this.parts.pipeTimeout ?? 0 })
  }

  /** A hook as it is to be called for an event. */
  hook<T extends SupervisedListener>(hook: T, event: string): T {
    return this.#listener(hook, { kind: 'hook', event, timeout: hook.budget?.timeout ?? this.of(hook.plugin).budget.timeout ?? 0 })
  }

  /** An action as it is to be called; its name in errors is `controller:action`. */
  action<R>(callee: Callee, name: string, handler: (request: R) => unknown): (request: R) => unknown {
    if (callee.plugin === this.parts.host) return handler
    const plugin = this.of(callee.plugin)
    const { timeout = 0 } = plugin.budget
    const subject = { kind: 'action' as const, event: name }
    const meter = this.#meterOf({ plugin: callee.plugin, kind: 'action', name, event: name, listener: callee.listener }, 0)
    const { handler: traced } = this.#traced({ ...callee, name, handler: handler as Envelope['handler'] }, 'action', name)
    const call = timeout > 0 || plugin.needsEnvelope()
      ? new Envelope({ subject, callee, handler: traced, state: plugin.stateOf(callee.listener, {}, timeout), meter, tools: this.#tools }).call
      : countCalls(traced, callee, meter)
    return (request) => {
      if (!plugin.quarantine) return call(request)
      const refusal = supervisionErrors.quarantined(callee.plugin, name, plugin.quarantine.reason)
      meter.skip(refusal)
      throw refusal
    }
  }

  /**
   * What is called for no event and no request, as it is to be called: always
   * within its budget, counted, tapped and traced. It may be kept and called
   * for as long as one likes.
   *
   * @param subject - Its `timeout` counts where neither the listener nor its plugin has one.
   * @throws (when called) what the plugin throws, blamed on it; `plugin.runtime.call_timeout`, `.breaker_open`, `.too_many_calls`, `.quarantined`
   */
  guard(given: SupervisedListener, { kind, event, timeout: standard }: GuardedSubject): SupervisedListener['handler'] {
    const { plugin, name, listener, budget = {}, warnTime = 0 } = given
    const meter = this.#meterOf({ plugin, kind, name, event, listener }, warnTime)
    let envelope: Envelope | undefined
    return (...payload) => {
      const supervision = this.of(plugin)
      const state = supervision.stateOf(listener, budget, budget.timeout ?? supervision.budget.timeout ?? standard)
      // Another state is a new beginning: the plugin was loaded anew, or let out of quarantine.
      if (envelope?.state !== state) {
        const { handler, ...callee } = this.#traced(given, kind, event)
        envelope = new Envelope({ subject: { kind, event }, callee, handler, state, meter, tools: this.#tools })
      }
      const { quarantine } = supervision
      return quarantine ? envelope.refuse(payload, supervisionErrors.quarantined(plugin, event, quarantine.reason)) : envelope.call(...payload)
    }
  }

  /** What is known of a plugin. */
  of(plugin: string): PluginSupervision {
    return this.#plugins.get(plugin) ?? this.#make(plugin)
  }

  #make(plugin: string, granted?: PluginBudget): PluginSupervision {
    const budget = { quarantineAfter: this.parts.quarantineAfter, ...granted }
    const made: PluginSupervision = new PluginSupervision(budget, this.#tools.clock, (listener, state) => this.#onBreaker(plugin, made, { listener, state }))
    this.#plugins.set(plugin, made)
    return made
  }

  /** Takes note that an isolated plugin went down for the n-th time in a row; `true` when that puts it into quarantine. */
  crashed(plugin: string, times: number, reason: string): boolean {
    const { quarantineAfter = 0 } = this.of(plugin).budget
    if (quarantineAfter === 0 || times < quarantineAfter) return false
    this.quarantine(plugin, `it went down ${times} times in a row, at last because ${reason}`)
    return true
  }

  /** Calls a plugin no longer: 503 for its actions and pipes, and its hooks are not told, until it is {@link resume}d. */
  quarantine(plugin: string, reason: string): void {
    this.of(plugin).quarantine = { reason, since: Date.now() }
    this.parts.logger.error(`Plugin "${plugin}" is put into quarantine: ${reason}. Once that is mended, "mortise plugins resume ${plugin}" lets it out.`)
    this.#changed(plugin)
  }

  /** Lets a plugin out of quarantine; yields what held it, or `undefined` when nothing did. */
  resume(plugin: string): Quarantine | undefined {
    const supervision = this.of(plugin)
    const { quarantine } = supervision
    if (!quarantine) return undefined
    supervision.resume()
    this.parts.logger.warn(`Plugin "${plugin}" is out of quarantine.`)
    this.#changed(plugin)
    return quarantine
  }

  /** Calls `listener` with a plugin's name whenever it comes into quarantine or out of it; returns what stops that. */
  onChange(listener: (plugin: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #listener<T extends SupervisedListener>(given: T, { kind, event, timeout }: { kind: 'pipe' | 'hook'; event: string; timeout: number }): T {
    const { around } = this.parts
    const listener = this.#traced(around ? { ...given, handler: around(given, { kind, event }) } : given, kind, event)
    const { plugin, name, budget, handler, warnTime } = listener
    const supervision = this.of(plugin)
    const meter = this.#meterOf({ plugin, kind, name, event, listener: listener.listener }, warnTime)
    const isPlain = !supervision.quarantine && !supervision.needsEnvelope(budget) && (kind === 'pipe' || timeout === 0)
    if (isPlain) return { ...listener, meter }
    const state = supervision.stateOf(listener.listener, budget ?? {}, timeout)
    const envelope = new Envelope({ subject: { kind, event }, callee: listener, handler, state, meter, tools: this.#tools })
    const { quarantine } = supervision
    const call = quarantine
      ? (...payload: unknown[]) => envelope.refuse(payload, supervisionErrors.quarantined(plugin, event, quarantine.reason))
      : envelope.call
    return { ...listener, handler: call, timeout, keepsTime: true, budget: supervision.budgetOf(budget) }
  }

  /** The listener itself, unless somebody collects spans. */
  #traced<T extends SupervisedListener>(listener: T, kind: CallKind, event: string): T {
    const tracer = findTracer()
    if (!tracer) return listener
    const attributes = { 'mortise.plugin': listener.plugin, 'mortise.listener': listener.name, 'mortise.event': event }
    return { ...listener, handler: traceCalls(tracer, { name: `${kind} ${event}`, attributes, joinChain: this.parts.joinChain }, listener.handler) }
  }

  #meterOf(subject: MeterSubject, slowAfter = this.parts.slowAfter ?? 0): Meter {
    const key = `${subject.plugin} ${subject.event} ${subject.listener}`
    const known = this.#meters.get(key)
    if (known) return known
    const meter = new Meter(subject, { tap: this.tap, slowAfter, onSlow: this.#onSlow })
    this.#meters.set(key, meter)
    return meter
  }

  readonly #onSlow = (meter: Meter, milliseconds: number): void => {
    const { plugin, event, listener } = meter.subject
    const took = (time: number): string => time.toFixed(time < 10 ? 1 : 0)
    this.#tools.log.warn(`slow ${plugin} ${event} ${listener}`, () =>
      `Plugin "${plugin}" took ${took(milliseconds)} ms for "${event}" (${listener}); 99 of 100 of its ${meter.calls} calls took at most ${took(meter.quantile(0.99))} ms (p99).`)
  }

  #onBreaker(plugin: string, supervision: PluginSupervision, { listener, state }: { listener: string; state: 'open' | 'closed' }): void {
    const { logger } = this.parts
    if (state === 'closed') {
      supervision.openings = 0
      return logger.warn(`Plugin "${plugin}" is well again: the breaker of ${listener} has closed.`)
    }
    const openings = ++supervision.openings
    logger.error(`Plugin "${plugin}" keeps failing: the breaker of ${listener} has opened.`)
    const { quarantineAfter = 0 } = supervision.budget
    if (quarantineAfter > 0 && openings >= quarantineAfter) this.quarantine(plugin, `its breakers opened ${openings} times in a row, at last that of ${listener}`)
  }

  #changed(plugin: string): void {
    for (const listener of this.#listeners) listener(plugin)
  }
}
