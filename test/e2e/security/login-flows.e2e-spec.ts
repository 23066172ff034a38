import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { definePlugin } from '../../support/define-plugin.js'
import { locationOf, startProviderHost, userOf, type ProviderHost } from '../../support/start-provider-host.js'

/** Logins by way of a provider's pages: away, back, and what may come between. */
describe('logins by a provider', () => {
  let host: ProviderHost
  let provider: ProviderHost['provider']
  let login: ProviderHost['login']

  beforeEach(async () => {
    host = await startProviderHost();
    ({ provider, login } = host)
  })
  afterEach(() => host.close())

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
