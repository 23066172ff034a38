import type { EventBus } from '@app/registry'
import type { Passage, Step } from '../passage.js'

/** Pipes after the action: its own event, the generic document event, then `request:onSuccess`. They may change the result. */
export const after = (bus: EventBus): Step => (passage) => {
  if (!passage.manner.events) return
  const { plan, action } = passage
  if (action?.after || action?.documents?.after || plan.onSuccess) return runAfter(passage, bus)
}

async function runAfter(passage: Passage, bus: EventBus): Promise<void> {
  const { plan, action } = passage
  if (action?.after) passage.replace(await bus.run(action.after, [passage.request]))
  if (action?.documents?.after) await passage.runDocuments(action.documents.after, bus)
  if (plan.onSuccess) passage.replace(await bus.run(plan.onSuccess, [passage.request]))
}
