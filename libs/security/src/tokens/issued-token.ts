import type { Token } from '@mortise/sdk'

/** What a token is made of. */
export interface TokenFacts {
  readonly userId: string
  /** As clients send it, prefix and all. */
  readonly jwt: string
  /** Milliseconds since the epoch; -1 for never. */
  readonly expiresAt: number
  readonly ttl: number
  readonly singleUse?: boolean
  readonly type: 'authToken' | 'apiKey'
}

/** A token as requests carry it. The token itself can be read but is never written out with the rest, so that no log shows it. */
export class IssuedToken implements Token {
  readonly userId: string
  readonly expiresAt: number
  readonly ttl: number
  readonly singleUse: boolean
  readonly type: 'authToken' | 'apiKey'
  refreshed = false
  readonly #jwt: string

  constructor({ userId, jwt, expiresAt, ttl, singleUse = false, type }: TokenFacts) {
    this.#jwt = jwt
    this.userId = userId
    this.expiresAt = expiresAt
    this.ttl = ttl
    this.singleUse = singleUse
    this.type = type
  }

  get jwt(): string {
    return this.#jwt
  }

  get _id(): string {
    return `${this.userId}#${this.#jwt}`
  }
}
