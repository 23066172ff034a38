import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hashPassword, isPassword } from '../../../plugins/available/auth-local/src/passwords.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** Nobody learns who has an account by trying. */
describe('finding out who is a user', () => {
  let host: SecuredHost

  beforeAll(async () => {
    host = await startSecuredHost()
    await host.found()
  })
  afterAll(() => host.close())

  const answer = async (body: object): Promise<unknown> => {
    const { status, error, response } = await host.send({ controller: 'auth', action: 'login', strategy: 'local', body, requestId: 'same' })
    return { status, error: { ...error?.toJSON(), stack: undefined }, headers: response.headers }
  }

  test('a wrong password and an unknown username are answered alike, to the letter', async () => {
    const known = await answer({ username: 'boss', password: 'wrong' })
    expect(known).toMatchObject({ status: 401, error: { id: 'plugin.strategy.missing_user', message: 'wrong username or password' } })
    for (const username of ['nobody', 'boss ', 'Boss', '%', '*', '__proto__', 'x'.repeat(2000), '_search', '../boss', 'boss\0']) {
      expect(await answer({ username, password: 'wrong' })).toEqual(known)
    }
  })

  test('a password of a username that nobody has is hashed and compared all the same', async () => {
    const hashed = await hashPassword('secret')
    expect(await isPassword('secret', hashed)).toBe(true)
    expect(await isPassword('other', hashed)).toBe(false)
    const { verify } = await import('@node-rs/argon2')
    // What is compared with has the same cost, and no password at all fits it.
    const [known, decoy] = await Promise.all([hashPassword('a'), hashPassword('b')])
    expect(known.split('$').slice(0, 4)).toEqual(decoy.split('$').slice(0, 4))
    expect(await verify(known, 'a')).toBe(true)
    expect(await isPassword('anything', undefined)).toBe(false)
  })

  test('what is missing is told without looking anybody up', async () => {
    for (const body of [{}, { username: 'boss' }, { password: 'x' }, { username: '', password: 'x' }, { username: ['boss'], password: 'x' }, { username: { $ne: '' }, password: 'x' }, { username: 'boss', password: true }]) {
      expect(await answer(body)).toMatchObject({ status: 401, error: { message: 'Missing credentials' } })
    }
  })

  test('anonymous users do not ask whether somebody exists', async () => {
    for (const [action, data] of Object.entries({
      getUser: { _id: 'boss' }, mGetUsers: { body: { ids: ['boss'] } }, searchUsers: { body: {} }, hasCredentials: { strategy: 'local', _id: 'boss' },
      getCredentials: { strategy: 'local', _id: 'boss' }, getUserRights: { _id: 'boss' }, searchUsersByCredentials: { strategy: 'local', body: {} },
      getUserStrategies: { _id: 'boss' }, validateCredentials: { strategy: 'local', _id: 'boss', body: { username: 'boss' } },
    })) {
      const known = await host.send({ controller: 'security', action, ...data })
      expect(known.error).toMatchObject({ id: 'security.rights.unauthorized', status: 401 })
    }
  })

  test('a token to reset a password is not to be had without rights, and tells nothing when it is wrong', async () => {
    const known = await host.send({ controller: 'auth-local/password', action: 'getResetPasswordToken', _id: 'boss' })
    const unknown = await host.send({ controller: 'auth-local/password', action: 'getResetPasswordToken', _id: 'nobody' })
    expect([known.error?.id, unknown.error?.id]).toEqual(['security.rights.unauthorized', 'security.rights.unauthorized'])
  })
})
