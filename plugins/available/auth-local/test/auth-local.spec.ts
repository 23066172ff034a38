import { afterEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import AuthLocal from '../src/index.js'
import { Failures } from '../src/failures.js'

interface Token { _id: string; jwt: string }

let host: TestHost
afterEach(() => host.close())

const start = async (config: Record<string, unknown> = {}): Promise<void> => { host = await createTestHost({ plugins: [AuthLocal], config: { 'auth-local': config } }) }
const createUser = (_id: string, password: string, more: object = {}): Promise<unknown> =>
  host.call({ controller: 'security', action: 'createUser', _id, body: { content: { profileIds: ['default'] }, credentials: { local: { username: _id, password } } }, ...more })
const logIn = (username: string, password: string): Promise<Token> => host.call({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password } })
const refusal = { id: 'plugin.strategy.missing_user', status: 401, message: 'wrong username or password' }
const error = (name: string, status = 400): object => ({ id: `plugin.auth-local.${name}`, status })

describe('a user with a password', () => {
  test('logs in by it, and by no other', async () => {
    await start()
    await createUser('ann', 'secret-1')
    expect(await logIn('ann', 'secret-1')).toMatchObject({ _id: 'ann', jwt: expect.stringMatching(/^kauth-/) })
    for (const [username, password] of [['ann', 'secret-2'], ['ann', 'Secret-1'], ['ann', 'secret-1 '], ['bob', 'secret-1']]) {
      await expect(logIn(username as string, password as string)).rejects.toMatchObject(refusal)
    }
  })

  test('logs in by a query string as well', async () => {
    await start()
    await createUser('ann', 'secret-1')
    const answer = await (await host.fetch('/_login/local?username=ann&password=secret-1')).json() as { result: Token }
    expect(answer.result._id).toBe('ann')
  })

  test('is told what is missing', async () => {
    await start()
    for (const body of [{}, { username: 'ann' }, { password: 'x' }]) {
      await expect(host.call({ controller: 'auth', action: 'login', strategy: 'local', body })).rejects.toMatchObject({ status: 401, message: 'Missing credentials' })
    }
  })

  test('shows a username and nothing else', async () => {
    await start()
    await createUser('ann', 'secret-1')
    const shown = { username: 'ann', kuid: 'ann' }
    expect(await host.call({ controller: 'security', action: 'getCredentials', strategy: 'local', _id: 'ann' })).toEqual(shown)
    expect(await host.call({ controller: 'security', action: 'getCredentialsById', strategy: 'local', _id: 'ann' })).toEqual(shown)
    expect(await host.call({ controller: 'security', action: 'searchUsersByCredentials', strategy: 'local', body: { query: { term: { username: 'ann' } } } })).toEqual({ hits: [shown], total: 1 })
    expect(await host.call({ controller: 'security', action: 'getCredentialFields', strategy: 'local' })).toEqual(['username', 'password'])
  })

  test('may be called otherwise, and frees the name', async () => {
    await start()
    await createUser('ann', 'secret-1')
    await host.call({ controller: 'security', action: 'updateCredentials', strategy: 'local', _id: 'ann', body: { username: 'alicia' } })
    expect((await logIn('alicia', 'secret-1'))._id).toBe('ann')
    await expect(logIn('ann', 'secret-1')).rejects.toMatchObject(refusal)
    await host.call({ controller: 'security', action: 'createUser', _id: 'other', body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'ann', password: 'x' } } } })
    expect((await logIn('ann', 'x'))._id).toBe('other')
  })

  test('does not take a name that is taken', async () => {
    await start()
    await createUser('ann', 'secret-1')
    await createUser('bob', 'secret-2')
    await expect(host.call({ controller: 'security', action: 'updateCredentials', strategy: 'local', _id: 'bob', body: { username: 'ann' } })).rejects.toMatchObject(error('username_taken', 412))
    await expect(host.call({ controller: 'security', action: 'createUser', body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'ann', password: 'x' } } } })).rejects.toMatchObject(error('username_taken', 412))
    expect((await logIn('ann', 'secret-1'))._id).toBe('ann')
  })

  test('of several who take a name at once one has it', async () => {
    await start()
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((_id) =>
      host.call({ controller: 'security', action: 'createUser', _id, body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'same', password: _id } } } })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('is gone with their credentials', async () => {
    await start()
    await createUser('ann', 'secret-1')
    await host.call({ controller: 'security', action: 'deleteCredentials', strategy: 'local', _id: 'ann' })
    await expect(logIn('ann', 'secret-1')).rejects.toMatchObject(refusal)
    expect(await host.call({ controller: 'security', action: 'hasCredentials', strategy: 'local', _id: 'ann' })).toBe(false)
    for (const action of ['getCredentials', 'updateCredentials']) {
      await expect(host.call({ controller: 'security', action, strategy: 'local', _id: 'ann', body: { password: 'x' } })).rejects.toMatchObject(error('no_credentials', 404))
    }
  })

  test.each([['username', ''], ['username', 7], ['username', 'x'.repeat(257)], ['username', 'a\nb'], ['password', ''], ['password', null], ['password', 'x'.repeat(1025)], ['password', {}]])('has a %s that is none refused: %p', async (field, value) => {
    await start()
    const credentials = { username: 'ann', password: 'secret-1', [field]: value }
    await expect(host.call({ controller: 'security', action: 'createUser', _id: 'ann', body: { content: { profileIds: ['default'] }, credentials: { local: credentials } } })).rejects.toMatchObject(error('invalid_field'))
    expect(await host.call({ controller: 'security', action: 'hasCredentials', strategy: 'local', _id: 'ann' })).toBe(false)
  })

  test('changes it themselves, with the current one when that is required', async () => {
    await start({ requirePassword: true })
    await createUser('ann', 'secret-1')
    const { jwt } = await logIn('ann', 'secret-1')
    const change = (body: object): Promise<unknown> => host.call({ controller: 'auth', action: 'updateMyCredentials', strategy: 'local', jwt, body })
    await expect(change({ password: 'secret-2' })).rejects.toMatchObject(error('invalid_field'))
    await expect(change({ password: 'secret-2', currentPassword: 'x' })).rejects.toMatchObject(error('wrong_password'))
    expect(await change({ password: 'secret-2', currentPassword: 'secret-1' })).toEqual({ username: 'ann', kuid: 'ann' })
    expect((await logIn('ann', 'secret-2'))._id).toBe('ann')
    await expect(logIn('ann', 'secret-1')).rejects.toMatchObject(refusal)
  })
})

describe('a policy', () => {
  const policy = (rules: object): Record<string, unknown> => ({ passwordPolicies: [{ appliesTo: '*', ...rules }] })

  test('keeps the username out of the password', async () => {
    await start(policy({ forbidLoginInPassword: true }))
    await expect(createUser('bob', 'xBOBx12345')).rejects.toMatchObject(error('login_in_password'))
    await createUser('bob', 'secret-1')
  })

  test('asks for a form', async () => {
    await start(policy({ passwordRegex: '.{6,}' }))
    await expect(createUser('bob', '123')).rejects.toMatchObject(error('weak_password'))
    await createUser('bob', '123456')
  })

  test('remembers so many passwords', async () => {
    await start(policy({ forbidReusedPasswordCount: 2 }))
    await createUser('ann', 'one')
    const change = (password: string): Promise<unknown> => host.call({ controller: 'security', action: 'updateCredentials', strategy: 'local', _id: 'ann', body: { password } })
    await expect(change('one')).rejects.toMatchObject(error('reused_password'))
    await change('two')
    await expect(change('one')).rejects.toMatchObject(error('reused_password'))
    await change('three')
    await change('one')
    expect((await logIn('ann', 'one'))._id).toBe('ann')
  })

  test('lets a password expire, and gives what is needed for a new one', async () => {
    await start(policy({ expiresAfter: '1ms' }))
    await createUser('ann', 'secret-1')
    await new Promise((resolve) => setTimeout(resolve, 3))
    const expired = await logIn('ann', 'secret-1').catch((thrown: unknown) => thrown as { resetToken: string })
    expect(expired).toMatchObject({ ...error('expired_password', 401), resetToken: expect.any(String) })
    await expect(logIn('ann', 'wrong')).rejects.toMatchObject(refusal)
  })

  test('has a password changed that an administrator set, and not one of one\'s own', async () => {
    await start(policy({ mustChangePasswordIfSetByAdmin: true }))
    await createUser('boss', 'secret-1')
    const { jwt } = await logIn('boss', 'secret-1')
    await createUser('ann', 'secret-2', { jwt })
    await expect(logIn('ann', 'secret-2')).rejects.toMatchObject({ ...error('must_change_password', 401), resetToken: expect.any(String) })
    expect((await logIn('boss', 'secret-1'))._id).toBe('boss')
  })

  test('holds for those it is made for: users, profiles and roles', async () => {
    await start({
      passwordPolicies: [
        { appliesTo: { users: ['ann'] }, passwordRegex: '^ann' }, { appliesTo: { profiles: ['admin'] }, passwordRegex: '^admin' }, { appliesTo: { roles: ['anonymous'] }, passwordRegex: '^role' },
      ],
    })
    const create = (_id: string, profile: string, password: string): Promise<unknown> =>
      host.call({ controller: 'security', action: 'createUser', _id, body: { content: { profileIds: [profile] }, credentials: { local: { username: _id, password } } } })
    await expect(create('ann', 'default', 'x')).rejects.toMatchObject(error('weak_password'))
    await expect(create('boss', 'admin', 'x')).rejects.toMatchObject(error('weak_password'))
    await expect(create('guest', 'anonymous', 'x')).rejects.toMatchObject(error('weak_password'))
    await create('free', 'default', 'x')
    await create('ann', 'default', 'annabel')
    await create('boss', 'admin', 'administrator')
    await create('guest', 'anonymous', 'role-model')
  })

  test.each([
    [{ passwordPolicies: [{ passwordRegex: '(' , appliesTo: '*' }] }], [{ passwordPolicies: [{ appliesTo: 'all' }] }], [{ passwordPolicies: [{ appliesTo: '*', expires: '1d' }] }], [{ maxFailures: 0 }], [{ failureWindow: 'soon' }],
  ])('that cannot be read keeps the plugin out: %j', async (config) => {
    await expect(start(config)).rejects.toThrow(/auth-local/)
    await start()
  })
})

describe('a lost password', () => {
  const tokenOf = async (id: string): Promise<string> => (await host.call<{ resetToken: string }>({ controller: 'auth-local/password', action: 'getResetPasswordToken', _id: id })).resetToken
  const reset = (token: string, password: string): Promise<Token> => host.call({ controller: 'auth-local/password', action: 'reset', body: { token, password } })

  test('is replaced by a token, once, and logs in', async () => {
    await start()
    await createUser('ann', 'secret-1')
    const before = await logIn('ann', 'secret-1')
    const token = await tokenOf('ann')
    const { jwt } = await reset(token, 'secret-2')
    expect(await host.call({ controller: 'auth', action: 'checkToken', body: { token: jwt } })).toMatchObject({ valid: true, kuid: 'ann' })
    expect(await host.call({ controller: 'auth', action: 'checkToken', body: { token: before.jwt } })).toMatchObject({ valid: false })
    await expect(logIn('ann', 'secret-1')).rejects.toMatchObject(refusal)
    await expect(reset(token, 'secret-3')).rejects.toMatchObject(error('invalid_token'))
  })

  test('is reset over HTTP', async () => {
    await start()
    await createUser('ann', 'secret-1')
    const answer = await (await host.fetch('/_plugin/auth-local/password/resetToken/ann')).json() as { result: { resetToken: string } }
    const body = JSON.stringify({ token: answer.result.resetToken, password: 'secret-2' })
    const response = await host.fetch('/_plugin/auth-local/password/reset', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect((await response.json() as { result: Token }).result._id).toBe('ann')
  })

  test('is not reset to one that the policies refuse, and the token stays good', async () => {
    await start({ passwordPolicies: [{ appliesTo: '*', forbidReusedPasswordCount: 1 }] })
    await createUser('ann', 'secret-1')
    const token = await tokenOf('ann')
    await expect(reset(token, 'secret-1')).rejects.toMatchObject(error('reused_password'))
    expect((await reset(token, 'secret-2'))._id).toBe('ann')
  })

  test('is not reset by a token that is made up, has ended, or is used at the same time', async () => {
    await start({ resetPasswordExpiresIn: 200 })
    await createUser('ann', 'secret-1')
    await expect(reset('xx', 'secret-2')).rejects.toMatchObject(error('invalid_token'))
    const [first, second] = [await tokenOf('ann'), await tokenOf('ann')]
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, (_, index) => reset(first, `secret-${index}`)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    await new Promise((resolve) => setTimeout(resolve, 210))
    await expect(reset(second, 'secret-9')).rejects.toMatchObject(error('invalid_token'))
  })

  test('of nobody is not to be had', async () => {
    await start()
    await expect(tokenOf('ghost')).rejects.toMatchObject(error('no_credentials', 404))
  })
})

test('failures are counted within their window, and no more than can be held', async () => {
  await start()
  const few = new Failures(2, 60_000, 3)
  for (const key of ['a', 'b', 'c', 'd']) few.add(key)
  few.add('d')
  expect(few.waitOf('d')).toBeGreaterThan(0)
  expect(few.waitOf('a')).toBe(0)
  few.takeBack('d')
  expect(few.waitOf('d')).toBe(0)
  few.add('d')
  few.forget('d')
  expect(few.waitOf('d')).toBe(0)
})
