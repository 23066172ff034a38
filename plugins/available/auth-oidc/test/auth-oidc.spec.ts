import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import { OAuth2Server } from 'oauth2-mock-server'
import AuthOidc from '../src/index.js'

interface Answer {
  status: number
  error: { id?: string; message?: string } | null
  result: { _id?: string; jwt?: string } | null
}

describe('a login at a provider', () => {
  const provider = new OAuth2Server()
  let person: Record<string, unknown>
  let host: TestHost

  beforeAll(async () => {
    await provider.issuer.keys.generate('RS256')
    await provider.start(0, 'localhost')
    provider.service.on('beforeUserinfo', (response: { body: object }) => { response.body = person })
    provider.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => { token.payload.sub = String(person.sub) })
  })
  afterAll(() => provider.stop())

  const base = { clientId: 'mortise', allowInsecure: true, attributes: { name: 'name', mail: 'email' } }
  const start = async (company: object = {}): Promise<void> => {
    const url = provider.issuer.url as string
    host = await createTestHost({
      plugins: [AuthOidc],
      config: {
        'auth-oidc': {
          providers: {
            company: { ...base, issuer: url, callbackUrl: 'http://localhost:7512/_login/company', ...company },
            plain: { ...base, authorizationUrl: `${url}/authorize`, tokenUrl: `${url}/token`, userInfoUrl: `${url}/userinfo`, callbackUrl: 'http://localhost:7512/_login/plain' },
          },
        },
      },
      secrets: { 'auth-oidc': { company: 'client-secret', plain: 'client-secret' } },
    })
  }
  beforeEach(() => { person = { sub: 'person-1', id: 77, name: 'Ann', email: 'ann@example.org' } })
  afterEach(async () => {
    provider.service.removeAllListeners('beforeResponse')
    await host.close()
  })

  const ask = async (path: string): Promise<Answer> => await (await host.fetch(path, {})).json() as Answer

  /** To the provider's page, which says yes, and to the address that the browser is sent back to. */
  async function leave(name = 'company'): Promise<string> {
    const away = await host.send({ controller: 'auth', action: 'login', strategy: name })
    expect(away.status).toBe(302)
    const page = await fetch(String(away.response.headers.location), { redirect: 'manual' })
    const back = new URL(page.headers.get('location') as string)
    return back.pathname + back.search
  }

  test('begins with PKCE, a state and a nonce', async () => {
    await start()
    const away = await host.send({ controller: 'auth', action: 'login', strategy: 'company' })
    const { searchParams } = new URL(String(away.response.headers.location))
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code', client_id: 'mortise', code_challenge_method: 'S256', scope: 'openid profile email', redirect_uri: 'http://localhost:7512/_login/company',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/), state: expect.stringMatching(/^[\w-]{20,}$/), nonce: expect.stringMatching(/^[\w-]{20,}$/),
    })
    expect(away.response.headers.location).not.toContain('client-secret')
  })

  test('makes a user of somebody who comes for the first time, and finds them again', async () => {
    await start()
    const first = await ask(await leave())
    expect(first).toMatchObject({ status: 200, error: null, result: { jwt: expect.stringMatching(/^kauth-/) } })
    const again = await ask(await leave())
    expect(again.result?._id).toBe(first.result?._id)
    const user = await host.call<{ _source: object }>({ controller: 'security', action: 'getUser', _id: first.result?._id })
    expect(user._source).toMatchObject({ name: 'Ann', mail: 'ann@example.org', profileIds: ['default'] })
  })

  test('works at a provider of OAuth2 without OpenID Connect', async () => {
    await start()
    const first = await ask(await leave('plain'))
    expect(first).toMatchObject({ status: 200, error: null })
    expect(await host.call({ controller: 'security', action: 'getCredentials', strategy: 'plain', _id: first.result?._id })).toEqual({ subject: '77', kuid: first.result?._id })
  })

  test('keeps people of different providers apart, whatever their names', async () => {
    await start()
    person = { sub: '77', id: '77', name: 'Ann' }
    const [one, two] = [await ask(await leave('company')), await ask(await leave('plain'))]
    expect(one.result?._id).not.toBe(two.result?._id)
  })

  test('of two first logins at the same time makes one user', async () => {
    await start()
    const ways = [await leave(), await leave(), await leave()]
    const ends = await Promise.all(ways.map(ask))
    expect(ends.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(ends.map(({ result }) => result?._id)).size).toBe(1)
    expect(await host.call({ controller: 'security', action: 'searchUsers', body: {} })).toMatchObject({ total: 1 })
  })

  test('is refused when it comes back twice', async () => {
    await start()
    const way = await leave()
    expect((await ask(way)).status).toBe(200)
    expect(await ask(way)).toMatchObject({ status: 401, error: { id: 'plugin.strategy.missing_user' } })
  })

  test('is refused with a state or a code of somebody\'s own', async () => {
    await start()
    const [one, two] = [new URL(await leave(), 'http://x'), new URL(await leave(), 'http://x')]
    expect(await ask('/_login/company?code=made-up&state=made-up')).toMatchObject({ status: 401 })
    const mixed = `/_login/company?code=${two.searchParams.get('code')}&state=${one.searchParams.get('state')}`
    expect((await ask(mixed)).status).toBe(401)
  })

  test('is refused when the person says no, in the provider\'s words', async () => {
    await start()
    const { searchParams } = new URL(await leave(), 'http://x')
    const answer = await ask(`/_login/company?error=access_denied&error_description=Not%20today&state=${searchParams.get('state')}`)
    expect(answer).toMatchObject({ status: 401, error: { id: 'plugin.strategy.missing_user', message: 'Not today' } })
  })

  test.each([
    ['another nonce', { nonce: 'another' }], ['another audience', { aud: 'another' }], ['another issuer', { iss: 'http://evil.example' }], ['an end that has passed', { exp: 1 }],
  ])('is refused when the token names %s', async (_what, claims) => {
    await start()
    const change = (token: { payload: object }): void => { Object.assign(token.payload, claims) }
    provider.service.on('beforeTokenSigning', change)
    const answer = await ask(await leave())
    provider.service.off('beforeTokenSigning', change)
    expect(answer).toMatchObject({ status: 401, result: null })
  })

  test('is refused when the provider refuses the code', async () => {
    await start()
    const way = await leave()
    provider.service.once('beforeResponse', (response: { body: object; statusCode: number }) => Object.assign(response, { statusCode: 400, body: { error: 'invalid_grant' } }))
    expect(await ask(way)).toMatchObject({ status: 401 })
  })

  test('is refused when the provider tells of somebody else than its token', async () => {
    await start()
    const way = await leave()
    provider.service.once('beforeUserinfo', (response: { body: object; statusCode: number }) => Object.assign(response, { statusCode: 200, body: { sub: 'somebody else' } }))
    expect(await ask(way)).toMatchObject({ status: 401, result: null })
  })

  test('lets only known people in when users are not to be made', async () => {
    await start({ createUsers: false })
    expect(await ask(await leave())).toMatchObject({ status: 401, error: { message: 'Nobody here goes by this account.' } })
    await host.call({ controller: 'security', action: 'createUser', _id: 'ann', body: { content: { profileIds: ['default'] }, credentials: { company: { subject: 'person-1' } } } })
    expect(await ask(await leave())).toMatchObject({ status: 200, result: { _id: 'ann' } })
    await host.call({ controller: 'security', action: 'deleteUser', _id: 'ann' })
    expect((await ask(await leave())).status).toBe(401)
  })

  test('cannot be claimed by a user for themselves', async () => {
    await start()
    const { result } = await ask(await leave())
    const claim = await host.send({ controller: 'auth', action: 'createMyCredentials', strategy: 'plain', body: { subject: '78' }, jwt: result?.jwt })
    expect(claim.error).toMatchObject({ status: 403 })
  })

  test('does not keep the host from starting when the provider is down, and works once it is up', async () => {
    await start({ issuer: 'http://localhost:1' })
    const answer = await host.send({ controller: 'auth', action: 'login', strategy: 'company' })
    expect(answer.error).toMatchObject({ status: 500, id: 'plugin.runtime.unexpected_error' })
    expect((await ask(await leave('plain'))).status).toBe(200)
  })
})

test('a provider without encryption is refused in the configuration', async () => {
  const providers = { company: { issuer: 'http://id.example', clientId: 'x', callbackUrl: 'http://localhost/' } }
  await expect(createTestHost({ plugins: [AuthOidc], config: { 'auth-oidc': { providers } } })).rejects.toThrow(/https|providers/)
})
