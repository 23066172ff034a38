import type { ApiError } from '@mortise/sdk'
import { blame, isThenable, whenSettled } from './blame.js'
import type { Admission } from './breaker.js'
import type { CallFrame } from './call-frame.js'
import type { DeadlineEntry } from './deadlines.js'
import { isFailure } from './meter.js'
import { mismatchOf } from './pipe-faults.js'

/** The promise that somebody waits for. */
interface Settle {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** One call within a budget: its turn, its time, its end. It answers at once where the listener does and no turn is waited for. */
export class BudgetedCall {
  readonly #start: number
  /** Under what state of the breaker the call was made; absent until it is. */
  #admission: Admission | undefined
  #hasTurn = false
  #isOver = false
  #deadline: DeadlineEntry | undefined
  #settle: Settle | undefined

  constructor(private readonly envelope: CallFrame, private readonly payload: readonly unknown[]) {
    this.#start = envelope.tools.clock()
  }

  /** Makes a call whose turn it is. Yields or throws what the caller is to get. */
  run(): unknown {
    const { state: { breaker }, callee, handler } = this.envelope
    this.#hasTurn = true
    const admission = breaker ? breaker.admit() : 'closed'
    if (admission === false) return this.#skip('breaker_open')
    this.#admission = admission
    let answer: unknown
    try {
      answer = handler(...this.payload)
      if (isThenable(answer)) return this.#await(answer)
    } catch (thrown) {
      return this.#conclude(blame(thrown, callee))
    }
    return this.#answer(answer)
  }

  /** Waits for its turn, and then makes the call. */
  wait(turn: Promise<boolean>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#watch({ resolve, reject })
      void turn.then((isGranted) => this.#take(isGranted))
    })
  }

  #take(isGranted: boolean): void {
    if (!this.#isOver) return this.#tell(() => (isGranted ? this.run() : this.#skip('too_many_calls')))
    if (isGranted) this.envelope.state.turns.leave()
  }

  #await(answer: PromiseLike<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#watch({ resolve, reject })
      whenSettled(
        answer,
        (value) => this.#hear(() => this.#answer(value)),
        (thrown) => this.#hear(() => this.#conclude(blame(thrown, this.envelope.callee))),
      )
    })
  }

  #hear(end: () => unknown): void {
    if (this.#isOver) this.envelope.dropLate()
    else this.#tell(end)
  }

  /** Whoever waits is told when the time is up; it began when the call was asked for, so it is set once. */
  #watch(settle: Settle): void {
    this.#settle = settle
    const { state: { timeout }, tools: { deadlines } } = this.envelope
    if (timeout > 0) this.#deadline ??= deadlines.watch(deadlines.now() + timeout, timeout, () => this.#giveUp())
  }

  #giveUp(): void {
    this.#deadline = undefined
    this.#tell(() => this.#conclude(this.envelope.lateness()))
  }

  #answer(value: unknown): unknown {
    const { kind, event } = this.envelope.subject
    const fault = kind === 'pipe' ? mismatchOf(event, value, this.payload[0]) : undefined
    return fault === undefined ? this.#conclude(undefined, value) : this.#conclude(this.envelope.mismatch(fault))
  }

  /** Counts how it ended; yields the answer, or what stands for it. */
  #conclude(error: ApiError | undefined, value?: unknown): unknown {
    const { state: { breaker }, meter, tools } = this.envelope
    this.#end()
    meter?.end(tools.clock() - this.#start, error)
    if (this.#admission) breaker?.settle(this.#admission, error !== undefined && isFailure(error))
    return error ? this.envelope.fallBack(this.payload, error) : value
  }

  #skip(reason: 'breaker_open' | 'too_many_calls'): unknown {
    this.#end()
    return this.envelope.skip(this.payload, reason)
  }

  /** A call that was given up leaves its turn to others, though it may still be at work. */
  #end(): void {
    this.#isOver = true
    if (this.#deadline) this.envelope.tools.deadlines.end(this.#deadline)
    if (this.#hasTurn) this.envelope.state.turns.leave()
  }

  #tell(end: () => unknown): void {
    const { resolve, reject } = this.#settle as Settle
    try {
      resolve(end())
    } catch (error) {
      reject(error)
    }
  }
}
