import { randomUUID } from 'node:crypto'
import type { Locks } from '@app/storage'

/** How a {@link MutexLock} waits and how long it holds, in milliseconds. `timeout` is -1 for ever, 0 for a single try. */
export interface MutexOptions {
  readonly attemptDelay?: number
  readonly timeout?: number
  readonly ttl?: number
}

/** A lock as classic plugins use it: `lock()`, `unlock()`, `wait()`, `locked`. */
export class MutexLock {
  locked = false
  readonly #holder = randomUUID()
  readonly #options: Required<MutexOptions>

  constructor(private readonly locks: Locks, readonly resource: string, { attemptDelay = 200, timeout = -1, ttl = 5000 }: MutexOptions = {}) {
    if (typeof resource !== 'string' || resource === '') throw new TypeError('A Mutex needs the name of what it locks.')
    this.#options = { attemptDelay, timeout, ttl }
  }

  /** Whether it has the lock now; `false` when `timeout` passed first. */
  async lock(): Promise<boolean> {
    if (this.locked) throw new Error(`The mutex on "${this.resource}" is locked already.`)
    this.locked = await this.#try(() => this.locks.take(this.resource, this.#holder, this.#options.ttl), this.#options)
    return this.locked
  }

  /** Holds what it holds for its whole time again. */
  async prolong(): Promise<void> {
    await this.locks.take(this.resource, this.#holder, this.#options.ttl)
  }

  async unlock(): Promise<void> {
    await this.locks.release(this.resource, this.#holder)
    this.locked = false
  }

  /** Waits until nobody holds it, without taking it; `false` when `timeout` passed first. */
  wait(options: Pick<MutexOptions, 'attemptDelay' | 'timeout'> = {}): Promise<boolean> {
    return this.#try(async () => !(await this.locks.isTaken(this.resource)), { ...this.#options, ...options })
  }

  async #try(attempt: () => Promise<boolean>, { attemptDelay, timeout }: Required<Pick<MutexOptions, 'attemptDelay' | 'timeout'>>): Promise<boolean> {
    const end = timeout < 0 ? Infinity : Date.now() + timeout
    while (!(await attempt())) {
      if (Date.now() >= end) return false
      await new Promise((resolve) => setTimeout(resolve, Math.min(attemptDelay, end - Date.now())))
    }
    return true
  }
}
