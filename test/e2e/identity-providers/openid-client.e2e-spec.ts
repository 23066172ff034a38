import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Plugin, Strategy, type PassportRequest } from '@mortise/sdk'
import { allowInsecureRequests, discovery, type Configuration } from 'openid-client'
import { Strategy as OpenIdStrategy } from 'openid-client/passport'
import { startIdentityProvider, walkPages, type IdentityProvider, type Person } from '../../../plugins/available/auth-oidc/test/identity-provider.js'
import { findFreePort, NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

/** What openid-client hands on: claims of the verified ID token. */
interface Tokens { claims(): { sub: string } | undefined }

let provider: IdentityProvider
let host: LoginHost

beforeAll(async () => {
  const port = await findFreePort()
  const callbackURL = `http://127.0.0.1:${port}/_login/openid`
  provider = await startIdentityProvider([callbackURL])
  const config: Configuration = await discovery(new URL(provider.issuer), 'mortise', 'client-secret', undefined, { execute: [allowInsecureRequests] })

  @Strategy('openid', { strategy: OpenIdStrategy, options: { config, callbackURL, scope: 'openid profile' } })
  class OpenId extends NoCredentials {
    async verify(_request: PassportRequest, tokens: Tokens) {
      const { sub } = tokens.claims() ?? {}
      return sub === undefined ? false : { kuid: sub }
    }
  }

  @Plugin({ name: 'openid', providers: [OpenId] })
  class OpenIdPlugin {}

  host = await startLoginHost({ plugins: [OpenIdPlugin], port })
})
afterAll(async () => {
  provider.close()
  await host.close()
})

/** To the provider's pages and back: the address that the browser is sent to, and the cookie that it has by then. */
async function travel(person: Person): Promise<{ url: URL; browser: { cookie: string } }> {
  const away = await fetch(`${host.url}/_login/openid`, { redirect: 'manual' })
  expect(away.status).toBe(302)
  const url = new URL(await walkPages(String(away.headers.get('location')), person))
  expect(url.origin).toBe(host.url)
  return { url, browser: { cookie: String(away.headers.get('set-cookie')).split(';')[0] as string } }
}

test('who logs in at the provider and consents gets a token that works', async () => {
  const { url, browser } = await travel({ login: 'ann' })
  const { status, result } = await host.arrive(url.href, browser)
  expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
  expect(await host.whoIs(result.jwt)).toBe('ann')
})

test('the browser is sent out with PKCE', async () => {
  const away = await fetch(`${host.url}/_login/openid`, { redirect: 'manual' })
  const { searchParams } = new URL(String(away.headers.get('location')))
  expect(Object.fromEntries(searchParams)).toMatchObject({ client_id: 'mortise', code_challenge_method: 'S256', code_challenge: expect.stringMatching(/^[\w-]{43}$/) })
})

test('a way back is good once', async () => {
  const { url, browser } = await travel({ login: 'ann' })
  expect((await host.arrive(url.href, browser)).status).toBe(200)
  expect(await host.arrive(url.href, browser)).toMatchObject({ ...REFUSED, error: { message: 'Unable to verify authorization request state' } })
})

test('a way back in another browser is refused', async () => {
  const { url } = await travel({ login: 'ann' })
  expect(await host.arrive(url.href)).toMatchObject(REFUSED)
  const { browser } = await travel({ login: 'boss' })
  expect(await host.arrive(url.href, browser)).toMatchObject(REFUSED)
})

test.each([['code', 'made-up'], ['iss', 'http://evil.example']])('a way back with another "%s" is refused', async (name, value) => {
  const { url, browser } = await travel({ login: 'ann' })
  url.searchParams.set(name, value)
  expect(await host.arrive(url.href, browser)).toMatchObject(REFUSED)
})

test('who does not consent is refused', async () => {
  const { url, browser } = await travel({ login: 'ann', consents: false })
  expect(url.searchParams.get('error')).toBe('access_denied')
  expect(await host.arrive(url.href, browser)).toMatchObject(REFUSED)
})

test('a way back may be a form that the browser posts, once', async () => {
  const { url, browser } = await travel({ login: 'ann' })
  const post = () => fetch(`${host.url}${url.pathname}`, { method: 'POST', headers: browser, body: url.searchParams })
  expect(await (await post()).json()).toMatchObject({ status: 200, result: { _id: 'ann' } })
  expect(await (await post()).json()).toMatchObject(REFUSED)
})
