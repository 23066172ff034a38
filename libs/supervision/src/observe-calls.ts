import type { BatchObservableCallback, Observable } from '@opentelemetry/api'
import { reportCalls, type ListenerCalls } from './call-report.js'
import { findOpenTelemetry } from './open-telemetry.js'
import type { Supervisor } from './supervisor.js'
import { SCOPE } from './tracing.js'

/** How open a breaker is, as a number. */
const BREAKER = { closed: 0, 'half-open': 1, open: 2 } as const

/**
 * Shows counts and durations to whoever collects metrics by OpenTelemetry:
 * they are read when that is done, and calls cost nothing more. Returns what
 * ends it. A meter provider is to be registered before.
 */
export function observeCalls(supervisor: Supervisor): () => void {
  const meter = findOpenTelemetry()?.metrics.getMeter(SCOPE)
  if (!meter) return () => undefined
  const calls = meter.createObservableCounter('mortise.listener.calls', { description: 'Calls of listeners, by how they ended' })
  const duration = meter.createObservableCounter('mortise.listener.duration', { unit: 's', description: 'Time that listeners took, all calls together' })
  const p99 = meter.createObservableGauge('mortise.listener.duration.p99', { unit: 's', description: 'What 99 of 100 calls stayed within' })
  const breaker = meter.createObservableGauge('mortise.listener.breaker', { description: '0 closed, 1 half-open, 2 open' })
  const waiting = meter.createObservableGauge('mortise.listener.waiting', { description: 'Calls that wait for their turn' })
  const quarantined = meter.createObservableGauge('mortise.plugin.quarantined', { description: 'Whether a plugin is in quarantine' })
  const all: Observable[] = [calls, duration, p99, breaker, waiting, quarantined]
  const read: BatchObservableCallback = (result) => {
    for (const { plugin, quarantine, listeners } of reportCalls(supervisor)) {
      result.observe(quarantined, quarantine ? 1 : 0, { plugin })
      for (const listener of listeners) {
        const attributes = { plugin, kind: listener.kind, listener: listener.listener, event: listener.event }
        for (const [outcome, count] of outcomesOf(listener)) result.observe(calls, count, { ...attributes, outcome })
        result.observe(duration, listener.total / 1000, attributes)
        result.observe(p99, listener.p99 / 1000, attributes)
        if (listener.breaker) result.observe(breaker, BREAKER[listener.breaker], attributes)
        if (listener.waiting !== undefined) result.observe(waiting, listener.waiting, attributes)
      }
    }
  }
  meter.addBatchObservableCallback(read, all)
  return () => meter.removeBatchObservableCallback(read, all)
}

const outcomesOf = ({ calls, refused, failed, skipped }: ListenerCalls): [string, number][] =>
  [['ok', calls - refused - failed], ['refused', refused], ['failed', failed], ['skipped', skipped]]
