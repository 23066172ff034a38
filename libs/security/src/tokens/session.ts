import type { Identity } from '../gate.js'
import type { Person } from '../entities/person.js'
import type { IssuedToken } from './issued-token.js'

/** A verified token in use: who it is, and which connections used it. */
export class Session implements Identity {
  /** Connections that outlive a request and have used this token. */
  readonly connections = new Set<string>()
  /** How often the user has changed since the token was verified. */
  #changes = 0
  /** Up to which change {@link user} is read. */
  #isReadTo = 0
  /** Milliseconds since the epoch; infinite for a token that never ends. */
  endsAt: number

  constructor(readonly id: string, public user: Person, readonly token: IssuedToken) {
    this.endsAt = token.expiresAt === -1 ? Number.POSITIVE_INFINITY : token.expiresAt
  }

  /** Whether the user has changed since they were read: nobody may use the session before {@link readAnew}. */
  get isStale(): boolean {
    return this.#isReadTo < this.#changes
  }

  /** Takes note that the user changed: they are read anew at the next use. */
  outdate(): void {
    this.#changes++
  }

  /** Reads the user until what was read is not older than their last change. Those who come meanwhile do the same. @throws what `read` throws, and the session stays stale */
  async readAnew(read: () => Promise<Person>): Promise<this> {
    while (this.isStale) {
      const changes = this.#changes
      const user = await read()
      if (changes <= this.#isReadTo) continue
      this.user = user
      this.#isReadTo = changes
    }
    return this
  }
}

/** Why a token is no longer good. */
export type EndReason = 'expired' | 'revoked'

/** A connection whose token ended. */
export interface EndedConnection {
  readonly connectionId: string
  readonly userId: string
  readonly reason: EndReason
}
