import { createError } from '@mortise/sdk'
import type { EventBus } from '@app/registry'
import type { Slots } from '@app/supervision'
import type { Passage, Step } from '../passage.js'

/** What decides whether a request may be worked on now. */
export interface Admission {
  readonly slots: Slots
  readonly bus: EventBus
  /** Whether the host is on its way down. */
  isClosing(): boolean
  /** Whether a web page of this origin may ask. */
  isOriginAllowed(origin: string): boolean
}

/**
 * Lets a client's request in: not from a foreign origin, not while shutting
 * down, and only so many at a time.
 *
 * @throws `api.process.unauthorized_origin` (401), `api.process.shutting_down` and `api.process.overloaded` (503).
 */
export const admit = (admission: Admission): Step => (passage) => {
  if (passage.manner.limits) {
    checkOrigin(passage, admission)
    if (admission.isClosing()) throw createError('api.process.shutting_down')
    const slot = admission.slots.enter()
    if (slot === false) throw createError('api.process.overloaded')
    if (slot !== true) return slot.then(() => hold(passage, admission))
  }
  return hold(passage, admission)
}

/** Remembers to give the slot back, and tells `request:beforeExecution`. */
function hold(passage: Passage, { slots, bus }: Admission): void | Promise<void> {
  if (passage.manner.limits) passage.onEnd = () => slots.leave()
  const chain = passage.plan.beforeExecution
  if (chain && passage.manner.events) return bus.run(chain, [passage.request]).then((request) => passage.replace(request))
}

function checkOrigin({ request }: Passage, { isOriginAllowed }: Admission): void {
  const origin = request.context.connection.misc.headers?.origin
  if (typeof origin === 'string' && !isOriginAllowed(origin)) throw createError('api.process.unauthorized_origin', origin)
}
