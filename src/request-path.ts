import { Request } from '@mortise/sdk'
import type { AroundListener } from '@app/supervision'

/** One listener that a request came by. */
interface Stop {
  readonly words: string
  readonly start: number
  /** Absent while it is at work. */
  milliseconds?: number
  hasFailed?: boolean
}

/** Which listeners of plugins each request comes by, in the order in which they are called. For development. */
export class RequestPaths {
  readonly #paths = new WeakMap<object, Stop[]>()

  /** Notes each call of a listener whose event is about a request. */
  readonly around: AroundListener = ({ plugin, name, handler }, { kind, event }) => (...payload) => {
    const request = payload.find((given) => given instanceof Request)
    if (!request) return handler(...payload)
    const stop: Stop = { words: `${kind} ${event}  ${plugin} ${name}`, start: performance.now() }
    this.#paths.set(request, [...this.#paths.get(request) ?? [], stop])
    return follow(stop, () => handler(...payload))
  }

  /** A line for each listener, but for those of a plugin that is left out. */
  linesOf(request: Request, leftOut: string): string[] {
    const stops = (this.#paths.get(request) ?? []).filter(({ words }) => !words.includes(`  ${leftOut} `))
    return stops.map(({ words, milliseconds, hasFailed }) => `${words} ${milliseconds === undefined ? 'still at work' : `${milliseconds.toFixed(1)} ms`}${hasFailed ? ', refused' : ''}`)
  }
}

/** Calls a listener, and notes how that ended. */
function follow(stop: Stop, call: () => unknown): unknown {
  const end = (hasFailed: boolean): void => void Object.assign(stop, { milliseconds: performance.now() - stop.start, hasFailed })
  try {
    const answer = call()
    if (answer instanceof Promise) answer.then(() => end(false), () => end(true))
    else end(false)
    return answer
  } catch (error) {
    end(true)
    throw error
  }
}
