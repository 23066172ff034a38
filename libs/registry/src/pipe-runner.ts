import { createError, type Logger } from '@mortise/sdk'
import type { Chain } from './chain.js'
import { Deadlines, Slots, type Traffic } from '@app/supervision'
import { PipeWalk, type WalkTools } from './pipe-walk.js'

/** How long pipes may take and how many chains may run. Times in milliseconds, 0 for no limit. */
export interface PipeLimits {
  readonly pipeTimeout: number
  readonly maxConcurrentPipes: number
  readonly pipesBufferSize: number
  /** Watches pipes that have a time limit. */
  readonly deadlines?: Deadlines
}

/**
 * Runs the pipes of an event one after another. What a pipe yields replaces
 * the event's first payload for the next one; the first error ends the chain.
 * A pipe that does not answer in time fails with `plugin.runtime.pipe_timeout`
 * (504), and what it says later is only logged.
 */
export class PipeRunner {
  readonly #tools: WalkTools
  readonly #slots: Slots

  constructor(limits: PipeLimits, logger: Logger, private readonly traffic: Traffic) {
    const { pipeTimeout, maxConcurrentPipes, pipesBufferSize, deadlines = new Deadlines() } = limits
    this.#slots = new Slots(maxConcurrentPipes, pipesBufferSize)
    this.#tools = { deadlines, slots: this.#slots, logger, pipeTimeout }
  }

  /**
   * Yields the payload as the last pipe left it.
   *
   * @throws `plugin.runtime.too_many_pipes` (503) when too many chains wait already.
   * @throws the error of the first pipe that refuses; foreign ones as `plugin.runtime.unexpected_error`.
   */
  run(chain: Chain, payload: readonly unknown[]): Promise<unknown> {
    const slot = this.#slots.enter()
    if (slot === false) return Promise.reject(createError('plugin.runtime.too_many_pipes'))
    const walk = new PipeWalk(chain, payload, this.#tools, this.traffic.enter())
    if (slot === true) walk.go()
    else void slot.then(() => walk.go())
    return walk.outcome
  }
}
