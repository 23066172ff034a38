import type { ListenerBudget, OnFailure } from '@mortise/sdk'
import { Breaker, type BreakerState } from './breaker.js'
import type { CallState } from './call-frame.js'
import { Slots } from './slots.js'
import { Turns } from './turns.js'

/**
 * `plugins.<name>.budget` of the configuration. `concurrency` and `queue` hold
 * for all calls of the plugin together; the rest for each of its listeners
 * and actions that does not say otherwise itself.
 */
export interface PluginBudget extends ListenerBudget {
  readonly onFailure?: OnFailure
  /** Openings of breakers, or crashes, in a row after which the plugin is put into quarantine; 0 for never. */
  readonly quarantineAfter?: number
}

/** A budget as a listener declares it. */
export type CallBudget = ListenerBudget & { readonly onFailure?: OnFailure }

/** Why a plugin is no longer called, and since when: milliseconds since the epoch. */
export interface Quarantine {
  readonly reason: string
  readonly since: number
}

/** What happens to the breakers of a plugin. */
export type OnBreaker = (listener: string, state: 'open' | 'closed') => void

/** What is known of one plugin: its budget, its lines, its breakers, its quarantine. */
export class PluginSupervision {
  quarantine: Quarantine | undefined
  /** Openings of breakers since one has last closed. */
  openings = 0
  readonly #shared: Slots | undefined
  readonly #states = new Map<string, CallState & { readonly own: Slots | undefined }>()

  constructor(readonly budget: PluginBudget, private readonly clock: () => number, private readonly onBreaker: OnBreaker) {
    this.#shared = slotsOf(budget)
  }

  /** A listener's budget with what it leaves to the plugin's; the lines stay apart. */
  budgetOf(own: CallBudget = {}): CallBudget {
    const { timeout, breaker, onFailure } = this.budget
    return defined({ timeout, breaker, onFailure, ...defined(own) })
  }

  /** Whether calls have to be watched: without a budget, of the plugin or their own, they need not be. */
  needsEnvelope(own: CallBudget = {}): boolean {
    const { breaker, onFailure } = this.budgetOf(own)
    return Boolean(this.#shared ?? own.concurrency ?? breaker) || onFailure === 'fail-open'
  }

  /** The state of one listener or action, by words that tell it from others; made when it is first asked for. */
  stateOf(listener: string, own: CallBudget, timeout: number): CallState {
    const known = this.#states.get(listener)
    if (known) return known
    const { breaker, onFailure } = this.budgetOf(own)
    const slots = slotsOf(own)
    const state = {
      timeout,
      own: slots,
      turns: new Turns(slots, this.#shared),
      breaker: breaker && new Breaker({ ...breaker, clock: this.clock, onChange: (now) => this.onBreaker(listener, now) }),
      isFailOpen: onFailure === 'fail-open',
    }
    this.#states.set(listener, state)
    return state
  }

  /** Whether a call of this listener would be refused before its turn comes: the plugin is in quarantine, or the breaker is open. */
  isRefusing(listener: string): boolean {
    return this.quarantine !== undefined || this.#states.get(listener)?.breaker?.isRefusing === true
  }

  /** Calls that all listeners and actions together make and wait for; absent without a limit. */
  get load(): { running: number; waiting: number } | undefined {
    return loadOf(this.#shared)
  }

  /** What is under way at one listener. */
  look(listener: string): { breaker?: BreakerState; load?: { running: number; waiting: number } } {
    const state = this.#states.get(listener)
    return { breaker: state?.breaker?.state, load: loadOf(state?.own) }
  }

  /** Begins anew: breakers closed, out of quarantine. Calls under way end in the lines that they began in. */
  resume(): void {
    this.quarantine = undefined
    this.openings = 0
    this.#states.clear()
  }
}

const slotsOf = ({ concurrency = 0, queue = 0 }: ListenerBudget): Slots | undefined => (concurrency > 0 ? new Slots(concurrency, queue) : undefined)

const loadOf = (slots: Slots | undefined): { running: number; waiting: number } | undefined =>
  slots && { running: slots.taken, waiting: slots.waiting }

/** What is set: keys that are absent leave the plugin's own. */
const defined = (budget: CallBudget): CallBudget => Object.fromEntries(Object.entries(budget).filter(([, value]) => value !== undefined))
