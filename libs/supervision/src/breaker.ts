import type { BreakerOptions } from '@mortise/sdk'

/** `half-open`: one call is under way, to see whether the others may follow. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** Under what state a call was let through; to be handed back when it ends. */
export type Admission = 'closed' | 'probe'

/** What a breaker is made from. */
export interface BreakerParts extends BreakerOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number
  /** Told of each opening, and of the closing after it. */
  readonly onChange: (state: 'open' | 'closed') => void
}

const PROBE_AFTER = 30_000

/**
 * Stops calls to what keeps failing. It opens after so many failures in a
 * row; after a while one call is let through as a probe, whose end closes it
 * or keeps it open for as long again.
 */
export class Breaker {
  #state: BreakerState = 'closed'
  #failures = 0
  /** When it opened or, half-open, when the probe began. */
  #since = 0
  readonly #probeAfter: number

  constructor(private readonly parts: BreakerParts) {
    this.#probeAfter = parts.probeAfter ?? PROBE_AFTER
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Whether a call would be refused now. */
  get isRefusing(): boolean {
    return this.#state !== 'closed' && !this.#isDue
  }

  /** Lets a call through, or says `false`. Each that is let through must be {@link settle}d. */
  admit(): Admission | false {
    if (this.#state === 'closed') return 'closed'
    // A probe that does not end, of a listener without a time limit, is followed by another.
    if (!this.#isDue) return false
    this.#enter('half-open')
    return 'probe'
  }

  /** Takes note of how a call ended. One that began before the breaker opened changes nothing any more. */
  settle(admission: Admission, hasFailed: boolean): void {
    if (admission === 'closed' && this.#state !== 'closed') return
    if (!hasFailed) return this.#succeed()
    this.#failures++
    if (admission === 'closed' && this.#failures < this.parts.failures) return
    this.#enter('open')
    this.parts.onChange('open')
  }

  #succeed(): void {
    this.#failures = 0
    if (this.#state === 'closed') return
    this.#enter('closed')
    this.parts.onChange('closed')
  }

  #enter(state: BreakerState): void {
    this.#state = state
    this.#since = this.parts.clock()
  }

  get #isDue(): boolean {
    return this.parts.clock() - this.#since >= this.#probeAfter
  }
}
