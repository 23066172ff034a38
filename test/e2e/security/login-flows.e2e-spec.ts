import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { createProviderStrategy, MemoryProvider } from '../../support/create-provider-strategy.js'
import { definePlugin } from '../../support/define-plugin.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** Logins by way of a provider's pages cannot be mixed up, replayed, forged or led astray. */
describe('logins by a provider', () => {
  let host: SecuredHost
  let provider: MemoryProvider

  beforeEach(async () => {
    provider = new MemoryProvider()
    host = await startSecuredHost({
      security: { returnUrls: ['https://app.example/welcome', 'https://app.example/deep/'] },
      plugins: [definePlugin({ name: 'providers', strategies: [createProviderStrategy(provider), createProviderStrategy(provider, 'stateless', false)] })],
    })
    for (const id of ['ann', 'bob']) await host.security.services.users.create(id, { profileIds: ['default'] })
  })
  afterEach(() => host.close())

  const login = (data: object = {}, headers: Record<string, string> = {}): Promise<Request> =>
    host.send({ controller: 'auth', action: 'login', strategy: 'provider', ...data }, headers, { verb: 'GET', url: '/_login/provider' })
  const locationOf = ({ response }: Request): string => String(response.headers.location)
  const cookieOf = ({ response }: Request): string => String([response.headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
  const userOf = ({ result }: Request): string | undefined => (result as { _id?: string } | null)?._id

  test('the first answer sends the browser away, the second one is a token', async () => {
    const away = await login()
    expect(away.status).toBe(302)
    expect(away.result).toEqual({ headers: { Location: locationOf(away) }, statusCode: 302 })
    expect(away.error).toBeNull()
    const back = await login(provider.consent(locationOf(away), 'ann'))
    expect(back.status).toBe(200)
    expect(back.result).toMatchObject({ _id: 'ann', jwt: expect.stringMatching(/^kauth-/), ttl: 3_600_000 })
  })

  test('it works over a protocol that follows no redirects as well', async () => {
    const { Request: ApiRequest } = await import('@mortise/sdk')
    const ask = (data: object): Promise<Request> => host.pipeline.run(new ApiRequest({ controller: 'auth', action: 'login', strategy: 'provider', ...data }, { connection: { id: 's', protocol: 'websocket' } }))
    const away = await ask({})
    const { headers } = away.result as { headers: { Location: string } }
    expect(userOf(await ask(provider.consent(headers.Location, 'ann')))).toBe('ann')
    expect(away.response.headers['set-cookie']).toBeUndefined()
  })

  test('a way back that was gone once cannot be gone again', async () => {
    const way = provider.consent(locationOf(await login()), 'ann')
    expect(userOf(await login(way))).toBe('ann')
    const replay = await login(way)
    expect(replay.error).toMatchObject({ status: 401, id: 'plugin.strategy.missing_user', message: 'Unable to verify authorization request state' })
  })

  test('a forged state is refused', async () => {
    const { code, state } = provider.consent(locationOf(await login()), 'ann')
    for (const forged of ['forged', '', `${state}x`, '__proto__', undefined, { state }, [state]]) {
      expect((await login({ code, state: forged })).error).toMatchObject({ status: 401 })
    }
  })

  test('a code of one flow is worth nothing in another', async () => {
    const [mine, theirs] = [await login(), await login()]
    const stolen = provider.consent(locationOf(theirs), 'bob')
    const own = provider.consent(locationOf(mine), 'ann')
    const mixed = await login({ code: stolen.code, state: own.state })
    expect(mixed.error).toMatchObject({ status: 401, message: 'invalid_grant' })
  })

  test('a hundred flows at the same time end with who began them', async () => {
    const flows = await Promise.all(Array.from({ length: 100 }, async (_, index) => {
      const person = index % 2 === 0 ? 'ann' : 'bob'
      return { person, way: provider.consent(locationOf(await login()), person) }
    }))
    const ends = await Promise.all(flows.reverse().map(async ({ person, way }) => userOf(await login(way)) === person))
    expect(ends).not.toContain(false)
  })

  test('a flow of one strategy cannot be ended by another', async () => {
    const way = provider.consent(locationOf(await login()), 'ann')
    expect((await login({ ...way, strategy: 'stateless' })).error).toMatchObject({ status: 401 })
  })

  test('a strategy that sends no state finds its flow by the browser', async () => {
    const away = await login({ strategy: 'stateless' })
    const { code } = provider.consent(locationOf(away), 'ann')
    expect((await login({ strategy: 'stateless', code })).error).toMatchObject({ status: 401 })
    expect(userOf(await login({ strategy: 'stateless', code: provider.consent(locationOf(away), 'ann').code }, { cookie: cookieOf(away) }))).toBe('ann')
  })

  test('the cookie that knows a browser again is out of reach of scripts and other sites', async () => {
    const [cookie] = [(await login()).response.headers['set-cookie']].flat()
    expect(cookie).toMatch(/^loginFlow=[\w-]{36}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)
  })

  test('it comes back with a form that the provider\'s page posts, over TLS, where browsers send no other', async () => {
    const [cookie] = [(await login({}, { 'x-forwarded-proto': 'https' })).response.headers['set-cookie']].flat()
    expect(cookie).toMatch(/^loginFlow=[\w-]{36}; Path=\/; Max-Age=600; HttpOnly; SameSite=None; Secure$/)
  })

  test('a person who says no is answered with 401 and the provider\'s words', async () => {
    expect((await login({ error: 'access_denied' })).error).toMatchObject({ status: 401, message: 'access_denied' })
  })

  test('a person whom nobody knows is told as a fault of the plugin', async () => {
    const back = await login(provider.consent(locationOf(await login()), 'nobody'))
    expect(back.error).toMatchObject({ id: 'plugin.strategy.unknown_kuid', status: 500 })
  })

  describe('that end at a page', () => {
    test('go to a configured address, with the token where only the page reads it', async () => {
      const away = await login({ returnTo: 'https://app.example/welcome' })
      const back = await login(provider.consent(locationOf(away), 'ann'), { cookie: cookieOf(away) })
      expect(back.status).toBe(302)
      expect(locationOf(back)).toMatch(/^https:\/\/app\.example\/welcome#jwt=kauth-/)
    })

    test('go with a cookie instead, when one was asked for', async () => {
      const away = await login({ returnTo: 'https://app.example/deep/er?x=1', cookieAuth: true })
      const back = await login(provider.consent(locationOf(away), 'ann'), { cookie: cookieOf(away) })
      expect(locationOf(back)).toBe('https://app.example/deep/er?x=1')
      expect([back.response.headers['set-cookie']].flat().join()).toMatch(/authToken=kauth-.*HttpOnly; SameSite=Strict/)
    })

    test.each([
      'https://evil.example/welcome', 'https://app.example.evil.example/welcome', 'https://app.example@evil.example/welcome',
      'https://evil.example/https://app.example/welcome', 'https://evil.example#https://app.example/welcome', 'http://app.example/welcome',
      'https://app.example:444/welcome', 'https://app.example/welcome/../elsewhere', 'https://app.example/welcomes', 'https://app.example/deep/../admin',
      'https://app.example/deep/%2e%2e/admin', '//evil.example/welcome', '\\\\evil.example\\welcome', 'https:\\\\evil.example', 'https:/\\evil.example',
      'https://app.example\\@evil.example/welcome', 'javascript:alert(1)//https://app.example/welcome', 'data:text/html,x', 'https://user:pass@app.example/welcome',
      'https://app.example/welcome\nLocation: https://evil.example', 'https://app.example/\twelcome', ' https://app.example/welcome', 'https://APP.EXAMPLE.evil.example/welcome',
      'https://аpp.example/welcome', '/welcome', '', 'welcome',
    ])('refuse to go to %j', async (returnTo) => {
      const answer = await login({ returnTo })
      expect(answer.error).toMatchObject({ id: 'api.assert.invalid_argument', status: 400 })
      expect(answer.response.headers.location).toBeUndefined()
    })

    test('are not led elsewhere on the way back', async () => {
      const away = await login({ returnTo: 'https://app.example/welcome' })
      const way = provider.consent(locationOf(away), 'ann')
      const back = await login({ ...way, returnTo: 'https://evil.example/' }, { cookie: cookieOf(away) })
      expect(locationOf(back)).toMatch(/^https:\/\/app\.example\/welcome#/)
    })

    test('end in the browser they began in: nobody is logged in as somebody else by a link', async () => {
      const away = await login({ returnTo: 'https://app.example/welcome' })
      const way = provider.consent(locationOf(away), 'ann')
      const elsewhere = await login(way, { cookie: 'loginFlow=00000000-0000-4000-8000-000000000000' })
      expect(elsewhere.error).toMatchObject({ id: 'security.cookie.invalid', status: 401 })
      expect(elsewhere.response.headers.location).toBeUndefined()
    })

    test('in two tabs of one browser end both', async () => {
      const one = await login({ returnTo: 'https://app.example/welcome' })
      const two = await login({ returnTo: 'https://app.example/deep/' }, { cookie: cookieOf(one) })
      expect(cookieOf(two)).toBe(cookieOf(one))
      const ends = [await login(provider.consent(locationOf(one), 'ann'), { cookie: cookieOf(one) }), await login(provider.consent(locationOf(two), 'bob'), { cookie: cookieOf(two) })]
      expect(ends.map(locationOf).map((location) => location.split('#')[0])).toEqual(['https://app.example/welcome', 'https://app.example/deep/'])
    })
  })

  test('a pipe may put a second step between the credentials and the token', async () => {
    host.registry.register(definePlugin({
      name: 'second-factor',
      pipes: [{ event: 'auth:strategyAuthenticated', name: 'SecondFactor.ask', handler: (payload) => ({ ...payload as object, content: { statusCode: 206, headers: { 'X-Second-Step': 'code' } } }) }],
    }))
    const answer = await login(provider.consent(locationOf(await login()), 'ann'))
    expect(answer.status).toBe(206)
    expect(answer.result).toEqual({ statusCode: 206, headers: { 'X-Second-Step': 'code' } })
    expect(answer.response.headers['x-second-step']).toBe('code')
  })

  test('a pipe may refuse a login', async () => {
    const { ForbiddenError } = await import('@mortise/sdk')
    host.registry.register(definePlugin({
      name: 'curfew', pipes: [{ event: 'auth:strategyAuthenticated', name: 'Curfew.check', handler: () => { throw new ForbiddenError('It is late.') } }],
    }))
    expect((await login(provider.consent(locationOf(await login()), 'ann'))).error).toMatchObject({ status: 403, message: 'It is late.' })
  })
})
