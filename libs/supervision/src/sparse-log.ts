import type { Logger } from '@mortise/sdk'

/** Milliseconds in which one subject is told of once. */
const PAUSE = 10_000

/** Warns of what may happen a thousand times a second: of each subject at once, then at most every ten seconds, with how often it was meanwhile. */
export class SparseLog {
  readonly #told = new Map<string, { at: number; unsaid: number }>()

  constructor(private readonly logger: Logger, private readonly clock: () => number) {}

  /** `describe` makes the sentence, when there is one to say. */
  warn(subject: string, describe: () => string): void {
    const now = this.clock()
    const told = this.#told.get(subject)
    if (told && now - told.at < PAUSE) return void told.unsaid++
    this.#told.set(subject, { at: now, unsaid: 0 })
    this.logger.warn(told?.unsaid ? `${describe()} (and ${told.unsaid} times more since this was last said)` : describe())
  }
}
