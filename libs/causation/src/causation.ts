import { AsyncLocalStorage } from 'node:async_hooks'
import { causationErrors } from './causation.errors.js'
import { Cause, Chain, type PackedCause } from './cause.js'

/** How far one call may lead; 0 for no limit. */
export interface CausationLimits {
  /** Calls with events, one caused by the other. */
  readonly depth: number
  /** Calls with events that come of one, under way at once. */
  readonly fanOut: number
}

/** A listener whose calls are followed. */
export interface FollowedListener {
  /** As errors name it: `plugin created-at.stamp`. */
  readonly name: string
  /** The event or pattern it was registered under. */
  readonly event: string
  /** Whether it may be called for what it is at work on already. */
  readonly isReentrant: boolean
  /** Whether its filter lets the payload through; asked only of one that would be refused. */
  readonly hears: (payload: readonly unknown[]) => boolean
}

type Handler = (...payload: unknown[]) => unknown

/**
 * Knows what led to what: from a listener over the calls it makes to the
 * listeners of those. Nothing is kept for what leads nowhere, and nothing is
 * asked of requests in which no followed listener is called.
 */
export class Causation {
  readonly #here = new AsyncLocalStorage<Cause | undefined>()
  readonly #crossed = new Map<string, WeakRef<Chain>>()
  /** The chain that the listener which is being called begins, when somebody has asked for its id beforehand. */
  #begun: Chain | undefined
  readonly #ended = new FinalizationRegistry<string>((id) => this.#crossed.delete(id))

  constructor(private readonly limits: CausationLimits = { depth: 16, fanOut: 1_000 }) {}

  /**
   * Runs a call that tells events, as caused by whoever makes it. `name` is
   * that of the action or event.
   *
   * @throws (as rejection) `plugin.runtime.chain_too_deep`, `plugin.runtime.chain_too_wide`; then nothing was run.
   */
  async follow<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    const cause = this.#next(name)
    const { fanOut } = this.limits
    const { chain } = cause
    if (fanOut > 0 && chain.underWay >= fanOut) throw explained(causationErrors.chain_too_wide(draw(cause), fanOut), 'limits.causationFanOut')
    chain.underWay++
    try {
      return await this.#here.run(cause, run)
    } finally {
      chain.underWay--
    }
  }

  /**
   * Makes a call at once, as caused by whatever led here, however many others are under way.
   *
   * @throws `plugin.runtime.chain_too_deep`; then nothing was run.
   */
  step<T>(name: string, run: () => T): T {
    return this.#here.run(this.#next(name), run)
  }

  #next(name: string): Cause {
    const parent = this.#here.getStore()
    const cause = Cause.call(parent, name)
    // Read before it changes what it is at work on.
    if (parent?.isListener) void parent.entities
    const { depth } = this.limits
    if (depth > 0 && cause.depth > depth) throw explained(causationErrors.chain_too_deep(draw(cause), depth), 'limits.causationDepth')
    return cause
  }

  /**
   * Makes calls of a listener steps of the chain, and refuses those that it
   * caused itself for the entity it is at work on.
   *
   * @throws (when called) `plugin.runtime.listener_loop`
   */
  guard(listener: FollowedListener, handler: Handler): Handler {
    return (...payload) => {
      const parent = this.#here.getStore()
      const cause = Cause.listener(parent, listener, payload, this.#begun)
      if (parent && !listener.isReentrant) refuseLoop(cause, listener, payload)
      return this.#here.run(cause, handler, ...payload)
    }
  }

  /**
   * Makes a call at once, and hands it the id of the chain that it is part of:
   * the one that led here or, where nothing did, the one that the listener
   * begins that is called in it. Nothing is followed on account of it.
   */
  join<T>(call: (chain: string) => T): T {
    const parent = this.#here.getStore()
    if (parent) return call(parent.chain.id)
    const outer = this.#begun
    this.#begun = new Chain()
    try {
      return call(this.#begun.id)
    } finally {
      this.#begun = outer
    }
  }

  /** Where the chain stands, to go on elsewhere; `undefined` outside of any. */
  pack(): PackedCause | undefined {
    const cause = this.#here.getStore()
    if (!cause) return undefined
    const { chain } = cause
    if (!this.#crossed.has(chain.id)) {
      this.#crossed.set(chain.id, new WeakRef(chain))
      this.#ended.register(chain, chain.id)
    }
    return cause.pack()
  }

  /** Goes on where {@link Causation.pack} left off, and not where it is called. */
  resume<T>(packed: PackedCause | undefined, run: () => T): T {
    if (!packed && !this.#here.getStore()) return run()
    return this.#here.run(packed && Cause.unpack(packed, this.#crossed.get(packed.chain)?.deref() ?? new Chain(packed.chain)), run)
  }
}

function refuseLoop(cause: Cause, { name, event, hears }: FollowedListener, payload: readonly unknown[]): void {
  const { origin } = cause
  if (!origin || !hears(payload)) return
  throw causationErrors.listener_loop(cause.way.slice(origin.way.length - 1).join(' -> '), event)
    .with({ place: name, hint: 'Make the call without events, or give the listener "reentrant: true" if it ends by itself.' })
}

/** The steps since the last one was there before, or all of them. */
function draw({ way }: Cause): string {
  const before = way.lastIndexOf(way.at(-1) as string, -2)
  return way.slice(Math.max(before, 0)).join(' -> ')
}

const explained = <E extends { with(facts: { hint: string }): E }>(error: E, key: string): E =>
  error.with({ hint: `Find out why it never ends; raise ${key} if it does.` })
