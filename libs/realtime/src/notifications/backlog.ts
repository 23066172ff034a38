/** Milliseconds of work before others get a turn of the event loop, and pieces between two looks at the clock. */
const SLICE = 8
const STRIDE = 16

interface Job { at: number; readonly count: number; readonly work: (at: number) => void }

/** Does work piece by piece, all of it in the order in which it was given: at once, unless it takes long or has to wait for what does. */
export class Backlog {
  readonly #jobs: Job[] = []

  /** @param work - is called with each item, and must not throw */
  add<T>(items: readonly T[], work: (item: T) => void): void {
    this.#jobs.push({ at: 0, count: items.length, work: (at) => work(items[at] as T) })
    if (this.#jobs.length === 1) this.#run()
  }

  #run(): void {
    const end = performance.now() + SLICE
    for (let [job] = this.#jobs; job; [job] = this.#jobs) {
      while (job.at < job.count) {
        if (job.at % STRIDE === STRIDE - 1 && performance.now() > end) return void setImmediate(() => this.#run())
        job.work(job.at++)
      }
      this.#jobs.shift()
    }
  }
}
