import { createError } from '@mortise/sdk'
import { closest, distance } from 'fastest-levenshtein'
import type { Plans } from '../plans.js'
import type { Passage, RequestCounter, Step } from '../passage.js'

/**
 * Ends a request whose action does not exist, with the nearest one that does.
 *
 * @throws `api.process.controller_not_found` or `api.process.action_not_found` (404).
 */
export const requireAction = (plans: Plans, counter: RequestCounter): Step => (passage) => {
  if (passage.action) return begin(passage, counter)
  const controller = passage.request.input.controller ?? ''
  const action = passage.request.input.action ?? ''
  const actions = plans.actionsOf(controller)
  throw actions.length === 0
    ? withSuggestion(createError('api.process.controller_not_found', controller), controller, plans.controllers)
    : withSuggestion(createError('api.process.action_not_found', controller, action), action, actions)
}

function begin(passage: Passage, counter: RequestCounter): void {
  passage.isStarted = true
  if (!passage.manner.limits) return
  passage.protocol = passage.request.context.connection.protocol ?? 'none'
  counter.begin(passage.protocol)
}

/** Names further away than this many letters are no suggestion. */
const FAR = 4

function withSuggestion<E extends Error>(error: E, name: string, known: readonly string[]): E {
  const nearest = known.length > 0 ? closest(name, [...known]) : ''
  if (nearest && distance(name, nearest) <= Math.min(FAR, name.length - 1)) error.message += ` Did you mean "${nearest}"?`
  return error
}
