import type { Fault, FaultTarget } from '@mortise/sdk/testing'
import { patternsOf } from '@app/registry'

/** A call of a listener that is about to be made. */
export interface ListenerCall {
  readonly plugin: string
  readonly event: string
  /** Where it is written, such as `CreatedAt.stamp`. */
  readonly listener: string
  /** Whether it is told of something, and not asked. */
  readonly isHook: boolean
}

/** What a fault does to calls: `go` makes the call, or what other faults make of it. */
export interface Behaviour {
  act(call: ListenerCall, go: () => unknown): unknown
  /** Whether calls of this kind can be treated so; all can when absent. */
  suits?(call: ListenerCall): boolean
  /** Lets go of what it holds back. */
  end?(): void
}

/** A fault in place. */
export class PlacedFault implements Fault {
  #met = 0

  constructor(private readonly target: FaultTarget, private readonly behaviour: Behaviour, private readonly onRemove: (fault: PlacedFault) => void) {}

  get met(): number {
    return this.#met
  }

  /** Whether the call falls to this fault, which then counts it. */
  takes(call: ListenerCall): boolean {
    const { target: { times = Infinity }, behaviour } = this
    if (this.#met >= times || !this.#isMeant(call) || behaviour.suits?.(call) === false) return false
    this.#met++
    return true
  }

  act(call: ListenerCall, go: () => unknown): unknown {
    return this.behaviour.act(call, go)
  }

  remove(): void {
    this.onRemove(this)
    this.behaviour.end?.()
  }

  #isMeant({ plugin, event, listener }: ListenerCall): boolean {
    const { target } = this
    return (target.plugin ?? plugin) === plugin
      && (target.event === undefined || patternsOf(event).includes(target.event))
      && (target.listener === undefined || target.listener === listener || listener.endsWith(`.${target.listener}`))
  }
}
