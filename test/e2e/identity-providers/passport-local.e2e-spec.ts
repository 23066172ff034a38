import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Plugin, Strategy, type PassportRequest } from '@mortise/sdk'
import { Strategy as LocalStrategy } from 'passport-local'
import { NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

@Strategy('badge', { strategy: LocalStrategy, options: { usernameField: 'badge', passwordField: 'pin' }, fields: ['badge', 'pin'] })
class Badges extends NoCredentials {
  async verify(_request: PassportRequest, badge: string, pin: string) {
    return badge === 'b-1' && pin === '4711' ? { kuid: 'ann' } : { message: 'no such badge' }
  }
}

@Plugin({ name: 'badges', providers: [Badges] })
class BadgePlugin {}

let host: LoginHost
beforeAll(async () => { host = await startLoginHost({ plugins: [BadgePlugin] }) })
afterAll(() => host.close())

test('name and password get in, and the token works', async () => {
  const { status, result } = await host.logIn('badge', { badge: 'b-1', pin: '4711' })
  expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
  expect(await host.whoIs(result.jwt)).toBe('ann')
})

test('a socket logs in the same way', async () => {
  expect(await host.logInBySocket('badge', { badge: 'b-1', pin: '4711' })).toBe('ann')
  await expect(host.logInBySocket('badge', { badge: 'b-1', pin: '0000' })).rejects.toMatchObject({ status: 401, id: 'plugin.strategy.missing_user' })
})

test('a wrong password is refused in the plugin\'s words', async () => {
  expect(await host.logIn('badge', { badge: 'b-1', pin: '0000' })).toMatchObject({ ...REFUSED, error: { message: 'no such badge' } })
})

test.each([
  ['nothing', {}], ['no password', { badge: 'b-1' }], ['an empty password', { badge: 'b-1', pin: '' }], ['objects', { badge: { $gt: '' }, pin: { $gt: '' } }],
  ['lists', { badge: ['b-1'], pin: ['4711'] }], ['somebody\'s prototype', { __proto__: { badge: 'b-1', pin: '4711' } }],
])('%s is refused', async (_what, body) => {
  expect(await host.logIn('badge', body)).toMatchObject(REFUSED)
})

test('the strategy is told with its fields', async () => {
  expect((await host.ask('GET', '/credentials/badge/_fields')).body.result).toEqual(['badge', 'pin'])
  expect((await host.ask('GET', '/strategies')).body.result).toContain('badge')
})
