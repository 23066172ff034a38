import { Config, Injectable, type Request } from '@mortise/sdk'
import { errors } from './errors.js'
import { Failures } from './failures.js'
import type { Settings } from './settings.js'

/**
 * Slows down whoever guesses: by username and address, so that nobody can lock
 * out somebody else, and by address, so that many usernames do not help.
 */
@Injectable()
export class Attempts {
  readonly #byUsername: Failures
  readonly #byAddress: Failures
  readonly #behindProxy: boolean

  constructor(config: Config<Settings>) {
    const { maxFailures, maxFailuresPerAddress, failureWindow, behindProxy } = config.values
    this.#byUsername = new Failures(maxFailures, failureWindow)
    this.#byAddress = new Failures(maxFailuresPerAddress, failureWindow)
    this.#behindProxy = behindProxy
  }

  /** @throws `plugin.auth-local.too_many_failures` (429), whether the password would be right or not */
  check(request: Request, username: string): void {
    const address = this.#addressOf(request)
    const wait = Math.max(this.#byUsername.waitOf(keyOf(username, address)), this.#byAddress.waitOf(address))
    if (wait > 0) throw errors.too_many_failures(Math.ceil(wait / 1000))
  }

  /** Counted before the password is checked, so that attempts at the same time count as well; {@link succeeded} takes it back. */
  add(request: Request, username: string): void {
    const address = this.#addressOf(request)
    this.#byUsername.add(keyOf(username, address))
    this.#byAddress.add(address)
  }

  succeeded(request: Request, username: string): void {
    const address = this.#addressOf(request)
    this.#byUsername.forget(keyOf(username, address))
    this.#byAddress.takeBack(address)
  }

  #addressOf({ context: { connection: { ips } } }: Request): string {
    return (this.#behindProxy ? ips.at(-1) : ips[0]) ?? 'unknown'
  }
}

const keyOf = (username: string, address: string): string => JSON.stringify([username, address])
