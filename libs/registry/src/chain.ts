import { orderListeners } from '@app/ordering'
import { isPattern, patternsOf } from './event-pattern.js'
import type { HookDefinition, PipeDefinition } from './plugin-definition.js'
import type { Callee, Meter } from '@app/supervision'

/** A listener in place: whose it is, and what counts its calls where somebody does. */
interface InPlace extends Callee { readonly meter?: Meter; readonly keepsTime?: boolean }
export interface ChainedHook extends HookDefinition, InPlace {}
export interface ChainedPipe extends PipeDefinition, InPlace {}

/** Everything that listens to one event, in the order it is called. Compiled once, until plugins change. */
export interface Chain {
  readonly event: string
  readonly pipes: readonly ChainedPipe[]
  readonly hooks: readonly ChainedHook[]
}

/** Listeners by the event or pattern they were registered under, each in load order. */
export class ListenerTable<T extends ChainedHook | ChainedPipe> {
  readonly #byEvent = new Map<string, T[]>()

  add(listener: T): void {
    const known = this.#byEvent.get(listener.event)
    if (known) known.push(listener)
    else this.#byEvent.set(listener.event, [listener])
  }

  remove(listener: T): void {
    const left = (this.#byEvent.get(listener.event) ?? []).filter((other) => other !== listener)
    if (left.length > 0) this.#byEvent.set(listener.event, left)
    else this.#byEvent.delete(listener.event)
  }

  /** Those that hear `event`, in calling order. @param rank - Where in load order a plugin stands. @throws OrderCycle */
  listenersOf(event: string, rank: (plugin: string) => number): readonly T[] {
    const inOrder = (listeners: readonly T[]): readonly T[] => listeners.toSorted((one, other) => rank(one.plugin) - rank(other.plugin))
    const found = patternsOf(event).flatMap((pattern) => inOrder(this.#byEvent.get(pattern) ?? []))
    return orderListeners([...new Set(found)])
  }

  get events(): readonly string[] {
    return [...this.#byEvent.keys()]
  }
}

/** Words for a listener in errors and logs. */
export const describeListener = (kind: 'pipe' | 'hook', { name, event }: { name: string; event: string }): string =>
  `${kind} ${name} on ${isPattern(event) ? 'pattern ' : ''}"${event}"`
