import type { PluginShape } from '../wire/messages.js'
import type { PluginKeeper } from './plugin-keeper.js'

/** A plugin in as many threads or processes as it has keepers, each of which runs all of it: calls go round. */
export class PluginCrew {
  #next = 0

  constructor(private readonly keepers: readonly PluginKeeper[]) {}

  /** Starts all of them. @throws what is wrong with the first that does not start; the others may run then, and are to be closed */
  async start(): Promise<PluginShape> {
    const outcomes = await Promise.allSettled(this.keepers.map((keeper) => keeper.start()))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
    return (outcomes[0] as PromiseFulfilledResult<PluginShape>).value
  }

  /**
   * Has the next that runs call a handler.
   *
   * @throws `plugin.worker.unavailable` (503) while all are down, and when the one that was called goes down before it answers.
   * @throws `plugin.worker.cannot_cross` when payload or answer cannot be cloned.
   */
  run(handler: number, subject: string, payload: readonly unknown[]): Promise<unknown> {
    return this.#pick().run(handler, subject, payload)
  }

  /** Ends the lives they lead, as a crash would. */
  kill(): void {
    for (const keeper of this.keepers) keeper.kill()
  }

  /** Starts those that were given up. */
  resume(): void {
    for (const keeper of this.keepers) keeper.resume()
  }

  /** Stops all of them for good. @throws what the first shutdown method that throws does */
  async close(): Promise<void> {
    const outcomes = await Promise.allSettled(this.keepers.map((keeper) => keeper.close()))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
  }

  /** The one whose turn it is, passing by those that are down; with none up, any: it says why. */
  #pick(): PluginKeeper {
    const { length } = this.keepers
    for (let passed = 0; passed < length; passed++) {
      const keeper = this.keepers[this.#next] as PluginKeeper
      this.#next = (this.#next + 1) % length
      if (keeper.isUp) return keeper
    }
    return this.keepers[this.#next] as PluginKeeper
  }
}
