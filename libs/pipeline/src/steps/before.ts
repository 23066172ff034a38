import type { EventBus } from '@app/registry'
import type { Passage, Step } from '../passage.js'

/** Pipes before the action: `request:onExecution`, the generic document event, then the action's own. They may change or refuse. */
export const before = (bus: EventBus): Step => (passage) => {
  if (!passage.manner.events) return
  const { plan, action } = passage
  if (plan.onExecution || action?.documents?.before || action?.before) return runBefore(passage, bus)
}

async function runBefore(passage: Passage, bus: EventBus): Promise<void> {
  const { plan, action } = passage
  if (plan.onExecution) passage.replace(await bus.run(plan.onExecution, [passage.request]))
  if (action?.documents?.before) await passage.runDocuments(action.documents.before, bus)
  if (action?.before) passage.replace(await bus.run(action.before, [passage.request]))
}
