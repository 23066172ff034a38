import { createError, type ApiError, type Logger } from '@mortise/sdk'
import { blame, isThenable } from '@app/supervision'
import type { Chain, ChainedPipe } from './chain.js'
import type { DeadlineEntry, Deadlines } from '@app/supervision'

/** What all walks of one runner share. Times in milliseconds, 0 for no limit. */
export interface WalkTools {
  readonly deadlines: Deadlines
  readonly logger: Logger
  readonly pipeWarnTime: number
  readonly pipeTimeout: number
}

/**
 * One walk along the pipes of an event. Steps that answer at once follow each
 * other in a loop; one that answers later is come back to. There is one
 * promise for the whole walk, as pipes are on the way of every request.
 */
export class PipeWalk {
  #position = 0
  #isOver = false
  #start = 0
  #deadline: DeadlineEntry | undefined
  #value: unknown
  readonly #rest: readonly unknown[]
  readonly #onAnswer = (answer: unknown): void => this.#resume(answer)
  readonly #onRefusal = (thrown: unknown): void => this.#refuse(thrown)
  readonly #onLate = (): void => this.#giveUp()

  constructor(
    private readonly chain: Chain,
    payload: readonly unknown[],
    private readonly tools: WalkTools,
    private readonly settle: { resolve(value: unknown): void; reject(error: Error): void },
  ) {
    this.#value = payload[0]
    this.#rest = payload.slice(1)
  }

  /** Goes on from where the walk stands, until a pipe has to be waited for or the last has answered. */
  go(): void {
    const { pipes } = this.chain
    while (this.#position < pipes.length) {
      const pipe = pipes[this.#position] as ChainedPipe
      this.#start = performance.now()
      let answer: unknown
      try {
        answer = this.#rest.length === 0 ? pipe.handler(this.#value) : pipe.handler(this.#value, ...this.#rest)
      } catch (thrown) {
        return this.#end(blame(thrown, pipe))
      }
      if (isThenable(answer)) return this.#wait(pipe, answer)
      if (!this.#take(pipe, answer)) return
    }
    this.settle.resolve(this.#value)
  }

  #wait(pipe: ChainedPipe, answer: PromiseLike<unknown>): void {
    const timeout = pipe.timeout ?? this.tools.pipeTimeout
    if (timeout > 0) this.#deadline = this.tools.deadlines.watch(this.#start + timeout, timeout, this.#onLate)
    // A promise that is not the engine's own may settle twice; wrapped, it cannot.
    void (answer instanceof Promise ? answer : Promise.resolve(answer)).then(this.#onAnswer, this.#onRefusal)
  }

  #resume(answer: unknown): void {
    if (this.#isOver) return this.#dropLate()
    if (this.#take(this.#pipe, answer)) this.go()
  }

  #refuse(thrown: unknown): void {
    if (this.#isOver) return this.#dropLate()
    this.#end(blame(thrown, this.#pipe))
  }

  /** Accepts an answer as the next value; `false` when there is none and the walk is over. */
  #take(pipe: ChainedPipe, answer: unknown): boolean {
    this.#endDeadline()
    this.#warnIfSlow(pipe)
    if (answer === undefined && this.#value !== undefined && this.#value !== null) {
      this.#end(silence(pipe, this.chain.event))
      return false
    }
    this.#value = answer
    this.#position++
    return true
  }

  #giveUp(): void {
    this.#deadline = undefined
    this.#end(lateness(this.#pipe, this.chain.event, this.#timeout))
  }

  #end(error: ApiError): void {
    this.#endDeadline()
    this.#isOver = true
    this.settle.reject(error)
  }

  #endDeadline(): void {
    if (this.#deadline) this.tools.deadlines.end(this.#deadline)
    this.#deadline = undefined
  }

  #dropLate(): void {
    const { plugin, listener } = this.#pipe
    this.tools.logger.warn(`Plugin "${plugin}" answered "${this.chain.event}" after its ${this.#timeout} ms had passed (${listener}); the answer is dropped.`)
  }

  #warnIfSlow(pipe: ChainedPipe): void {
    const warnTime = pipe.warnTime ?? this.tools.pipeWarnTime
    if (warnTime === 0) return
    const took = performance.now() - this.#start
    if (took > warnTime) this.tools.logger.warn(`Plugin "${pipe.plugin}" took ${Math.round(took)} ms for "${this.chain.event}" (${pipe.listener}).`)
  }

  get #pipe(): ChainedPipe {
    return this.chain.pipes[this.#position] as ChainedPipe
  }

  get #timeout(): number {
    return this.#pipe.timeout ?? this.tools.pipeTimeout
  }
}

function lateness(pipe: ChainedPipe, event: string, timeout: number): ApiError {
  const error = createError('plugin.runtime.pipe_timeout', pipe.plugin, event)
  return error.with({ place: `plugin "${pipe.plugin}" → ${pipe.listener}`, hint: `Answer within ${timeout} ms, or give the pipe a longer timeout.` })
}

function silence(pipe: ChainedPipe, event: string): ApiError {
  const error = blame(new Error(`the pipe on "${event}" gave nothing back`), pipe)
  return error.with({ hint: 'Return the payload from the pipe: the next one, and the action, work on it.' })
}
