import type { ApiError, Logger } from '@mortise/sdk'
import { blame, isSilent, isThenable, lateness, silence, type DeadlineEntry, type Deadlines } from '@app/supervision'
import type { Chain, ChainedPipe } from './chain.js'

const NOTHING: readonly unknown[] = []

/** What all walks of one runner share. Times in milliseconds, 0 for no limit. */
export interface WalkTools {
  readonly deadlines: Deadlines
  readonly logger: Logger
  readonly pipeTimeout: number
}

/**
 * One walk along the pipes of an event. Steps that answer at once follow each
 * other in a loop; one that answers later is waited for. The walk does not
 * reject: it is settled through the functions given, once.
 */
export class PipeWalk {
  #position = 0
  #isOver = false
  #start = 0
  #deadline: DeadlineEntry | undefined
  /** The deadline of a pipe that answered, to be used again: most pipes have as long as the one before. */
  #spent: DeadlineEntry | undefined
  #onLate: (() => void) | undefined
  #value: unknown
  readonly #rest: readonly unknown[]

  constructor(
    private readonly chain: Chain,
    payload: readonly unknown[],
    private readonly tools: WalkTools,
    private readonly settle: { resolve(value: unknown): void; reject(error: Error): void },
  ) {
    this.#value = payload[0]
    this.#rest = payload.length > 1 ? payload.slice(1) : NOTHING
  }

  /** Goes along the pipes until the last has answered or one ends the walk. */
  async go(): Promise<void> {
    const { pipes } = this.chain
    this.#start = performance.now()
    while (this.#position < pipes.length) {
      const pipe = pipes[this.#position] as ChainedPipe
      try {
        let answer = this.#rest.length === 0 ? pipe.handler(this.#value) : pipe.handler(this.#value, ...this.#rest)
        if (isThenable(answer)) {
          this.#watch(pipe)
          answer = await answer
        }
        if (!this.#take(pipe, answer)) return
      } catch (thrown) {
        return this.#refuse(pipe, thrown)
      }
    }
    this.settle.resolve(this.#value)
  }

  #watch(pipe: ChainedPipe): void {
    const timeout = pipe.keepsTime ? 0 : pipe.timeout ?? this.tools.pipeTimeout
    if (timeout <= 0) return
    const at = this.#start + timeout
    const { deadlines } = this.tools
    this.#deadline = this.#spent?.list.milliseconds === timeout ? deadlines.renew(this.#spent, at) : deadlines.watch(at, timeout, this.#onLate ??= () => this.#giveUp())
  }

  #refuse(pipe: ChainedPipe, thrown: unknown): void {
    if (this.#isOver) this.#dropLate()
    else this.#end(blame(thrown, pipe))
  }

  /** Accepts an answer as the next value; `false` when there is none and the walk is over. */
  #take(pipe: ChainedPipe, answer: unknown): boolean {
    if (this.#isOver) {
      this.#dropLate()
      return false
    }
    this.#endDeadline()
    if (isSilent(answer, this.#value)) {
      this.#end(silence(pipe, this.chain.event))
      return false
    }
    // The end of one pipe is the start of the next.
    const now = performance.now()
    pipe.meter?.end(now - this.#start)
    this.#start = now
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
    this.#pipe.meter?.end(performance.now() - this.#start, error)
    this.settle.reject(error)
  }

  #endDeadline(): void {
    if (!this.#deadline) return
    this.tools.deadlines.end(this.#deadline)
    this.#spent = this.#deadline
    this.#deadline = undefined
  }

  #dropLate(): void {
    const { plugin, listener } = this.#pipe
    this.tools.logger.warn(`Plugin "${plugin}" answered "${this.chain.event}" after its ${this.#timeout} ms had passed (${listener}); the answer is dropped.`)
  }

  get #pipe(): ChainedPipe {
    return this.chain.pipes[this.#position] as ChainedPipe
  }

  get #timeout(): number {
    return this.#pipe.timeout ?? this.tools.pipeTimeout
  }
}
