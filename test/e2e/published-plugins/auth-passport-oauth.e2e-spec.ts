import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuth2Server, type MutableResponse } from 'oauth2-mock-server'
import { askSocket } from '../../support/ask-socket.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

const NAME = 'kuzzle-plugin-auth-passport-oauth'
/** Where the provider sends browsers back to: the host, under a name that the outside knows it by. */
const CALLBACK = 'http://host.example/_login/github'

describe('kuzzle-plugin-auth-passport-oauth, against a provider', () => {
  const provider = new OAuth2Server()
  let host: StartedHost

  beforeAll(async () => {
    await provider.issuer.keys.generate('RS256')
    await provider.start(0, 'localhost')
    provider.service.on('beforeUserinfo', (response: MutableResponse) => {
      response.body = { id: 77, login: 'johndoe', email: 'john@x.io', name: 'John Doe' }
    })
    const at = (path: string): string => `${provider.issuer.url}/${path}`
    const github = {
      passportStrategy: 'github',
      credentials: {
        clientID: 'mortise', clientSecret: 'client-secret', callbackURL: CALLBACK,
        authorizationURL: at('authorize'), tokenURL: at('token'), userProfileURL: at('userinfo'),
      },
      persist: ['login', 'email', 'name'],
      scope: ['user:email'],
      identifierAttribute: 'email',
      kuzzleAttributesMapping: {},
    }
    host = await startHost({ installed: [NAME], config: { limits: { loginsPerSecond: 0 }, plugins: { [NAME]: { strategies: { github }, defaultProfiles: ['default'] } } } })
  })
  afterAll(async () => {
    await host.close()
    await provider.stop()
  })

  /** What a browser is told to do, without doing it. */
  const redirection = async (url: string): Promise<URL> => {
    const response = await fetch(url, { redirect: 'manual' })
    await response.text()
    expect(response.status).toBe(302)
    return new URL(response.headers.get('location') ?? '')
  }
  /** Goes to the provider, agrees there, and comes back. */
  const logIn = async () => {
    const back = await redirection((await redirection(`${host.url}/_login/github`)).href)
    expect(back.origin + back.pathname).toBe(CALLBACK)
    return host.ask('GET', `/_login/github${back.search}`)
  }
  const userIds = async (): Promise<string[]> => (await host.ask('POST', '/users/_search', { body: {} })).body.result.hits.map(({ _id }: { _id: string }) => _id)

  test('sends a browser to the provider', async () => {
    const { origin, pathname, searchParams } = await redirection(`${host.url}/_login/github`)
    expect(origin + pathname).toBe(`${provider.issuer.url}/authorize`)
    expect(Object.fromEntries(searchParams)).toMatchObject({ response_type: 'code', redirect_uri: CALLBACK, scope: 'user:email', client_id: 'mortise' })
  })

  test('takes it back as a user, made at the first time and known from then on', async () => {
    const first = await logIn()
    expect(first).toMatchObject({ status: 200, body: { result: { jwt: expect.any(String), _id: expect.any(String) } } })
    const kuid = first.body.result._id as string
    expect((await host.ask('GET', `/users/${kuid}`)).body.result).toMatchObject({ _source: { profileIds: ['default'] } })
    expect((await logIn()).body.result._id).toBe(kuid)
    expect(await userIds()).toEqual([kuid])
  })

  test('keeps what the provider told, under the attribute that identifies', async () => {
    const [kuid] = await userIds()
    expect((await host.ask('GET', `/credentials/github/${kuid}`)).body.result).toMatchObject({ login: 'johndoe', email: 'john@x.io', name: 'John Doe' })
    const byId = await host.ask('GET', '/credentials/github/john@x.io/_byId')
    expect(byId.body.result).toMatchObject({ _id: 'john@x.io', kuid })
    expect(await host.ask('GET', `/users/_me`, { headers: { authorization: `Bearer ${(await logIn()).body.result.jwt}` } })).toMatchObject({ body: { result: { _id: kuid, strategies: expect.arrayContaining(['github']) } } })
  })

  test('tells what the provider refuses', async () => {
    const { body } = await host.ask('GET', '/_login/github?error=access_denied&error_description=nope')
    expect(body.error).toMatchObject({ id: 'plugin.strategy.missing_user', status: 401, message: 'nope' })
  })

  test('refuses a code that the provider does not take', async () => {
    provider.service.once('beforeResponse', (response: MutableResponse) => {
      response.statusCode = 400
      response.body = { error: 'invalid_grant' }
    })
    const { body } = await host.ask('GET', '/_login/github?code=spent')
    expect(body.error).toMatchObject({ status: 401, id: 'plugin.strategy.missing_user', message: 'invalid_grant' })
  })

  test('does the same over WebSocket', async () => {
    const logIn = (given: object) => askSocket(host.port, { controller: 'auth', action: 'login', strategy: 'github', ...given })
    const away = await logIn({})
    expect(away).toMatchObject({ status: 302, result: { statusCode: 302 } })
    const back = await redirection(away.result.headers.Location)
    expect(await logIn(Object.fromEntries(back.searchParams))).toMatchObject({ status: 200, result: { jwt: expect.any(String) } })
    expect(await logIn({ error: 'access_denied', error_description: 'nope' })).toMatchObject({ status: 401, error: { message: 'nope' } })
  })
})
