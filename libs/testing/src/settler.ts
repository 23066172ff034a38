import { setImmediate, setTimeout } from 'node:timers/promises'

/** What is under way, and how much of it waits for the test to go on. */
interface Busy {
  /** Deliveries, runs, and what looks for more of them. */
  readonly work: () => readonly Promise<unknown>[]
  /** Resolves once the calls of now have ended. */
  readonly drained: () => Promise<unknown>
  /** How many calls are held back by faults. */
  readonly held: () => number
}

/** Milliseconds after which what is under way counts as waiting for something that only the test can bring. */
const PATIENCE = 1_000
/** The same where something is known to wait so. */
const SHORT_PATIENCE = 20
/** Turns of the event loop in which what has just happened leads to the next thing. */
const TURNS = 3

/** Waits for what is under way in a host. */
export class Settler {
  /** What was waited for in vain. */
  #lingering = new Set<Promise<unknown>>()
  #isDrainedInVain = false

  constructor(private readonly busy: Busy) {}

  /** From now on, what was waited for in vain is waited for again. */
  forget(): void {
    this.#lingering = new Set()
    this.#isDrainedInVain = false
  }

  /** Resolves once nothing is under way but what hangs. */
  async settle(): Promise<void> {
    if (!this.#isDrainedInVain) this.#isDrainedInVain = !await this.#waitFor(this.busy.drained())
    for (;;) {
      for (let turn = 0; turn < TURNS; turn++) await setImmediate()
      const pending = this.#pending()
      if (pending.length === 0) return
      if (await this.#waitFor(Promise.allSettled(pending))) continue
      for (const work of this.#pending()) if (pending.includes(work)) this.#lingering.add(work)
    }
  }

  #pending(): Promise<unknown>[] {
    return this.busy.work().filter((work) => !this.#lingering.has(work))
  }

  /** Whether it ended before patience did. */
  async #waitFor(work: Promise<unknown>): Promise<boolean> {
    const over = new AbortController()
    const patience = this.busy.held() > 0 ? SHORT_PATIENCE : PATIENCE
    const isInTime = await Promise.race([
      work.then(() => true),
      setTimeout(patience, false, { signal: over.signal }).catch(() => false),
    ])
    over.abort()
    return isInTime
  }
}
