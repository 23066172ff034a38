import { createError } from '@mortise/sdk'
import type { Plans } from '../plans.js'
import type { Step } from '../passage.js'

/**
 * Finds the action. One that does not exist is told only once rights have
 * been checked (see `requireAction`), so that nobody learns what there is by
 * asking; a request that names none ends here.
 *
 * @throws `api.assert.missing_argument` without a controller or an action.
 */
export const route = (plans: Plans): Step => (passage) => {
  const { controller, action, args } = passage.request.input
  if (controller === null) throw createError('api.assert.missing_argument', 'controller')
  if (action === null) throw createError('api.assert.missing_argument', 'action')
  if (args.targets !== undefined && (args.index !== undefined || args.collection !== undefined)) {
    throw createError('api.assert.mutually_exclusive', 'targets', args.index === undefined ? 'collection' : 'index')
  }
  passage.action = plans.find(controller, action)
}
