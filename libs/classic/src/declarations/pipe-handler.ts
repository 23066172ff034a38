import type { Logger } from '@mortise/sdk'
import type { PipeDefinition } from '@app/registry'
import { isThenable } from '@app/supervision'
import type { FoundMethod } from './find-method.js'

/** A payload and the callback behind it. */
type Answer = (error?: unknown, value?: unknown) => void

/**
 * Makes a classic pipe one of the registry's. It gets the payload and, last, a
 * callback, and answers through the callback or through a promise; a falsy
 * error is none. Whatever comes first counts: a second answer is logged and
 * dropped, so that no request goes on twice.
 *
 * A promise of nothing from a pipe that names the callback is no answer yet:
 * an async function may call back later.
 */
export function pipeHandler(method: FoundMethod, event: string, logger: Logger): PipeDefinition['handler'] {
  return (...payload) => new Promise((resolve, reject) => {
    const given = payload.length > 0 ? payload : [null]
    let isAnswered = false
    const answer: Answer = (error, value) => {
      if (isAnswered) return logger.warn(`Pipe ${method.name} on "${event}" answered twice; only its first answer counts.`)
      isAnswered = true
      if (error) reject(error as Error)
      else resolve(value)
    }
    const awaited = (value: unknown): void => {
      if (value === undefined && (isAnswered || method.parameters > given.length)) return
      answer(null, value)
    }
    try {
      const returned = method.call(...given, answer)
      if (isThenable(returned)) returned.then(awaited, (error: unknown) => answer(error))
    } catch (thrown) {
      answer(thrown ?? new Error('it threw nothing'))
    }
  })
}
