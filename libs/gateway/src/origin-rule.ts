/**
 * Which origins of web pages may ask: any when the list holds `*`, those it
 * names, and those that match a pattern written between slashes.
 *
 * @throws SyntaxError when a pattern is no regular expression.
 */
export function createOriginRule(allowed: readonly string[]): (origin: string) => boolean {
  if (allowed.includes('*')) return () => true
  const patterns = allowed.filter(isPattern).map((pattern) => new RegExp(pattern.slice(1, -1)))
  const origins = new Set(allowed)
  return (origin) => origins.has(origin) || patterns.some((pattern) => pattern.test(origin))
}

const isPattern = (text: string): boolean => text.length > 2 && text.startsWith('/') && text.endsWith('/')
