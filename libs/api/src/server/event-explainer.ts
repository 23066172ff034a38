import { createError, Injectable, type Phase } from '@mortise/sdk'
import { explainOrder, nameOf, phaseOf } from '@app/ordering'
import { emittedEvents, isPattern, patternsOf, Registry, type ChainedHook, type ChainedPipe } from '@app/registry'
import type { CallBudget } from '@app/supervision'
import { closest } from 'fastest-levenshtein'
import { Host } from '../ports/host.js'

/** A listener of an event. Times in milliseconds, 0 for no limit. */
export interface ExplainedListener {
  /** A durable hook is told from the store, once the change is there, and not in the order of the others. */
  readonly kind: 'pipe' | 'hook' | 'durable hook'
  /** What `before` and `after` of others call it. */
  readonly listener: string
  readonly plugin: string
  /** Class and method, or the name it was given. */
  readonly place: string
  /** The event or pattern it was registered under. */
  readonly event: string
  readonly phase: Phase
  readonly runs: 'inline' | 'thread' | 'process'
  /** Absent for hooks, which nobody waits for. */
  readonly timeout?: number
  /** What else it may take; absent without a budget. */
  readonly budget?: CallBudget
  readonly where?: Readonly<Record<string, unknown>>
  /** Whether it may be called for what it is at work on. */
  readonly reentrant?: true
  /** Why it stands where it does. */
  readonly why: readonly string[]
}

/** What happens when an event is emitted: pipes, then hooks, each in calling order. */
export interface ExplainedEvent {
  readonly event: string
  readonly listeners: readonly ExplainedListener[]
}

/** Tells who listens to an event, in which order, where and why. */
@Injectable()
export class EventExplainer {
  constructor(private readonly registry: Registry, private readonly host: Host) {}

  /** @throws `api.assert.invalid_argument` for an event that nothing emits, with the nearest that something does. */
  explain(event: string): ExplainedEvent {
    this.#requireEmitted(event)
    const { pipes = [], hooks = [] } = this.registry.chainOf(event) ?? {}
    return { event, listeners: [...this.#describe('pipe', pipes), ...this.#describe('hook', hooks), ...this.#describe('durable hook', this.#durable(event))] }
  }

  #requireEmitted(event: string): void {
    const known = emittedEvents(this.registry)
    if (isPattern(event) || event.startsWith('plugin-') || known.has(event)) return
    throw createError('api.assert.invalid_argument', 'event', `the name of an event. Nothing emits "${event}"; did you mean "${closest(event, [...known])}"?`)
  }

  #durable(event: string): readonly ChainedHook[] {
    return this.registry.plugins.flatMap(({ name: plugin, hooks }) =>
      hooks.filter((hook) => hook.durable && patternsOf(event).includes(hook.event)).map((hook) => ({ ...hook, plugin, listener: hook.name })))
  }

  #describe(kind: ExplainedListener['kind'], listeners: readonly (ChainedPipe | ChainedHook)[]): ExplainedListener[] {
    const why = explainOrder(listeners)
    return listeners.map((listener, at) => ({
      kind,
      listener: nameOf(listener),
      plugin: listener.plugin,
      place: listener.name,
      event: listener.event,
      phase: phaseOf(listener),
      runs: this.#placeOf(listener.plugin),
      ...(kind === 'pipe' && { timeout: (listener as ChainedPipe).timeout ?? this.#pipeTimeout }),
      ...(listener.keepsTime && { budget: listener.budget }),
      ...(listener.where && { where: listener.where }),
      ...(listener.reentrant && { reentrant: true }),
      why: kind === 'durable hook' ? ['told once the change is stored'] : why[at] ?? [],
    }))
  }

  #placeOf(plugin: string): ExplainedListener['runs'] {
    const { isolation = 'inline' } = this.registry.plugins.find(({ name }) => name === plugin)?.details ?? {}
    return isolation as ExplainedListener['runs']
  }

  get #pipeTimeout(): number | undefined {
    const { plugins } = this.host.configuration() as { plugins?: { common?: { pipeTimeout?: number } } }
    return plugins?.common?.pipeTimeout
  }
}
