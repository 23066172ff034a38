import type { PassportRequest } from '@mortise/sdk'
import type { Claims, Pending, Provider } from './provider.js'

type Verify = (request: PassportRequest, claims: Claims, done: (error: unknown, user?: unknown, info?: unknown) => void) => void

/** What the host puts on the strategy for an attempt. */
interface Attempt {
  success(user: unknown): void
  fail(challenge: unknown): void
  error(error: unknown): void
  redirect(url: string): void
}

/** Under this name a flow is kept in the session. */
const KEY = 'oidc'

/** A Passport strategy around one provider: sends the browser there, and asks who it is when it comes back. */
export class ProviderStrategy {
  readonly name = 'oidc'

  constructor(private readonly options: { provider: Provider }, private readonly verify: Verify) {}

  async authenticate(this: this & Attempt, request: PassportRequest): Promise<void> {
    const answer = { ...request.query, ...request.body as object }
    if (!('code' in answer) && !('error' in answer)) return this.begin(request)
    const pending = request.session[KEY] as Pending | undefined
    if (!pending) return this.fail({ message: 'This login was not begun here, has ended already, or took too long.' })
    if ('error' in answer) return this.fail({ message: sayWhy(answer) })
    const claims = await this.options.provider.end(answer, pending)
    this.verify(request, claims, (error, user, info) => {
      if (error) return this.error(error)
      return user ? this.success(user) : this.fail(info)
    })
  }

  private async begin(this: this & Attempt, { session }: PassportRequest): Promise<void> {
    const { url, pending } = await this.options.provider.begin()
    session[KEY] = pending
    this.redirect(url)
  }
}

const sayWhy = ({ error, error_description: description }: { error?: unknown; error_description?: unknown }): string =>
  String(description ?? error).slice(0, 200)
