import type { Quarantine } from './plugin-supervision.js'
import type { Supervisor } from './supervisor.js'
import type { CallKind } from './tap.js'

/** What one listener has done for one event since the host started. Times in milliseconds. */
export interface ListenerCalls {
  readonly kind: CallKind
  /** Where it is written, such as `CreatedAt.stamp`. */
  readonly listener: string
  readonly event: string
  /** Calls that were made; of these, those that were refused by an error below 500, and those that failed. */
  readonly calls: number
  readonly refused: number
  readonly failed: number
  /** Calls that were not made: no room, an open breaker, quarantine. */
  readonly skipped: number
  /** All calls together; the median; what 99 of 100 stayed within. */
  readonly total: number
  readonly p50: number
  readonly p99: number
  /** Absent without a breaker. */
  readonly breaker?: 'closed' | 'open' | 'half-open'
  /** Calls under way and waiting, of all events together; absent without a limit. */
  readonly running?: number
  readonly waiting?: number
}

/** What the calls of one plugin come to. */
export interface PluginCalls {
  readonly plugin: string
  readonly quarantine?: Quarantine
  /** Calls under way and waiting in the line of the whole plugin; absent without one. */
  readonly running?: number
  readonly waiting?: number
  readonly listeners: readonly ListenerCalls[]
}

/** Everything that was called, or skipped, by plugin; and every plugin in quarantine. */
export function reportCalls(supervisor: Supervisor): PluginCalls[] {
  const meters = supervisor.meters.filter(({ calls, counts }) => calls + counts.skipped > 0)
  const names = new Set([...meters.map(({ subject }) => subject.plugin), ...supervisor.quarantined.keys()])
  return [...names].sort().map((plugin) => {
    const supervision = supervisor.of(plugin)
    const listeners = meters.filter(({ subject }) => subject.plugin === plugin).map((meter): ListenerCalls => {
      const { subject: { kind, name, event, listener }, calls, counts: { refused, failed, skipped }, total } = meter
      const { breaker, load } = supervision.look(listener)
      return { kind, listener: name, event, calls, refused, failed, skipped, total, p50: meter.quantile(0.5), p99: meter.quantile(0.99), breaker, ...load }
    })
    return { plugin, quarantine: supervision.quarantine, ...supervision.load, listeners }
  })
}
