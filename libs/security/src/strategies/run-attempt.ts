import type { PassportRequest } from '@mortise/sdk'
import type { Outcome, PassportStrategy } from './passport-contract.js'

/**
 * Lets a Passport strategy look at a request, once. Each attempt gets a copy
 * of the strategy of its own, so that attempts never meet.
 *
 * @throws what the strategy reports as an error, or throws.
 */
export function runAttempt(strategy: PassportStrategy, request: PassportRequest, options: object): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const attempt = Object.create(strategy) as PassportStrategy
    attempt.success = (user) => resolve({ kind: 'success', user })
    attempt.fail = (challenge) => resolve({ kind: 'refused', ...readChallenge(challenge) })
    attempt.redirect = (url) => resolve({ kind: 'redirect', url: String(url) })
    attempt.pass = () => resolve({ kind: 'refused', message: undefined })
    attempt.error = (error) => reject(toError(error))
    request.res = createResponse(resolve)
    // A strategy may be async, and then reject instead of calling `error`.
    Promise.resolve().then(() => attempt.authenticate(request, options)).catch((error: unknown) => reject(toError(error)))
  })
}

/** Told by shape: strategies also report texts, and errors of other realms. */
const toError = (error: unknown): Error =>
  (typeof error === 'object' && error !== null && 'message' in error ? error as Error : new Error(String(error)))

/** A challenge is the text of a `WWW-Authenticate` header, or an object with a message for people. */
function readChallenge(challenge: unknown): { message: string | undefined; challenge?: string } {
  if (typeof challenge === 'string') return { message: undefined, challenge }
  const message = (challenge as { message?: unknown } | null | undefined)?.message
  return { message: typeof message === 'string' ? message : undefined }
}

/** For strategies that answer with a page of their own, such as a form that posts itself to the provider. */
function createResponse(resolve: (outcome: Outcome) => void): object {
  const headers: Record<string, string> = {}
  const response = {
    statusCode: 200,
    setHeader: (name: string, value: unknown) => { headers[name.toLowerCase()] = String(value) },
    getHeader: (name: string) => headers[name.toLowerCase()],
    send: (page: unknown) => response.end(page),
    end: (page: unknown = '') => {
      const { location } = headers
      resolve(location === undefined
        ? { kind: 'page', page: String(page), status: response.statusCode, headers }
        : { kind: 'redirect', url: location })
    },
  }
  return response
}
