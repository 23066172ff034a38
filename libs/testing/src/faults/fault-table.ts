import type { Fault, Faults, FaultTarget } from '@mortise/sdk/testing'
import type { AroundListener, Clock } from '@app/supervision'
import { closest } from 'fastest-levenshtein'
import { readTime } from '../read-time.js'
import { testingErrors } from '../testing.errors.js'
import { delaying, duplicating, failing, killing, reordering, type Holding } from './behaviours.js'
import { PlacedFault, type Behaviour, type ListenerCall } from './placed-fault.js'

/**
 * The faults of one test host. Listeners are wrapped when chains are
 * compiled; as long as there is no fault, a call costs one comparison more.
 */
export class FaultTable implements Faults {
  #placed: readonly PlacedFault[] = []
  readonly #holding = new Map<PlacedFault, Holding>()
  /** The plugins that run, with what ends them where they run by themselves. */
  readonly #plugins = new Map<string, (() => void) | undefined>()

  constructor(private readonly clock: Clock) {}

  /** How many calls are held back. */
  get held(): number {
    return [...this.#holding.values()].reduce((sum, { held }) => sum + held, 0)
  }

  /** Takes note of a plugin that runs; returns what forgets it. */
  know(plugin: string, kill?: () => void): () => void {
    this.#plugins.set(plugin, kill)
    return () => void this.#plugins.delete(plugin)
  }

  /** Puts this table's faults around a listener. */
  readonly around: AroundListener = ({ plugin, name, handler }, { kind, event }) => {
    const call: ListenerCall = { plugin, event, listener: name, isHook: kind === 'hook' }
    return (...payload) => (this.#placed.length === 0 ? handler(...payload) : this.#make(call, () => handler(...payload)))
  }

  delay(target: FaultTarget, time: number | string): Fault {
    return this.#hold(target, delaying(this.clock, readTime(time)))
  }

  fail(target: FaultTarget, error: Error = new Error('The test lets this call fail.')): Fault {
    return this.#place(target, failing(error))
  }

  kill(target: FaultTarget): Fault {
    const { plugin } = target
    if (plugin !== undefined) this.#killerOf(plugin)
    return this.#place(target, killing((name) => this.crash(name), (name) => this.#plugins.get(name) !== undefined))
  }

  duplicate(target: FaultTarget): Fault {
    return this.#place(target, duplicating)
  }

  reorder(target: FaultTarget, { size = 4, within = 50 }: { size?: number; within?: number | string } = {}): Fault {
    return this.#hold(target, reordering(this.clock, { size, within: readTime(within) }))
  }

  crash(plugin: string): void {
    this.#killerOf(plugin)()
  }

  clear(): void {
    for (const fault of this.#placed) fault.remove()
  }

  #make(call: ListenerCall, go: () => unknown): unknown {
    const taking = this.#placed.filter((fault) => fault.takes(call))
    return taking.reduceRight<() => unknown>((next, fault) => () => fault.act(call, next), go)()
  }

  #hold(target: FaultTarget, behaviour: Holding): Fault {
    const fault = this.#place(target, behaviour)
    this.#holding.set(fault, behaviour)
    return fault
  }

  #place(target: FaultTarget, behaviour: Behaviour): PlacedFault {
    if (target.plugin !== undefined && !this.#plugins.has(target.plugin)) throw this.#unknown(target.plugin)
    const fault = new PlacedFault(target, behaviour, () => {
      this.#placed = this.#placed.filter((other) => other !== fault)
      this.#holding.delete(fault)
    })
    this.#placed = [...this.#placed, fault]
    return fault
  }

  #killerOf(plugin: string): () => void {
    if (!this.#plugins.has(plugin)) throw this.#unknown(plugin)
    const kill = this.#plugins.get(plugin)
    if (!kill) throw testingErrors.not_isolated(plugin).with({ hint: `Run it by itself: createTestHost({ isolation: { '${plugin}': 'thread' }, … }).` })
    return kill
  }

  #unknown(plugin: string): Error {
    const known = [...this.#plugins.keys()]
    const error = testingErrors.unknown_plugin(plugin, known.map((name) => `"${name}"`).join(', ') || 'none')
    return known.length === 0 ? error : error.with({ hint: `Did you mean "${closest(plugin, known)}"?` })
  }
}
