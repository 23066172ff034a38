import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createError, type Request } from '@mortise/sdk'
import type { Identity } from './gate.js'
import { httpRequest, openTestSecurity, socketRequest, type TestSecurity } from '../../../test/support/open-test-security.js'

const now = { controller: 'server', action: 'now' }
const get = { controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: '1' }

describe('the gate', () => {
  let host: TestSecurity

  beforeEach(async () => { host = await openTestSecurity() })
  afterEach(() => host.close())

  const authenticate = async (request: Request): Promise<Identity> => host.security.authenticate(request)
  const restrict = async (): Promise<void> => host.security.services.founding.restrictDefaultRights()

  async function createUser(id: string, profileIds = ['default']): Promise<string> {
    await host.security.services.users.create(id, { profileIds })
    return (await host.security.services.tokens.issue(id)).jwt
  }

  test('takes whoever sends no token for the anonymous user, at once', () => {
    const identity = host.security.authenticate(httpRequest(now)) as Identity
    expect(identity.user._id).toBe('-1')
    expect(identity.token).toBeNull()
  })

  test('takes an empty token for none', () => {
    expect((host.security.authenticate(httpRequest({ ...now, jwt: '' })) as Identity).user._id).toBe('-1')
  })

  test('verifies a token once and then knows it', async () => {
    const jwt = await createUser('ann')
    const first = host.security.authenticate(httpRequest({ ...now, jwt }))
    expect(first).toBeInstanceOf(Promise)
    expect((await first).user._id).toBe('ann')
    const second = host.security.authenticate(httpRequest({ ...now, jwt }))
    expect(second).not.toBeInstanceOf(Promise)
    expect((second as Identity).user._id).toBe('ann')
  })

  test('takes a token without its prefix as well', async () => {
    const jwt = await createUser('ann')
    expect((await authenticate(httpRequest({ ...now, jwt: jwt.replace('kauth-', '') }))).user._id).toBe('ann')
  })

  test('refuses what is no token with 401', async () => {
    await expect(authenticate(httpRequest({ ...now, jwt: 'nope' }))).rejects.toMatchObject({ id: 'security.token.invalid', status: 401 })
  })

  test('leaves the header of a log-in to the strategy, and a token anywhere else refused', async () => {
    const login = { controller: 'auth', action: 'login', strategy: 'token', jwt: 'theirs' }
    const headers = { authorization: 'Bearer theirs' }
    expect((await authenticate(httpRequest(login, headers))).user._id).toBe('-1')
    for (const request of [httpRequest(login), httpRequest({ ...now, jwt: 'theirs' }, headers), socketRequest(login, 'socket-1')]) {
      await expect(authenticate(request)).rejects.toMatchObject({ id: 'security.token.invalid' })
    }
    const jwt = await createUser('ann')
    expect((await authenticate(httpRequest({ ...login, jwt }, { authorization: `Bearer ${jwt}` }))).user._id).toBe('ann')
  })

  test('tells a store that cannot be asked from a token that is not ours', async () => {
    const jwt = await createUser('ann')
    host.store.mGet = () => Promise.reject(createError('services.storage.unexpected_error', 'disk full'))
    const login = { controller: 'auth', action: 'login', strategy: 'token', jwt }
    await expect(authenticate(httpRequest(login, { authorization: `Bearer ${jwt}` }))).rejects.toMatchObject({ id: 'services.storage.unexpected_error' })
  })

  test('is open to everybody at first, and says so', () => {
    expect(host.security.isOpen).toBe(true)
    expect(() => host.security.authorize(httpRequest(get), { user: host.security.services.users.anonymous })).not.toThrow()
  })

  test('answers anonymous users without rights with 401, others with 403', async () => {
    await restrict()
    const jwt = await createUser('ann')
    const anonymous = host.security.authenticate(httpRequest(get)) as Identity
    expect(() => host.security.authorize(httpRequest(get), anonymous)).toThrow(expect.objectContaining({
      id: 'security.rights.unauthorized', status: 401, props: ['document', 'get', '-1'],
    }))
    const ann = await authenticate(httpRequest({ ...get, jwt }))
    expect(() => host.security.authorize(httpRequest(get), ann)).toThrow(expect.objectContaining({
      id: 'security.rights.forbidden', status: 403, props: ['document', 'get', 'ann'],
    }))
    expect(host.security.isOpen).toBe(false)
  })

  test('lets only administrators through in failsafe mode, and everybody log in', async () => {
    const failsafe = await openTestSecurity({ failsafeMode: true })
    const user = { _id: 'ann', profileIds: ['default'] }
    expect(() => failsafe.security.authorize(httpRequest(now), { user })).toThrow(expect.objectContaining({ id: 'security.rights.failsafe_mode_admin_only' }))
    expect(() => failsafe.security.authorize(httpRequest(now), { user: { _id: 'boss', profileIds: ['admin'] } })).not.toThrow()
    expect(() => failsafe.security.authorize(httpRequest({ controller: 'auth', action: 'login' }), { user })).not.toThrow()
    await failsafe.close()
  })

  describe('by cookie', () => {
    const cookie = (jwt: string): { cookie: string } => ({ cookie: `theme=dark; authToken=${jwt}; other=%E0%A4%A` })

    test('knows the user', async () => {
      const jwt = await createUser('ann')
      expect((await authenticate(httpRequest(now, cookie(jwt)))).user._id).toBe('ann')
    })

    test('knows the user on every frame of a socket that was opened with it', async () => {
      const jwt = await createUser('ann')
      expect((await authenticate(socketRequest(now, 'socket-1', cookie(jwt)))).user._id).toBe('ann')
    })

    test('refuses a token beside it', async () => {
      const jwt = await createUser('ann')
      expect(() => host.security.authenticate(httpRequest({ ...now, jwt }, cookie(jwt)))).toThrow(expect.objectContaining({
        id: 'security.token.verification_error', status: 500,
      }))
    })

    test('takes the cookie of somebody who logged out for none', () => {
      expect((host.security.authenticate(httpRequest(now, cookie('null'))) as Identity).user._id).toBe('-1')
    })

    test('refuses a stale cookie, but not for logging in again', async () => {
      await expect(authenticate(httpRequest(now, cookie('kauth-stale')))).rejects.toMatchObject({ id: 'security.token.invalid' })
      const login = httpRequest({ controller: 'auth', action: 'login', cookieAuth: 'true' }, cookie('kauth-stale'))
      expect((await authenticate(login)).user._id).toBe('-1')
    })

    test('refuses a cookie that cannot be read, or comes twice', () => {
      expect(() => host.security.authenticate(httpRequest(now, { cookie: 'authToken=%E0%A4%A' }))).toThrow(expect.objectContaining({
        id: 'security.cookie.invalid', status: 401,
      }))
      expect(() => host.security.authenticate(httpRequest(now, { cookie: 'authToken=a; authToken=b' }))).toThrow(expect.objectContaining({
        id: 'security.cookie.invalid',
      }))
    })

    test('answers 500 when cookies are switched off', async () => {
      const without = await openTestSecurity({ cookieAuthentication: false })
      expect(() => without.security.authenticate(httpRequest(now, cookie('kauth-x')))).toThrow(expect.objectContaining({
        id: 'security.cookie.unsupported', status: 500,
      }))
      await without.close()
    })
  })

  describe('counts', () => {
    const login = (id: string): Request => socketRequest({ controller: 'auth', action: 'login', strategy: 'local' }, id)
    const attempt = (security: TestSecurity['security'], request: Request): (() => void) => () => security.limit(request, { user: security.services.users.anonymous, token: null })

    test('logins by connection', async () => {
      const limited = await openTestSecurity({ loginsPerSecond: 1 })
      const outcomes = ['a', 'a', 'a', 'b'].map((id) => {
        try {
          attempt(limited.security, login(id))()
          return 'in'
        } catch (error) {
          return (error as { id: string }).id
        }
      })
      // A second may begin between two of them: then one more is let in.
      expect(outcomes.filter((outcome) => outcome === 'api.process.too_many_logins_requests').length).toBeGreaterThanOrEqual(1)
      expect(outcomes.at(0)).toBe('in')
      expect(outcomes.at(-1)).toBe('in')
      await limited.close()
    })

    test('no logins when the limit is 0', async () => {
      const unlimited = await openTestSecurity({ loginsPerSecond: 0 })
      for (let count = 0; count < 50; count++) expect(attempt(unlimited.security, login('a'))).not.toThrow()
      await unlimited.close()
    })

    test('requests by user, against the most generous of their profiles', async () => {
      const { profiles, users } = host.security.services
      await profiles.createOrReplace('slow', { policies: [{ roleId: 'default' }], rateLimit: 1 })
      await profiles.createOrReplace('quick', { policies: [{ roleId: 'default' }], rateLimit: 5 })
      await users.create('ann', { profileIds: ['slow', 'quick'] })
      await users.create('free', { profileIds: ['slow', 'admin'] })
      const flood = async (id: string): Promise<number> => {
        const user = await users.load(id)
        return Array.from({ length: 30 }).filter(() => {
          try {
            host.security.limit(httpRequest(now), { user, token: null })
            return false
          } catch (error) {
            expect(error).toMatchObject({ id: 'api.process.too_many_requests', status: 429 })
            return true
          }
        }).length
      }
      expect(await flood('ann')).toBeGreaterThanOrEqual(20)
      expect(await flood('free')).toBe(0)
    })

    test('never the logout of somebody who is logged in', async () => {
      const { profiles, users, tokens } = host.security.services
      await profiles.createOrReplace('slow', { policies: [{ roleId: 'default' }], rateLimit: 1 })
      await users.create('ann', { profileIds: ['slow'] })
      const token = await tokens.issue('ann')
      const user = await users.load('ann')
      for (let count = 0; count < 10; count++) {
        expect(() => host.security.limit(httpRequest({ controller: 'auth', action: 'logout' }), { user, token })).not.toThrow()
      }
    })
  })
})
