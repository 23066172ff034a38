import type { Clock } from '@app/supervision'

/** A clock that stands still until it is told to go on. Times in milliseconds. */
export class ManualClock implements Clock {
  #now: number
  #waiting: { at: number; work: () => void }[] = []

  constructor(now = 1_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  /** How much waits to be done later. */
  get waiting(): number {
    return this.#waiting.length
  }

  after(milliseconds: number, work: () => void): () => void {
    const entry = { at: this.#now + milliseconds, work }
    this.#waiting.push(entry)
    return () => { this.#waiting = this.#waiting.filter((other) => other !== entry) }
  }

  /** Lets time pass, and does what falls due on the way, in order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds
    while (this.step(end));
  }

  /** Goes on to what falls due next and does it, or to `end` when nothing does until then; `false` once that is reached. */
  step(end: number): boolean {
    const [next] = this.#waiting.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)
    this.#now = Math.max(this.#now, next?.at ?? end)
    if (!next) return false
    this.#waiting = this.#waiting.filter((other) => other !== next)
    next.work()
    return true
  }
}
