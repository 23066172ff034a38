/** Headers that stand once: a second value replaces the first. */
const SINGLE: ReadonlySet<string> = new Set([
  'age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since',
  'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer', 'retry-after', 'user-agent',
])

/** An empty set of headers that a name such as `constructor` cannot surprise. */
export const createHeaders = (): Record<string, string | string[]> => ({})

/**
 * Adds a header by the rules of HTTP: cookies collect in a list, single
 * headers are replaced, the others joined by a comma.
 */
export function setHeader(headers: Record<string, string | string[]>, name: string, value: string | string[]): void {
  const key = name.toLowerCase()
  const known = Object.hasOwn(headers, key) ? headers[key] : undefined
  if (key === 'set-cookie') headers[key] = [...(known ?? []), ...(Array.isArray(value) ? value : [value])]
  else if (known === undefined || SINGLE.has(key)) headers[key] = Array.isArray(value) ? value.join(', ') : String(value)
  else headers[key] = `${String(known)}, ${String(value)}`
}
