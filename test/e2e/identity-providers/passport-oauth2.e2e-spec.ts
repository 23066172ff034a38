import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Config, Plugin, Strategy, type PassportRequest } from '@mortise/sdk'
import { OAuth2Server } from 'oauth2-mock-server'
import { Strategy as GitHubStrategy } from 'passport-github2'
import { Strategy as OAuth2Strategy } from 'passport-oauth2'
import { NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

interface Endpoints { authorizationURL: string; tokenURL: string; userProfileURL: string }

/** Where both strategies find the provider, and what they call themselves there. */
const optionsOf = ({ config }: { config: Config<Endpoints> }) => ({ ...config.values, clientID: 'mortise', clientSecret: 'client-secret' })

@Strategy('oauth2', { strategy: OAuth2Strategy, options: (self: OAuth2) => ({ ...optionsOf(self), callbackURL: '/_login/oauth2', state: true, pkce: true }) })
class OAuth2 extends NoCredentials {
  constructor(readonly config: Config<Endpoints>) { super() }

  async verify(_request: PassportRequest, accessToken: string) {
    const answer = await fetch(this.config.values.userProfileURL, { headers: { authorization: `Bearer ${accessToken}` } })
    return { kuid: (await answer.json() as { login: string }).login }
  }
}

@Strategy('github', {
  strategy: GitHubStrategy,
  options: (self: GitHub) => ({ ...optionsOf(self), callbackURL: '/_login/github', state: true }),
  authenticateOptions: { scope: ['user:email'] },
})
class GitHub extends NoCredentials {
  constructor(readonly config: Config<Endpoints>) { super() }

  async verify(_request: PassportRequest, _accessToken: string, _refreshToken: string, profile: { id: string; username: string }) {
    return profile.id === '77' ? { kuid: profile.username } : { message: 'not one of us' }
  }
}

@Plugin({ name: 'providers', providers: [OAuth2, GitHub] })
class Providers {}

const provider = new OAuth2Server()
let person: { id: number; login: string }
let host: LoginHost

beforeAll(async () => {
  await provider.issuer.keys.generate('RS256')
  await provider.start(0, '127.0.0.1')
  provider.service.on('beforeUserinfo', (response: { body: object }) => { response.body = person })
  const { url } = provider.issuer
  const endpoints = { authorizationURL: `${url}/authorize`, tokenURL: `${url}/token`, userProfileURL: `${url}/userinfo` }
  host = await startLoginHost({ plugins: [Providers], config: { plugins: { providers: endpoints } } })
  person = { id: 77, login: 'ann' }
})
afterAll(async () => {
  await provider.stop()
  await host.close()
})
afterEach(() => { person = { id: 77, login: 'ann' } })

/** Lets the provider's token endpoint answer once with an error of its own. */
const failOnce = (statusCode: number, body: object): void => {
  provider.service.once('beforeResponse', (response: object) => { Object.assign(response, { statusCode, body }) })
}

describe.each(['oauth2', 'github'])('a log-in by the strategy "%s"', (strategy) => {
  /** To the provider, which lets everybody in, and the way back. */
  async function travel(): Promise<{ away: URL; back: URL }> {
    const begun = await fetch(`${host.url}/_login/${strategy}`, { redirect: 'manual' })
    expect(begun.status).toBe(302)
    const away = new URL(String(begun.headers.get('location')))
    const page = await fetch(away, { redirect: 'manual' })
    return { away, back: new URL(String(page.headers.get('location'))) }
  }

  test('ends in a token that works', async () => {
    const { back } = await travel()
    expect(back.origin + back.pathname).toBe(`${host.url}/_login/${strategy}`)
    const { status, result } = await host.arrive(back.href)
    expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
    expect(await host.whoIs(result.jwt)).toBe('ann')
  })

  test('is refused the second time, and with a code of before', async () => {
    const { back } = await travel()
    expect((await host.arrive(back.href)).status).toBe(200)
    expect(await host.arrive(back.href)).toMatchObject(REFUSED)
  })

  test('is refused with a forged state, and without any', async () => {
    for (const forge of [({ searchParams }: URL) => searchParams.set('state', 'forged'), ({ searchParams }: URL) => searchParams.delete('state')]) {
      const { back } = await travel()
      forge(back)
      expect(await host.arrive(back.href)).toMatchObject(REFUSED)
    }
  })

  test('is refused when the person says no, in the provider\'s words', async () => {
    const { back } = await travel()
    const query = new URLSearchParams({ error: 'access_denied', error_description: 'nope', state: String(back.searchParams.get('state')) })
    expect(await host.arrive(`${host.url}/_login/${strategy}?${query}`)).toMatchObject({ ...REFUSED, error: { message: 'nope' } })
  })

  test('is refused when the provider refuses the code', async () => {
    const { back } = await travel()
    failOnce(400, { error: 'invalid_grant', error_description: 'used' })
    expect(await host.arrive(back.href)).toMatchObject(REFUSED)
  })

  test('is no refusal when the provider is broken', async () => {
    const { back } = await travel()
    failOnce(503, { message: 'in maintenance' })
    expect(await host.arrive(back.href)).toMatchObject({ status: 500, result: null })
  })

  test('of two at the same time keeps them apart', async () => {
    const [one, two] = [await travel(), await travel()]
    const swapped = new URL(one.back)
    swapped.searchParams.set('state', 'of nobody')
    expect(await host.arrive(swapped.href)).toMatchObject(REFUSED)
    expect((await host.arrive(two.back.href)).status).toBe(200)
    expect((await host.arrive(one.back.href)).status).toBe(200)
  })

  test('is no way into the other strategy', async () => {
    const { back } = await travel()
    back.pathname = strategy === 'oauth2' ? '/_login/github' : '/_login/oauth2'
    expect(await host.arrive(back.href)).toMatchObject(REFUSED)
  })
})

test('PKCE binds a code to the log-in it was asked for', async () => {
  const begin = async (): Promise<URL> => {
    const begun = await fetch(`${host.url}/_login/oauth2`, { redirect: 'manual' })
    const away = String(begun.headers.get('location'))
    expect(away).toContain('code_challenge_method=S256')
    return new URL(String((await fetch(away, { redirect: 'manual' })).headers.get('location')))
  }
  const [mine, stolen] = [await begin(), await begin()]
  mine.searchParams.set('code', String(stolen.searchParams.get('code')))
  expect(await host.arrive(mine.href)).toMatchObject(REFUSED)
})

test('a stranger at GitHub is refused in the plugin\'s words', async () => {
  person = { id: 78, login: 'boss' }
  const begun = await fetch(`${host.url}/_login/github`, { redirect: 'manual' })
  expect(String(begun.headers.get('location'))).toContain('scope=user%3Aemail')
  const page = await fetch(String(begun.headers.get('location')), { redirect: 'manual' })
  expect(await host.arrive(String(page.headers.get('location')))).toMatchObject({ ...REFUSED, error: { message: 'not one of us' } })
})
