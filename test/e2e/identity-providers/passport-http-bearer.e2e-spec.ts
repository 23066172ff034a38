import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Plugin, PluginStore, Strategy, type PassportRequest } from '@mortise/sdk'
import { Strategy as BearerStrategy } from 'passport-http-bearer'
import { NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

@Strategy('token', { strategy: BearerStrategy })
class Token extends NoCredentials {
  constructor(private readonly store: PluginStore) { super() }
  async verify(_request: PassportRequest, token: string) {
    const known = await this.store.repository<{ kuid: string }>('tokens').get(createHash('sha256').update(String(token)).digest('hex'))
    return known ? { kuid: known.kuid } : false
  }
}

/** Tokens of an older system, kept as their hashes in the plugin's own store. */
@Plugin({ name: 'tokens', providers: [Token] })
class TokenPlugin {
  constructor(private readonly store: PluginStore) {}

  async onModuleInit() {
    for (const [token, kuid] of [['token-of-ann', 'ann'], ['token-of-somebody-gone', 'gone']] as const) {
      await this.store.repository<{ kuid: string }>('tokens').create({ _id: createHash('sha256').update(token).digest('hex'), kuid })
    }
  }
}

let host: LoginHost
beforeAll(async () => { host = await startLoginHost({ plugins: [TokenPlugin] }) })
afterAll(() => host.close())

test('a token of the older system gets one of the host', async () => {
  const { status, result } = await host.logIn('token', { access_token: 'token-of-ann' })
  expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
  expect(await host.whoIs(result.jwt)).toBe('ann')
})

test('it may come as the bearer token of the request, which is the strategy\'s to judge then', async () => {
  const { status, result } = await host.logIn('token', {}, { authorization: 'Bearer token-of-ann' })
  expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
  expect(await host.logIn('token', {}, { authorization: 'Bearer made-up' })).toMatchObject(REFUSED)
})

test('as one of another action it is refused before anybody else sees it', async () => {
  for (const [method, path] of [['GET', '/users/_me'], ['POST', '/_query']] as const) {
    const body = method === 'POST' ? { controller: 'auth', action: 'login', strategy: 'token', jwt: 'token-of-ann' } : undefined
    expect((await host.ask(method, path, { body, headers: method === 'GET' ? { authorization: 'Bearer token-of-ann' } : {} })).status).toBe(401)
  }
})

test('a socket trades one the same way', async () => {
  expect(await host.logInBySocket('token', { access_token: 'token-of-ann' })).toBe('ann')
  await expect(host.logInBySocket('token', { access_token: 'made up' })).rejects.toMatchObject({ status: 401 })
})

test.each([
  ['made up', { access_token: 'made-up' }], ['empty', { access_token: '' }], ['missing', {}], ['a list', { access_token: ['token-of-ann', 'x'] }],
  ['an object', { access_token: { length: 1 } }],
])('a token that is %s is refused', async (_what, body) => {
  expect(await host.logIn('token', body)).toMatchObject(REFUSED)
})

test('a token given twice is refused', async () => {
  const { body } = await host.ask('POST', '/_login/token?access_token=token-of-ann', { body: { access_token: 'token-of-ann' } })
  expect(body).toMatchObject(REFUSED)
})

test('the older system\'s token is none of the host\'s', async () => {
  expect((await host.ask('GET', '/users/_me', { headers: { authorization: 'Bearer token-of-ann' } })).status).toBe(401)
})

test('a token of somebody who is no user here gives nothing', async () => {
  expect(await host.logIn('token', { access_token: 'token-of-somebody-gone' })).toMatchObject({ result: null, error: { id: 'plugin.strategy.unknown_kuid' } })
})
