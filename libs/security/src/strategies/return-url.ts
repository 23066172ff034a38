/**
 * Whether a browser may be sent to `url` with a token: only to an address that
 * is configured, or below one that ends in `/`. Compared as parsed, so that no
 * way of writing an address passes for another.
 */
export function isReturnUrl(url: string, allowed: readonly string[]): boolean {
  const target = parse(url)
  return target !== undefined && allowed.some((entry) => {
    const permitted = parse(entry)
    if (!permitted || permitted.origin !== target.origin) return false
    return permitted.pathname.endsWith('/') ? target.pathname.startsWith(permitted.pathname) : target.pathname === permitted.pathname
  })
}

function parse(text: string): URL | undefined {
  // Browsers read a backslash as a slash, and drop tabs and line ends.
  if (/[\\\s]/.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && url.username === '' && url.password === '' ? url : undefined
}
