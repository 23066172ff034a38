import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** What a person does on the provider's pages. */
export interface Person {
  readonly login: string
  /** Whether they let the client know who they are; they do when absent. */
  readonly consents?: boolean
}

/** An OpenID Connect provider on loopback, with pages to log in and to consent. */
export interface IdentityProvider {
  readonly issuer: string
  close(): void
}

/** Starts one that knows the client `mortise`, and everybody who gives a name. */
export async function startIdentityProvider(redirectUris: readonly string[], secret = 'client-secret'): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'mortise', client_secret: secret, redirect_uris: redirectUris, response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, name: `Name of ${id}`, email: `${id}@example.org` }) }),
    pkce: { required: () => true },
  })
  server.on('request', provider.callback())
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { issuer, close }
}

/** A browser at the provider: follows redirects, keeps cookies and fills in forms, until it is sent to an address elsewhere. */
export async function walkPages(start: string, { login, consents = true }: Person): Promise<string> {
  const home = new URL(start).origin
  const cookies = new Map<string, string>()
  let next: { url: string; form?: Record<string, string> } = { url: start }
  for (let steps = 0; steps < 20; steps++) {
    if (new URL(next.url).origin !== home) return next.url
    const response = await fetch(next.url, {
      redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form && { method: 'POST', body: new URLSearchParams(next.form) }),
    })
    for (const cookie of response.headers.getSetCookie()) cookies.set(...readCookie(cookie))
    const location = response.headers.get('location')
    next = location === null ? answer(await response.text(), login, consents) : { url: new URL(location, next.url).href }
  }
  throw new Error(`${start} leads in circles`)
}

/** What a person answers a page with: their name, their consent, or a click on "Cancel". */
function answer(page: string, login: string, consents: boolean): { url: string; form?: Record<string, string> } {
  const isLogin = page.includes('name="login"')
  const link = (isLogin || consents ? /action="([^"]+)"/ : /href="([^"]+\/abort)"/).exec(page)?.[1]
  if (link === undefined) throw new Error(`The provider shows a page without a form:\n${page}`)
  if (!isLogin && !consents) return { url: link }
  return { url: link, form: isLogin ? { prompt: 'login', login, password: 'any' } : { prompt: 'consent' } }
}

function readCookie(header: string): [string, string] {
  const [pair = ''] = header.split(';')
  const at = pair.indexOf('=')
  return [pair.slice(0, at), pair.slice(at + 1)]
}
