import type { ApiError } from '@mortise/sdk'
import type { CallKind, Outcome, Tap } from './tap.js'

/** Which calls a meter counts. */
export interface MeterSubject {
  readonly plugin: string
  readonly kind: CallKind
  /** Where the listener is written, such as `CreatedAt.stamp`. */
  readonly name: string
  /** The event it was called for, never a pattern. */
  readonly event: string
  /** Words that tell the listener from others, wherever it is called: `pipe CreatedAt.stamp on pattern "document:*"`. */
  readonly listener: string
}

/** Durations are counted in buckets, four to a doubling, from a microsecond to a minute: a quantile is off by a fifth at most. */
const BUCKETS = 104
const bucketOf = (milliseconds: number): number => Math.max(0, Math.min(BUCKETS - 1, Math.ceil((Math.log2(milliseconds) + 10) * 4)))
const endOf = (bucket: number): number => 2 ** (bucket / 4 - 10)

/** What a meter tells of calls. */
export interface MeterParts {
  readonly tap: Tap
  /** Milliseconds after which a call is slow; 0 for never. */
  readonly slowAfter: number
  readonly onSlow: (meter: Meter, milliseconds: number) => void
}

/** Counts the calls of one listener for one event. */
export class Meter {
  readonly counts: Record<Outcome, number> = { ok: 0, refused: 0, failed: 0, skipped: 0 }
  /** Milliseconds of all calls together. */
  total = 0
  /** Of no call less than the shortest that can be told. */
  #longest = endOf(0)
  #buckets: Uint32Array | undefined

  constructor(readonly subject: MeterSubject, private readonly parts: MeterParts) {}

  /** Calls that were made. */
  get calls(): number {
    return this.counts.ok + this.counts.refused + this.counts.failed
  }

  /** Counts a call that took so many milliseconds, and what it threw. */
  end(milliseconds: number, error?: ApiError): void {
    const outcome = error === undefined ? 'ok' : isFailure(error) ? 'failed' : 'refused'
    this.counts[outcome]++
    this.total += milliseconds
    if (milliseconds > this.#longest) this.#longest = milliseconds
    this.#buckets ??= new Uint32Array(BUCKETS)
    this.#buckets[bucketOf(milliseconds)]!++
    const { tap, slowAfter, onSlow } = this.parts
    if (slowAfter > 0 && milliseconds > slowAfter) onSlow(this, milliseconds)
    if (tap.isOn) this.#tell(outcome, milliseconds, error)
  }

  /** Counts a call that was not made. */
  skip(reason: ApiError): void {
    this.counts.skipped++
    if (this.parts.tap.isOn) this.#tell('skipped', 0, reason)
  }

  /** The milliseconds that a share of calls stayed within, such as 0.99; 0 when there were none. */
  quantile(share: number): number {
    let left = this.calls * share
    for (const [bucket, count] of (this.#buckets ?? []).entries()) {
      left -= count
      if (count > 0 && left <= 0) return Math.min(endOf(bucket), this.#longest)
    }
    return 0
  }

  #tell(outcome: Outcome, milliseconds: number, error: ApiError | undefined): void {
    const { plugin, kind, name, event } = this.subject
    this.parts.tap.tell({ time: Date.now(), event, kind, plugin, listener: name, milliseconds, outcome, ...(error && { error: error.message }) })
  }
}

/** Whether an error says that something broke, and not that a request was refused for a reason. */
export const isFailure = ({ status }: ApiError): boolean => status >= 500
