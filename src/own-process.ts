import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { attributeStray } from '@app/loader'
import { isIn, stackLines } from '@app/packages'
import type { HostLogger } from './logger.js'
import type { RunningMortise } from './start-mortise.js'

/** Where the host's own code lies, which may end the process. */
const OWN = dirname(fileURLToPath(import.meta.url))

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

  /** Tells who ends the process, where nobody but the host may: an application around it has reasons of its own. */
  watchExit(): void {
    process.once('exit', (code) => this.#tellExit(code))
  }

  /** Stops when what drives this process has gone without a word: nobody would ever end it. */
  endWith(line: Readable): void {
    line.once('end', () => void this.stop()).resume()
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

  /** The stack still holds who has called `process.exit`. Whoever it was, the host did not end as it should. */
  #tellExit(code: number): void {
    const error = new Error(`process.exit(${code}) was called, which ends the host. Throw an error instead.`)
    const lines = stackLines(error)
    const caller = lines[lines.findIndex((line) => /\bat process\.exit\b/.test(line)) + 1]
    if (this.#isStopping || caller === undefined || caller === lines[0] || isIn(caller, OWN)) return
    error.stack = [error.message, ...lines.slice(lines.indexOf(caller))].join('\n')
    this.#tellStray(error)
    process.exitCode = code || 1
  }

  /** What plugins throw where nobody catches it is told under their name. */
  #tellStray(error: unknown): void {
    const plugin = attributeStray(error, this.#mortise?.host.folders ?? [])
    this.logger.for(plugin ?? 'host').error(error)
  }
}
