import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import AuthOidc from '../../../plugins/available/auth-oidc/src/index.js'
import { startIdentityProvider, walkPages, type IdentityProvider } from '../../../plugins/available/auth-oidc/test/identity-provider.js'
import { findFreePort, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

const WELCOME = 'https://app.example/welcome'

/** The plugin that ships, on the whole host, against a provider with pages. */
let provider: IdentityProvider
let host: LoginHost

beforeAll(async () => {
  const port = await findFreePort()
  const callbackUrl = `http://127.0.0.1:${port}/_login/company`
  provider = await startIdentityProvider([callbackUrl])
  const company = { issuer: provider.issuer, clientId: 'mortise', callbackUrl, allowInsecure: true, attributes: { name: 'name' } }
  host = await startLoginHost({
    plugins: [AuthOidc], port, secrets: { 'auth-oidc': { company: 'client-secret' } },
    config: { plugins: { 'auth-oidc': { providers: { company } } }, security: { returnUrls: [WELCOME] } },
  })
})
afterAll(async () => {
  provider.close()
  await host.close()
})

/** From the host to the provider's pages and back; `browser` is the cookie that the host gave. */
async function travel(login: string, query = ''): Promise<{ back: URL; browser: { cookie: string } }> {
  const away = await fetch(`${host.url}/_login/company${query}`, { redirect: 'manual' })
  expect(away.status).toBe(302)
  const back = new URL(await walkPages(String(away.headers.get('location')), { login }))
  return { back, browser: { cookie: String(away.headers.get('set-cookie')).split(';')[0] as string } }
}

test('a browser ends with a token that works, and is the same user the next time', async () => {
  const [first, again] = [await host.arrive((await travel('ann')).back.href), await host.arrive((await travel('ann')).back.href)]
  expect(first).toMatchObject({ status: 200, error: null })
  expect(await host.whoIs(first.result.jwt)).toBe(first.result._id)
  expect(again.result._id).toBe(first.result._id)
})

test('a browser ends at the page it asked for, with the token in the fragment, and no other browser does', async () => {
  const { back, browser } = await travel('ann', `?returnTo=${encodeURIComponent(WELCOME)}`)
  const arrived = await fetch(back, { redirect: 'manual', headers: browser })
  expect(arrived.status).toBe(302)
  expect(arrived.headers.get('location')).toMatch(/^https:\/\/app\.example\/welcome#.*jwt=kauth-/)
  const stolen = await travel('ann', `?returnTo=${encodeURIComponent(WELCOME)}`)
  expect((await fetch(stolen.back, { redirect: 'manual' })).status).toBe(401)
})

test('a socket is told where to go, and ends logged in', async () => {
  const client = new Kuzzle(new WebSocket('127.0.0.1', { port: host.port }))
  await client.connect()
  const { result } = await client.query({ controller: 'auth', action: 'login', strategy: 'company' })
  const { searchParams } = new URL(await walkPages(result.headers.Location, { login: 'bob' }))
  const way = { controller: 'auth', action: 'login', strategy: 'company', ...Object.fromEntries(searchParams) }
  const answer = await client.query(way)
  expect(await host.whoIs(answer.result.jwt)).toBe(answer.result._id)
  await expect(client.query(way)).rejects.toMatchObject(REFUSED.error)
  client.disconnect()
})

test('somebody whose tokens and account were taken away begins anew', async () => {
  const { result } = await host.arrive((await travel('dan')).back.href)
  await host.ask('DELETE', `/users/${result._id}`)
  expect((await host.ask('GET', '/users/_me', { headers: { authorization: `Bearer ${result.jwt}` } })).status).toBeGreaterThanOrEqual(401)
  const anew = await host.arrive((await travel('dan')).back.href)
  expect(anew).toMatchObject({ status: 200 })
  expect(anew.result._id).not.toBe(result._id)
})
