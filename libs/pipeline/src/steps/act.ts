import { recordWrites } from '@app/background'
import type { Causation } from '@app/causation'
import { PENDING } from '@mortise/sdk'
import { isThenable } from '@app/supervision'
import type { Step } from '../passage.js'

/** Runs the action; what it yields, at once or later, is for {@link take}. */
export const act = (causation: Causation): Step => (passage) => {
  const { action, request } = passage
  if (!action) return
  if (action.recording && passage.manner.events) recordWrites(request, action.recording, causation.pack())
  const result = action.action.handler(request)
  if (isThenable(result)) return result as Promise<unknown>
  passage.yielded = result
}

/** Makes what the action yielded the request's result. A status that the action chose stays. */
export const take: Step = ({ request, yielded }) =>
  request.setResult(yielded, { status: request.status === PENDING ? 200 : request.status })
