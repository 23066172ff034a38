import type { Request, Token, User } from '@mortise/sdk'

/** Who a request comes from. */
export interface Identity {
  readonly user: User
  readonly token: Token | null
}

/**
 * The two questions that the pipeline asks of security. Both may answer at
 * once or later; at once is what a hot path wants.
 */
export interface Gate {
  /** Who is this? @throws `security.token.invalid` and its kin (401). */
  authenticate(request: Request): Identity | Promise<Identity>
  /** May they? @throws `security.rights.unauthorized` (401, anonymous) or `security.rights.forbidden` (403). */
  authorize(request: Request, identity: Identity): void | Promise<void>
  /** Refuses who asks too often, after they are known and allowed. @throws `api.process.too_many_requests` (429) and its kin. */
  limit(request: Request, identity: Identity): void | Promise<void>
}
