import type { Logger } from '@mortise/sdk'

const RETRY_AFTER = 1000

/**
 * Whether what this node keeps at hand may be relied on. It may not from the moment that changes of other nodes may have been missed until
 * everything was read anew, which is tried until it succeeds.
 */
export class Trust {
  #regained: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(private readonly readAnew: () => Promise<void>, private readonly logger: Logger) {}

  get isWhole(): boolean {
    return this.#regained === undefined
  }

  /** Something may have been missed. What is being read is read again. */
  lose(): void {
    clearTimeout(this.#retry)
    const attempt = this.readAnew()
    this.#regained = attempt
    attempt.then(() => {
      if (this.#regained === attempt) this.#regained = undefined
    }, (error: unknown) => {
      if (this.#regained !== attempt) return
      this.logger.warn(`Security could not be read anew, and tokens are refused until it is: ${String(error)}`)
      this.#retry = setTimeout(() => this.lose(), RETRY_AFTER).unref()
    })
  }

  /** Waits until all is read anew. @throws what kept it from being read */
  async regained(): Promise<void> {
    while (this.#regained) await this.#regained
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#regained = undefined
  }
}
