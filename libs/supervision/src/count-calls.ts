import { blame, isThenable, type Callee } from './blame.js'
import type { Meter } from './meter.js'

/** Counts and times the calls of what goes without an envelope, and leaves what it answers or throws to the caller. */
export function countCalls(handler: (...payload: unknown[]) => unknown, callee: Callee, meter: Meter): (...payload: unknown[]) => unknown {
  return (...payload) => {
    const start = performance.now()
    const end = (): void => meter.end(performance.now() - start)
    const fail = (thrown: unknown): void => meter.end(performance.now() - start, blame(thrown, callee))
    try {
      const answer = handler(...payload)
      if (!isThenable(answer)) return end(), answer
      // Some thenables do their work anew for each who waits, so that only one may.
      const promise = Promise.resolve(answer)
      promise.then(end, fail)
      return promise
    } catch (thrown) {
      fail(thrown)
      throw thrown
    }
  }
}
