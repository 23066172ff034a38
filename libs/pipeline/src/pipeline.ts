import type { Request } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import { AS_CLIENT, Passage, type Manner, type Step } from './passage.js'
import type { Plans } from './plans.js'

/** Ends every passage: turns what happened into the request's answer. */
export type Respond = (passage: Passage) => Request | Promise<Request>

/**
 * The one way in. Every door and every inner caller hands its request to
 * {@link Pipeline.run}, and nothing else runs an action: so rights and pipes
 * cannot be forgotten at one door.
 */
export class Pipeline {
  constructor(
    private readonly plans: Plans,
    private readonly steps: readonly Step[],
    private readonly respond: Respond,
    private readonly causation: Causation,
  ) {}

  /**
   * Walks a request through the steps. Never throws: whatever fails becomes
   * the request's error. Resolves to the request that carries the answer,
   * which is another one when a pipe put it there.
   */
  run(request: Request, manner: Manner = AS_CLIENT): Promise<Request> {
    return manner.events && !manner.limits ? this.#follow(request, manner) : this.#walk(request, manner)
  }

  /** Inner calls that tell events can go in circles. */
  async #follow(request: Request, manner: Manner): Promise<Request> {
    const { controller, action } = request.input
    try {
      return await this.causation.follow(`${controller}:${action}`, () => this.#walk(request, manner))
    } catch (refusal) {
      request.setError(refusal as Error)
      return request
    }
  }

  async #walk(request: Request, manner: Manner): Promise<Request> {
    const passage = new Passage(request, manner, this.plans.request, this.plans.traffic.enter())
    try {
      // Counted by hand: an iterator that lives across an await is made of an object a step.
      for (let index = 0; index < this.steps.length; index++) {
        const pending = this.steps[index]?.(passage)
        if (pending) passage.yielded = await pending
      }
    } catch (error) {
      passage.error = error ?? new Error('something threw nothing')
    }
    return this.respond(passage)
  }
}

