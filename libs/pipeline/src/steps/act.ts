import { recordWrites } from '@app/background'
import type { Causation } from '@app/causation'
import { PENDING } from '@mortise/sdk'
import { blame, isThenable } from '@app/supervision'
import type { Passage, Step } from '../passage.js'

/** Runs the action; what it yields is the result. Foreign errors are told under the plugin's name. */
export const act = (causation: Causation): Step => (passage) => {
  const { action, request } = passage
  if (!action) return
  try {
    if (action.recording && passage.manner.events) recordWrites(request, action.recording, causation.pack())
    const result = action.action.handler(request)
    if (!isThenable(result)) return finish(passage, result)
    return result.then((value) => finish(passage, value), (thrown: unknown) => fail(passage, thrown)) as Promise<void>
  } catch (thrown) {
    fail(passage, thrown)
  }
}

/** A status that the action chose stays. */
function finish({ request }: Passage, result: unknown): void {
  request.setResult(result, { status: request.status === PENDING ? 200 : request.status })
}

function fail({ action }: Passage, thrown: unknown): never {
  throw blame(thrown, { plugin: action?.plugin.name ?? '', listener: `action ${action?.controller}:${action?.action.name}`, translate: action?.plugin.translate })
}
