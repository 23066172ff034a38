import { AsyncLocalStorage } from 'node:async_hooks'
import { Request } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import { ReaderAround, type PluginReader, type PluginStart, type StartedPlugin } from '@app/pipeline'
import type { AroundListener } from '@app/supervision'

/** One listener that a request came by. */
interface Stop {
  readonly words: string
  readonly start: number
  /** Absent while it is at work. */
  milliseconds?: number
  hasFailed?: boolean
}

/**
 * Which listeners of plugins each request comes by, in the order in which they are called, and on whose behalf plugins are at work.
 * For development: to know that costs something for each promise.
 */
export class RequestPaths {
  readonly #paths = new WeakMap<object, Stop[]>()
  readonly #current = new AsyncLocalStorage<Request>()

  /** The id of the client's request that led to what is being done; unknown outside of what plugins do in the host's own thread. */
  readonly currentId = (): string | undefined => this.#current.getStore()?.id

  /** Makes known on whose behalf the actions of plugins are at work. */
  readonly aroundReader = (reader: PluginReader): PluginReader => new FollowingReader(reader, this.#on)

  /** Notes each call of a listener whose event is about a request. */
  readonly around: AroundListener = ({ plugin, name, handler }, { kind, event }) => (...payload) => {
    const request = payload.find((given) => given instanceof Request)
    if (!request) return this.#on(outcomeIn(payload), () => handler(...payload))
    const stop: Stop = { words: `${kind} ${event}  ${plugin} ${name}`, start: performance.now() }
    this.#paths.set(request, [...this.#paths.get(request) ?? [], stop])
    return follow(stop, () => this.#on(request, () => handler(...payload)))
  }

  /** What is done for a request that a plugin makes is done for the one that it makes it for. */
  readonly #on: Following = (request, work) => (request ? this.#current.run(this.#current.getStore() ?? request, work) : work())

  /** A line for each listener, but for those of a plugin that is left out. */
  linesOf(request: Request, leftOut: string): string[] {
    const stops = (this.#paths.get(request) ?? []).filter(({ words }) => !words.includes(`  ${leftOut} `))
    return stops.map(({ words, milliseconds, hasFailed }) => `${words} ${milliseconds === undefined ? 'still at work' : `${milliseconds.toFixed(1)} ms`}${hasFailed ? ', refused' : ''}`)
  }
}

/** Does work on behalf of a request. */
type Following = <T>(request: Request | undefined, work: () => T) => T

/** The request whose end is told. */
const outcomeIn = ([outcome]: readonly unknown[]): Request | undefined => {
  const { request } = (outcome ?? {}) as { request?: unknown }
  return request instanceof Request ? request : undefined
}

/** Has actions of plugins, wherever they are read from, follow their requests. */
class FollowingReader extends ReaderAround {
  constructor(reader: PluginReader, private readonly on: Following) {
    super(reader)
  }

  async start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const started = await this.reader.start(candidate, start)
    const { definition } = started
    const controllers = definition.controllers.map((controller) => ({
      ...controller,
      actions: controller.actions.map((action) => ({ ...action, handler: (request: Request) => this.on(request, () => action.handler(request)) })),
    }))
    return { ...started, definition: { ...definition, controllers } }
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
