import type { EventBus } from '@app/registry'
import type { Gate } from '@app/security'
import { refuse } from './authenticate.js'
import type { Passage, Step } from '../passage.js'

/**
 * Checks that whoever asks may, tells `request:onAuthorized`, then that they
 * do not ask too often.
 *
 * @throws `security.rights.unauthorized` (401), `security.rights.forbidden` (403) or `api.process.too_many_requests` (429).
 */
export const authorize = (gate: Gate, bus: EventBus): Step => (passage) => {
  const { identity, request, manner } = passage
  if (!manner.rights || !identity) return
  let pending: void | Promise<void>
  try {
    pending = gate.authorize(request, identity)
  } catch (error) {
    return deny(passage, bus, error)
  }
  if (pending) return pending.then(() => welcome(passage, gate, bus), (error: unknown) => deny(passage, bus, error))
  return welcome(passage, gate, bus)
}

function welcome(passage: Passage, gate: Gate, bus: EventBus): void | Promise<void> {
  const chain = passage.plan.onAuthorized
  if (!chain || !passage.manner.events) return limit(passage, gate)
  return bus.run(chain, [passage.request]).then((request) => {
    passage.replace(request)
    return limit(passage, gate)
  })
}

function limit({ request, identity, manner }: Passage, gate: Gate): void | Promise<void> {
  return manner.limits && identity ? gate.limit(request, identity) : undefined
}

function deny(passage: Passage, bus: EventBus, reason: unknown): Promise<never> {
  if (reason instanceof Error) passage.request.setError(reason)
  return refuse(passage, bus, reason)
}
