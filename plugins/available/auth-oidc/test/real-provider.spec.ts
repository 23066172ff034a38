import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import AuthOidc from '../src/index.js'
import { startIdentityProvider, walkPages, type IdentityProvider, type Person } from './identity-provider.js'

const HOME = 'http://localhost:7512'
const REFUSED = { status: 401, result: null, error: { id: 'plugin.strategy.missing_user' } }

interface Answer {
  status: number
  error: { id: string; message: string } | null
  result: { _id: string; jwt: string }
}

/** The plugin against `oidc-provider`, a certified implementation, by way of its pages. */
let provider: IdentityProvider
let host: TestHost
const logs = (): string => JSON.stringify(host.logs)

beforeAll(async () => {
  provider = await startIdentityProvider(['company', 'by-hand', 'stranger'].map((name) => `${HOME}/_login/${name}`))
  const { issuer } = provider
  const base = { clientId: 'mortise', allowInsecure: true, attributes: { name: 'name', mail: 'email' } }
  host = await createTestHost({
    plugins: [AuthOidc],
    config: {
      'auth-oidc': {
        providers: {
          company: { ...base, issuer, callbackUrl: `${HOME}/_login/company` },
          'by-hand': {
            ...base, authorizationUrl: `${issuer}/auth`, tokenUrl: `${issuer}/token`, userInfoUrl: `${issuer}/me`, callbackUrl: `${HOME}/_login/by-hand`,
            scope: 'openid profile email', identifier: 'sub',
          },
          stranger: { ...base, issuer, callbackUrl: `${HOME}/_login/stranger` },
        },
      },
    },
    secrets: { 'auth-oidc': { company: 'client-secret', 'by-hand': 'client-secret', stranger: 'another-secret' } },
  })
})
afterAll(async () => {
  await host.close()
  provider.close()
})

const ask = async (path: string): Promise<Answer> => await (await host.fetch(path)).json() as Answer

/** To the provider's pages, and the way back to the host. */
async function travel(person: Person, strategy = 'company'): Promise<string> {
  const away = await host.send({ controller: 'auth', action: 'login', strategy })
  expect(away.status).toBe(302)
  const back = new URL(await walkPages(String(away.response.headers.location), person))
  expect(back.origin + back.pathname).toBe(`${HOME}/_login/${strategy}`)
  return back.pathname + back.search
}

test('who logs in and consents becomes a user, and gets a token that works', async () => {
  const { status, result } = await ask(await travel({ login: 'ann' }))
  expect(status).toBe(200)
  const me = await host.call({ controller: 'auth', action: 'getCurrentUser', jwt: result.jwt })
  expect(me).toMatchObject({ _id: result._id, strategies: ['company'], _source: { name: 'Name of ann', mail: 'ann@example.org', profileIds: ['default'] } })
})

test('who comes again is the same user, and others are not', async () => {
  const [first, again, other] = [await ask(await travel({ login: 'bob' })), await ask(await travel({ login: 'bob' })), await ask(await travel({ login: 'eve' }))]
  expect(again.result._id).toBe(first.result._id)
  expect(other.result._id).not.toBe(first.result._id)
})

test('endpoints by hand lead to the same pages', async () => {
  const { status, result } = await ask(await travel({ login: 'ann' }, 'by-hand'))
  expect(status).toBe(200)
  expect(await host.call({ controller: 'security', action: 'getCredentials', strategy: 'by-hand', _id: result._id })).toEqual({ subject: 'ann', kuid: result._id })
})

test('who does not consent is refused, and is no user', async () => {
  expect(await ask(await travel({ login: 'dan', consents: false }))).toMatchObject(REFUSED)
  expect(await host.call({ controller: 'security', action: 'searchUsers', body: { query: { term: { name: 'Name of dan' } } } })).toMatchObject({ total: 0 })
})

test('a way back that was used is refused', async () => {
  const way = await travel({ login: 'ann' })
  expect((await ask(way)).status).toBe(200)
  expect(await ask(way)).toMatchObject(REFUSED)
})

test.each([['state', 'made-up'], ['code', 'made-up'], ['iss', 'http://evil.example']])('a way back with another "%s" is refused', async (name, value) => {
  const way = new URL(await travel({ login: 'ann' }), HOME)
  way.searchParams.set(name, value)
  expect(await ask(way.pathname + way.search)).toMatchObject(REFUSED)
})

test('two people at the same time cannot be mixed up', async () => {
  const [ann, bob] = [await travel({ login: 'ann' }), await travel({ login: 'bob' })].map((way) => new URL(way, HOME))
  const mixed = new URL(ann as URL)
  mixed.searchParams.set('code', String(bob?.searchParams.get('code')))
  expect(await ask(mixed.pathname + mixed.search)).toMatchObject(REFUSED)
})

test('a way back from one strategy is none of another', async () => {
  const way = await travel({ login: 'ann' })
  expect(await ask(way.replace('/company', '/by-hand'))).toMatchObject(REFUSED)
})

test('a client with another secret is refused by the provider, and the secret is told nowhere', async () => {
  const answer = await ask(await travel({ login: 'ann' }, 'stranger'))
  expect(answer).toMatchObject(REFUSED)
  expect(JSON.stringify(answer) + logs()).not.toMatch(/another-secret|client-secret/)
})
