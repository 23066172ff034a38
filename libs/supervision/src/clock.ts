/** The time, and what is to happen later; tests may bring a clock of their own. Times in milliseconds. */
export interface Clock {
  /** Since 1970. */
  now(): number
  /** Calls back once; the function that it returns takes that back. */
  after(milliseconds: number, work: () => void): () => void
}

const after: Clock['after'] = (milliseconds, work) => {
  const timer = setTimeout(work, milliseconds)
  timer.unref()
  return () => clearTimeout(timer)
}

/** The machine's clock. What waits does not keep the process alive. */
export const systemClock: Clock = { now: () => Date.now(), after }

/** The machine's clock for what is measured: it counts from the start of the process, and is never set back. */
export const steadyClock: Clock = { now: () => performance.now(), after }
