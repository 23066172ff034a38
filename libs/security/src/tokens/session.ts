import type { Identity } from '../gate.js'
import type { Person } from '../entities/person.js'
import type { IssuedToken } from './issued-token.js'

/** A verified token in use: who it is, and which connections used it. */
export class Session implements Identity {
  /** Connections that outlive a request and have used this token. */
  readonly connections = new Set<string>()
  /** Set when the user changed: they are read anew at the next use. */
  isStale = false
  /** Milliseconds since the epoch; infinite for a token that never ends. */
  endsAt: number

  constructor(readonly id: string, public user: Person, readonly token: IssuedToken) {
    this.endsAt = token.expiresAt === -1 ? Number.POSITIVE_INFINITY : token.expiresAt
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
