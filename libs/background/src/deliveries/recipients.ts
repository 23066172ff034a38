import type { Registry } from '@app/registry'
import type { Supervisor } from '@app/supervision'
import { durableHooksOf, type DurableHook } from './durable-hooks.js'

/** Documents whose deliveries go out at once, to all listeners together. */
export const MOST_LANES = 64

/** A durable hook as deliveries reach it. */
export interface Recipient extends DurableHook {
  /** Makes a call of it within its budget, which all its events share. @throws what `Supervisor.guard` does */
  readonly within: (call: () => unknown) => unknown
  /** Whether a call would be refused now: it is in quarantine, or its breaker is open. */
  readonly isRefusing: () => boolean
}

/** The durable hooks of everybody who is registered; `timeout` holds for those whose budget and plugin have none. */
export const recipientsOf = (registry: Registry, supervisor: Supervisor, timeout: number): Recipient[] => durableHooksOf(registry).map((hook) => {
  const { plugin, translate, listener, method, event } = hook
  // What comes from the outbox may always wait: there are never more lanes than these.
  const budget = { ...hook.budget, queue: Math.max(hook.budget?.queue ?? 0, MOST_LANES) }
  return {
    ...hook,
    within: supervisor.guard({ plugin, translate, listener, budget, name: method, handler: makeCall }, { kind: 'delivery', event, timeout }),
    isRefusing: () => supervisor.of(plugin).isRefusing(listener),
  }
})

const makeCall = (call: unknown): unknown => (call as () => unknown)()
