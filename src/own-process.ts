import { attributeStray } from '@app/loader'
import type { HostLogger } from './logger.js'
import type { RunningMortise } from './start-mortise.js'

/** A process that is there for a host alone: signals stop it in good order, and what plugins throw astray ends nothing. */
export class OwnProcess {
  #mortise: RunningMortise | undefined
  #isStopping = false
  readonly #handlers: [event: string, handler: (value: unknown) => void][]

  constructor(private readonly logger: HostLogger) {
    this.#handlers = [
      ...['SIGTERM', 'SIGINT'].map((signal): [string, () => void] => [signal, () => void this.stop()]),
      ...['uncaughtException', 'unhandledRejection'].map((stray): [string, (error: unknown) => void] => [stray, (error) => this.#tellStray(error)]),
    ]
    for (const [event, handler] of this.#handlers) process.on(event, handler)
  }

  /** To be called with the host, once it runs. */
  runs(mortise: RunningMortise): void {
    this.#mortise = mortise
  }

  /** Stops the host and ends the process. */
  async stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    try {
      await this.#mortise?.close()
      process.exit(0)
    } catch (error) {
      this.logger.error(error)
      process.exit(1)
    }
  }

  /** Leaves the process to others. */
  release(): void {
    for (const [event, handler] of this.#handlers) process.off(event, handler)
  }

  /** What plugins throw where nobody catches it is told under their name. */
  #tellStray(error: unknown): void {
    const plugin = attributeStray(error, this.#mortise?.host.folders ?? [])
    this.logger.for(plugin ?? 'host').error(error)
  }
}
