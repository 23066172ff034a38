import { createId } from '@mortise/sdk'
import { entitiesOf } from './entity-keys.js'

/** Everything that comes of one call. */
export class Chain {
  /** Calls that have not been answered. */
  underWay = 0

  constructor(readonly id: string = createId()) {}
}

/** A step of a chain as it crosses into another thread, process or time. */
interface PackedStep {
  readonly name: string
  /** Absent for calls. */
  readonly entities?: readonly string[]
}

/** Where in a chain something happens, made of what can be cloned and written as JSON. */
export interface PackedCause {
  readonly chain: string
  /** From the first to the last. */
  readonly steps: readonly PackedStep[]
}

/**
 * One step of a chain: a call of an action, an event that a plugin triggers,
 * or a listener that was called. Chains are made only when something follows:
 * most listeners cause nothing.
 */
export class Cause {
  #chain: Chain | undefined
  #entities: readonly string[] | undefined
  #heard: { readonly event: string; readonly payload: readonly unknown[] } | undefined
  /** How many calls led here. */
  readonly depth: number

  private constructor(readonly parent: Cause | undefined, readonly name: string, readonly isListener: boolean) {
    this.#chain = parent?.chain
    this.depth = (parent?.depth ?? 0) + (isListener ? 0 : 1)
  }

  /** An action that is called, or an event that is triggered. */
  static call(parent: Cause | undefined, name: string): Cause {
    return new Cause(parent, name, false)
  }

  /**
   * A listener that is called with a payload, under the event or pattern it is registered under.
   *
   * @param begun - The chain of what nothing led to; one of its own when absent.
   */
  static listener(parent: Cause | undefined, { name, event }: { name: string; event: string }, payload: readonly unknown[], begun?: Chain): Cause {
    const cause = new Cause(parent, name, true)
    cause.#chain ??= begun
    cause.#heard = { event, payload }
    return cause
  }

  static unpack({ steps }: PackedCause, chain: Chain): Cause | undefined {
    return steps.reduce<Cause | undefined>((parent, { name, entities }) => {
      const cause = new Cause(parent, name, entities !== undefined)
      cause.#chain = chain
      cause.#entities = entities
      return cause
    }, undefined)
  }

  get chain(): Chain {
    return (this.#chain ??= new Chain())
  }

  /** What a listener hears of what, as its payload said when this was first asked; empty for calls. */
  get entities(): readonly string[] {
    if (this.#entities) return this.#entities
    const { event = '', payload = [] } = this.#heard ?? {}
    this.#heard = undefined
    return (this.#entities = this.isListener ? entitiesOf(payload).map((entity) => `${event} ${entity}`) : [])
  }

  /** The call of the same listener, for the same event and entity, that led to this one. */
  get origin(): Cause | undefined {
    for (let cause = this.parent; cause; cause = cause.parent) {
      if (cause.isListener && cause.name === this.name && cause.entities.some((entity) => this.entities.includes(entity))) return cause
    }
    return undefined
  }

  /** The names of all steps, the first one first. */
  get way(): readonly string[] {
    return [...(this.parent?.way ?? []), this.name]
  }

  pack(): PackedCause {
    const steps: PackedStep[] = []
    for (let cause: Cause | undefined = this; cause; cause = cause.parent) {
      steps.unshift(cause.isListener ? { name: cause.name, entities: cause.entities } : { name: cause.name })
    }
    return { chain: this.chain.id, steps }
  }
}
