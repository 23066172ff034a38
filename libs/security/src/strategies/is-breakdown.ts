const BUGS: ReadonlySet<unknown> = new Set(['TypeError', 'ReferenceError', 'RangeError'])

/** Codes of Node's system errors and of its HTTP client. */
const UNREACHABLE = /^(E[A-Z]+|UND_ERR_\w+)$/

/**
 * Whether a Passport strategy failed for reasons of its own, a bug or a
 * provider out of reach, rather than for what the client sent. Looks at the
 * causes of an error too, where OAuth strategies keep the provider's answer.
 */
export function isBreakdown(error: unknown, depth = 0): boolean {
  if (depth > 3 || typeof error !== 'object' || error === null) return false
  const { name, code, statusCode, cause, oauthError } = error as Record<string, unknown>
  if (BUGS.has(name) || UNREACHABLE.test(String(code)) || Number(statusCode) >= 500) return true
  return isBreakdown(cause, depth + 1) || isBreakdown(oauthError, depth + 1)
}
