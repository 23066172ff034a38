import { createError, PENDING, type Logger, type Request } from '@mortise/sdk'
import { AS_PLUGIN, type Pipeline } from '@app/pipeline'
import { rewriteAnswer } from '../answers/rewrite-answer.js'
import { isRecord } from '../classic-plugin.js'
import type { Era } from '../identity/era.js'
import { isFirstInChain } from './request-chains.js'

/** Called with the request that has its result, or with the error. */
type ExecuteCallback = (error: unknown, request?: Request) => void

/** `accessors.execute`: a promise of the request, unless a callback is given. */
export type Execute = (request: Request, callback?: ExecuteCallback) => Promise<Request> | undefined

/**
 * Makes `accessors.execute`. It runs an action with the host's own rights and
 * without events, unless the request says `triggerEvents: true`. Plugins made
 * before 1.2 fire events without asking, once for each action of a chain.
 * Those of the first generation read answers as it gave them.
 *
 * @throws (as rejection, or to the callback) `plugin.context.missing_request`, `plugin.context.invalid_callback`,
 * `plugin.context.unavailable_realtime`, and the error of the action.
 */
export function makeExecute(pipeline: Pipeline, logger: Logger, era: Era): Execute {
  const run = (request: Request): Promise<Request> => runInner(pipeline, request, era)
  return (request, callback) => {
    if (callback === undefined) return run(request)
    if (typeof callback !== 'function') return Promise.reject(createError('plugin.context.invalid_callback', typeof callback))
    run(request).then((answer) => callback(null, answer), (error: unknown) => callback(error)).catch((thrown: unknown) => logger.error(thrown))
    return undefined
  }
}

async function runInner(pipeline: Pipeline, request: Request, era: Era): Promise<Request> {
  if (!isRecord(request) || !isRecord(request.input)) throw createError('plugin.context.missing_request')
  const { controller, action, triggerEvents } = request.input
  if (controller === 'realtime' && (action === 'subscribe' || action === 'unsubscribe')) {
    throw createError('plugin.context.unavailable_realtime', action)
  }
  request.clearError()
  request.status = PENDING
  const events = triggerEvents === true || (era.firesEventsWithin && isFirstInChain(request))
  const answer = await pipeline.run(request, { ...AS_PLUGIN, events })
  if (answer.error) throw answer.error
  if (era.generation === 1) rewriteAnswer(answer)
  return answer
}
