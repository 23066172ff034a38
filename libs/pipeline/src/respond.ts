import type { Logger, Request } from '@mortise/sdk'
import type { EventBus } from '@app/registry'
import { blame } from '@app/supervision'
import type { Passage, RequestCounter } from './passage.js'
import type { Respond } from './pipeline.js'

interface RespondParts {
  readonly bus: EventBus
  readonly counter: RequestCounter
  readonly logger?: Pick<Logger, 'error'> | undefined
}

/** Ends a passage. A success that no listener waits for is an answer at once. */
export const respond = (parts: RespondParts): Respond => (passage) => {
  const isHeard = passage.error !== undefined || (passage.plan.afterExecution !== undefined && passage.manner.events)
  return isHeard ? settle(passage, parts) : end(passage, parts.counter)
}

/** Gives back what the request held and counts it. */
function end({ request, protocol, onEnd, wave }: Passage, counter: RequestCounter): Request {
  onEnd?.()
  wave?.leave()
  if (protocol !== undefined) counter.end(protocol, request.error !== null)
  return request
}

async function settle(passage: Passage, { bus, counter, logger }: RespondParts): Promise<Request> {
  try {
    if (passage.error !== undefined) await recover(passage, bus)
    await conclude(passage, bus)
  } catch (error) {
    // A pipe on the way out failed: its error is the answer, and nobody is asked again.
    fail(passage, error)
  }
  // What a client is told has neither stack nor cause, and somebody is to mend it. Inner calls tell their caller.
  const { request: { error }, manner } = passage
  if (error?.status === UNFORESEEN && manner.limits) logger?.error(error)
  return end(passage, counter)
}

const UNFORESEEN = 500

/**
 * The way of a failure: `<controller>:error<Action>`, where a pipe may take
 * the error back and set a result; then `request:onError`, where a pipe that
 * gives back another request makes that the answer.
 */
async function recover(passage: Passage, bus: EventBus): Promise<void> {
  fail(passage, passage.error)
  if (!passage.isStarted || !passage.manner.events) return
  const { action, plan } = passage
  if (action?.error) {
    passage.replace(await bus.run(action.error, [passage.request]))
    if (passage.request.error === null) return void (passage.error = undefined)
  }
  if (plan.onError) {
    const failed = passage.request
    passage.replace(await bus.run(plan.onError, [failed]))
    if (passage.request !== failed) passage.error = undefined
  }
}

function fail(passage: Passage, thrown: unknown): void {
  const { action, request } = passage
  passage.error = blame(thrown, { plugin: action?.plugin.name ?? 'host', listener: `action ${request.input.controller}:${request.input.action}`, translate: action?.plugin.translate })
  request.setError(passage.error as Error)
}

/** Tells `request:afterExecution`, whose pipes may replace the outcome. */
async function conclude(passage: Passage, bus: EventBus): Promise<void> {
  const chain = passage.plan.afterExecution
  if (!chain || !passage.manner.events) return
  const { request, error } = passage
  const outcome = error === undefined ? { request, success: true, result: request } : { request, success: false, error: request.error }
  const told = await bus.run(chain, [outcome]) as { result?: Request; error?: Error }
  if (error === undefined) passage.replace(told.result ?? request)
  else if (told.error && told.error !== request.error) request.setError(told.error)
}
