import type { PassportRequest } from '@mortise/sdk'

type Verify = (request: PassportRequest, username: string, password: string, done: (error: unknown, user?: unknown, info?: unknown) => void) => void

/** What the host puts on the strategy for an attempt. */
interface Attempt {
  success(user: unknown): void
  fail(challenge: unknown): void
  error(error: unknown): void
}

/** A Passport strategy that reads `username` and `password` from the body, or else from the query string. */
export class LocalStrategy {
  readonly name = 'local'

  constructor(_options: object, private readonly verify: Verify) {}

  authenticate(this: this & Attempt, request: PassportRequest): void {
    const username = read(request, 'username')
    const password = read(request, 'password')
    if (username === undefined || password === undefined) return this.fail({ message: 'Missing credentials' })
    this.verify(request, username, password, (error, user, info) => {
      if (error) return this.error(error)
      return user ? this.success(user) : this.fail(info)
    })
  }
}

function read({ body, query }: PassportRequest, name: string): string | undefined {
  const value: unknown = (body as Record<string, unknown>)[name] ?? query[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
