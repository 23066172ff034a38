import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cookieOf, locationOf, startProviderHost, type ProviderHost } from '../../support/start-provider-host.js'

/** A browser that comes back from a provider goes nowhere but where the host's configuration says. */
describe('logins that end at a page', () => {
  let host: ProviderHost
  let provider: ProviderHost['provider']
  let login: ProviderHost['login']

  beforeEach(async () => {
    host = await startProviderHost();
    ({ provider, login } = host)
  })
  afterEach(() => host.close())

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
})
