import type { EventBus } from '@app/registry'
import type { Gate, Identity } from '@app/security'
import type { Passage, Step } from '../passage.js'

/**
 * Finds out who asks. Inner calls say so themselves, or ask as nobody.
 *
 * @throws `security.token.invalid` and its kin (401), after `request:onUnauthorized` was told.
 */
export const authenticate = (gate: Gate, bus: EventBus): Step => (passage) => {
  if (!passage.manner.limits) return identifyInner(passage)
  try {
    const identity = gate.authenticate(passage.request)
    if (!(identity instanceof Promise)) return identify(passage, identity)
    return identity.then((found) => identify(passage, found), (error: unknown) => refuse(passage, bus, error))
  } catch (error) {
    return refuse(passage, bus, error)
  }
}

function identify(passage: Passage, identity: Identity): void {
  passage.identity = identity
  passage.request.context.user = identity.user
  passage.request.context.token = identity.token
}

function identifyInner(passage: Passage): void {
  const { user, token } = passage.request.context
  if (user) passage.identity = { user, token }
}

/** Tells `request:onUnauthorized`, then fails with the reason. */
export async function refuse({ plan, request, manner }: Passage, bus: EventBus, reason: unknown): Promise<never> {
  if (plan.onUnauthorized && manner.events) await bus.run(plan.onUnauthorized, [request])
  throw reason
}
