import { createHash, randomBytes } from 'node:crypto'
import type { PassportRequest, StrategyMethods } from '@mortise/sdk'
import type { StrategyDefinition } from '@app/registry'

interface Attempt {
  success(user: unknown): void
  fail(challenge: unknown): void
  error(error: unknown): void
  redirect(url: string): void
}

/**
 * An identity provider in memory, with `state` and PKCE as OAuth 2 has them:
 * `consent` is what a person does on its page, and gives the way back.
 */
export class MemoryProvider {
  readonly codes = new Map<string, { person: string; challenge: string }>()

  /** Follows a redirect to the provider, says yes, and yields the arguments it comes back with. */
  consent(location: string, person: string): { code: string; state: string } {
    const { searchParams } = new URL(location)
    const code = randomBytes(8).toString('hex')
    this.codes.set(code, { person, challenge: searchParams.get('code_challenge') ?? '' })
    return { code, state: searchParams.get('state') ?? '' }
  }

  /** Trades a code for a person. A code is good once, and only for who knows what its challenge was made from. */
  redeem(code: string, verifier: string): string | undefined {
    const known = this.codes.get(code)
    this.codes.delete(code)
    return known?.challenge === challengeOf(verifier) ? known.person : undefined
  }
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

/** A Passport strategy that keeps its state in the session, as the OAuth ones do. */
export function createProviderStrategy(provider: MemoryProvider, name = 'provider', sendState = true): StrategyDefinition {
  class ProviderStrategy {
    constructor(_options: object, private readonly verify: (request: PassportRequest, person: string, done: (...given: unknown[]) => void) => void) {}

    authenticate(this: this & Attempt, request: PassportRequest): void {
      const { code, state, error } = request.query as Record<string, string | undefined>
      if (error) return this.fail({ message: error })
      return code === undefined ? this.begin(request) : this.end(request, code, state)
    }

    private begin(this: this & Attempt, { session }: PassportRequest): void {
      const [state, verifier] = [randomBytes(8).toString('hex'), randomBytes(16).toString('hex')]
      session[name] = { state: sendState ? state : undefined, verifier }
      const query = new URLSearchParams({ code_challenge: challengeOf(verifier), ...(sendState && { state }) })
      this.redirect(`https://provider.example/authorize?${query.toString()}`)
    }

    private end(this: this & Attempt, request: PassportRequest, code: string, state: string | undefined): void {
      const kept = request.session[name] as { state?: string; verifier: string } | undefined
      if (!kept || kept.state !== state) return this.fail({ message: 'Unable to verify authorization request state' })
      const person = provider.redeem(code, kept.verifier)
      if (person === undefined) return this.error(new Error('invalid_grant'))
      this.verify(request, person, (fault: unknown, user: unknown, info: unknown) => {
        if (fault) return this.error(fault)
        return user ? this.success(user) : this.fail(info)
      })
    }
  }
  const methods: StrategyMethods = {
    verify: async (_request, person: string) => ({ kuid: person }),
    exists: () => false, create: () => ({}), update: () => ({}), delete: () => undefined, validate: () => true,
  }
  return { name, strategy: ProviderStrategy, methods }
}
