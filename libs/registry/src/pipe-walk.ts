import type { ApiError, Logger } from '@mortise/sdk'
import { blame, isThenable, lateness, mismatch, mismatchOf, whenSettled, type DeadlineEntry, type Deadlines, type Slots, type Wave } from '@app/supervision'
import type { Chain, ChainedPipe } from './chain.js'

const NOTHING: readonly unknown[] = []

/** What all walks of one runner share. Times in milliseconds, 0 for no limit. */
export interface WalkTools {
  readonly deadlines: Deadlines
  readonly slots: Slots
  readonly logger: Logger
  readonly pipeTimeout: number
}

/**
 * One walk along the pipes of an event. Steps that answer at once follow each
 * other in a loop; one that answers later is waited for, by two functions
 * that all steps share: an `await` would make its own for each.
 */
export class PipeWalk {
  /** Settled once, whatever pipes do later. */
  readonly outcome: Promise<unknown>
  #resolve!: (value: unknown) => void
  #reject!: (error: Error) => void
  readonly #onAnswer = (answer: unknown): void => {
    if (this.#take(answer)) this.go()
  }
  readonly #onRefusal = (thrown: unknown): void => this.#refuse(thrown)
  #position = 0
  #isOver = false
  #start = 0
  #deadline: DeadlineEntry | undefined
  /** The deadline of a pipe that answered, to be used again: most pipes have as long as the one before. */
  #spent: DeadlineEntry | undefined
  #value: unknown
  readonly #rest: readonly unknown[]

  constructor(
    private readonly chain: Chain,
    payload: readonly unknown[],
    private readonly tools: WalkTools,
    private readonly wave: Wave,
  ) {
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#value = payload[0]
    this.#rest = payload.length > 1 ? payload.slice(1) : NOTHING
  }

  /** Goes along the pipes until one has to be waited for, the last has answered or one ends the walk. */
  go(): void {
    const { pipes } = this.chain
    if (this.#position === 0) this.#start = this.tools.deadlines.now()
    while (this.#position < pipes.length) {
      const { handler } = this.#pipe
      let answer: unknown
      try {
        answer = this.#rest.length === 0 ? handler(this.#value) : handler(this.#value, ...this.#rest)
        // Whether it can be waited for is the plugin's to say, which may go wrong as well.
        if (isThenable(answer)) return this.#wait(answer)
      } catch (thrown) {
        return this.#refuse(thrown)
      }
      if (!this.#take(answer)) return
    }
    this.#leave()
    this.#resolve(this.#value)
  }

  #wait(answer: PromiseLike<unknown>): void {
    const { keepsTime, timeout = this.tools.pipeTimeout } = this.#pipe
    if (timeout > 0 && !keepsTime) this.#watch(timeout)
    whenSettled(answer, this.#onAnswer, this.#onRefusal)
  }

  #watch(timeout: number): void {
    const at = this.#start + timeout
    const { deadlines } = this.tools
    this.#deadline = this.#spent?.list.milliseconds === timeout ? deadlines.renew(this.#spent, at) : deadlines.watch(at, timeout, () => this.#giveUp())
  }

  #refuse(thrown: unknown): void {
    if (this.#isOver) this.#dropLate()
    else this.#end(blame(thrown, this.#pipe))
  }

  /** Accepts an answer as the next value; `false` when there is none and the walk is over. */
  #take(answer: unknown): boolean {
    if (this.#isOver) {
      this.#dropLate()
      return false
    }
    this.#endDeadline()
    const pipe = this.#pipe
    const fault = mismatchOf(this.chain.event, answer, this.#value)
    if (fault !== undefined) {
      this.#end(mismatch(pipe, this.chain.event, fault))
      return false
    }
    // The end of one pipe is the start of the next.
    const now = this.tools.deadlines.now()
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
    this.#pipe.meter?.end(this.tools.deadlines.now() - this.#start, error)
    this.#leave()
    this.#reject(error)
  }

  /** Gives back what the walk held; it does so once, when it is settled. */
  #leave(): void {
    this.tools.slots.leave()
    this.wave.leave()
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
