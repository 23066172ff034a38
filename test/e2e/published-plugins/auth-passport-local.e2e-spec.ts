import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import { startHost, type StartedHost, type WireAnswer } from '../../support/start-host.js'

const NAME = 'kuzzle-plugin-auth-passport-local'
const POLICY = { appliesTo: '*', forbidLoginInPassword: true, passwordRegex: '.{6,}', forbidReusedPasswordCount: 2 }

/** The host with this plugin as the only one that logs in with a password. */
const start = (config: object): Promise<StartedHost> =>
  startHost({ installed: [NAME], config: { limits: { loginsPerSecond: 0 }, plugins: { [NAME]: { ...config } } } })

const client = ({ ask }: StartedHost) => ({
  create: (id: string, credentials: object): Promise<WireAnswer> =>
    ask('POST', `/users/${id}/_create`, { body: { content: { profileIds: ['default'] }, credentials: { local: credentials } } }),
  logIn: (username: string, password?: string): Promise<WireAnswer> => ask('POST', '/_login/local', { body: { username, password } }),
  token: async (id: string): Promise<string> => (await ask('GET', `/_plugin/${NAME}/password/resetToken/${id}`)).body.result.resetToken as string,
  reset: (password: string, token: string): Promise<WireAnswer> => ask('POST', `/_plugin/${NAME}/password/reset`, { body: { password, token } }),
})

describe('kuzzle-plugin-auth-passport-local', () => {
  let host: StartedHost
  let ask: StartedHost['ask']
  let as: ReturnType<typeof client>

  beforeAll(async () => {
    host = await start({ passwordPolicies: [POLICY] })
    ask = host.ask
    as = client(host)
    expect(await as.create('alice', { username: 'alice', password: 'secret-1' })).toMatchObject({ status: 200 })
  })
  afterAll(() => host.close())

  test.each([
    ['xbobx12345', 'login_in_password', 67108868],
    ['123', 'weak_password', 67108871],
  ])('refuses the password %s, and makes no user', async (password, key, code) => {
    const { body } = await as.create('bob', { username: 'bob', password })
    expect(body.error).toMatchObject({ id: `plugin.${NAME}.${key}`, status: 400, code })
    expect(await ask('GET', '/users/bob')).toMatchObject({ status: 404 })
  })

  test('logs in with the right password, sent in the body or in the address', async () => {
    const answers = [await as.logIn('alice', 'secret-1'), await ask('GET', '/_login/local?username=alice&password=secret-1')]
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(body.result).toMatchObject({ _id: 'alice', jwt: expect.any(String), expiresAt: expect.any(Number), ttl: expect.any(Number) })
    }
  })

  test('refuses a wrong password and an unknown user in the same words', async () => {
    const refusal = { id: 'plugin.strategy.missing_user', status: 401, message: 'wrong username or password' }
    expect((await as.logIn('alice', 'nope')).body.error).toMatchObject(refusal)
    expect((await as.logIn('nobody', 'secret-1')).body.error).toMatchObject(refusal)
    expect((await as.logIn('alice')).body.error).toMatchObject({ ...refusal, message: 'Missing credentials' })
  })

  test('logs in over WebSocket', async () => {
    const socket = new Kuzzle(new WebSocket('127.0.0.1', { port: host.port }))
    await socket.connect()
    try {
      await expect(socket.auth.login('local', { username: 'alice', password: 'secret-1' })).resolves.toEqual(expect.any(String))
      await expect(socket.auth.getMyCredentials('local')).resolves.toMatchObject({ username: 'alice' })
      await expect(socket.query({ controller: `${NAME}/password`, action: 'reset', body: { password: 'secret-9', token: 'xx' } })).rejects.toMatchObject({ id: `plugin.${NAME}.invalid_token` })
    } finally {
      socket.disconnect()
    }
  })

  test('refuses a login that somebody has', async () => {
    const { body } = await as.create('other', { username: 'alice', password: 'secret-7' })
    expect(body.error).toMatchObject({ status: 412, message: 'Login "alice" is already used.' })
  })

  test('changes a forgotten password by a token, but not to the old one', async () => {
    const token = await as.token('alice')
    expect((await as.reset('secret-1', token)).body.error).toMatchObject({ id: `plugin.${NAME}.reused_password`, status: 400 })
    expect((await as.reset('secret-2', 'xx')).body.error).toMatchObject({ id: `plugin.${NAME}.invalid_token`, status: 400 })
    const { status, body } = await as.reset('secret-2', token)
    expect(status).toBe(200)
    expect(await ask('GET', '/users/_me', { headers: { authorization: `Bearer ${body.result.jwt}` } })).toMatchObject({ status: 200, body: { result: { _id: 'alice' } } })
    expect(await as.logIn('alice', 'secret-1')).toMatchObject({ status: 401 })
    expect(await as.logIn('alice', 'secret-2')).toMatchObject({ status: 200 })
  })

  test('lets a user take another login', async () => {
    expect(await ask('PUT', '/credentials/local/alice/_update', { body: { username: 'alicia' } })).toMatchObject({ status: 200 })
    expect(await as.logIn('alicia', 'secret-2')).toMatchObject({ status: 200, body: { result: { _id: 'alice' } } })
    expect(await as.logIn('alice', 'secret-2')).toMatchObject({ status: 401 })
  })

  test('keeps its documents to itself, and no password that can be read', async () => {
    expect((await ask('GET', '/_list')).body.result.indexes).toEqual([])
    const { body } = await ask('GET', `/plugin-${NAME}/users/alicia`)
    expect(body.status).toBeGreaterThanOrEqual(400)
    const folder = join(host.root, 'data')
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
    const stored = files.map(({ name }) => readFileSync(join(folder, name), 'latin1')).join('')
    expect(stored).toContain('userSalt')
    expect(stored).not.toContain('secret-1')
    expect(stored).not.toContain('secret-2')
  })

  test('is found by its strategy, credentials and routes', async () => {
    expect((await ask('GET', '/strategies')).body.result).toContain('local')
    expect((await ask('GET', '/credentials/local/alice')).body.result).toMatchObject({ username: 'alicia', kuid: 'alice' })
    expect((await ask('GET', '/_/password/resetToken/alice')).body.result).toMatchObject({ resetToken: expect.any(String) })
  })
})

describe('kuzzle-plugin-auth-passport-local, with passwords that expire', () => {
  let host: StartedHost

  beforeAll(async () => {
    host = await start({ passwordPolicies: [{ appliesTo: '*', expiresAfter: '1ms' }] })
  })
  afterAll(() => host.close())

  test('refuses an expired one, and tells the token that changes it', async () => {
    const as = client(host)
    await as.create('carol', { username: 'carol', password: 'secret-1' })
    const { body } = await as.logIn('carol', 'secret-1')
    expect(body.error).toMatchObject({ id: `plugin.${NAME}.expired_password`, status: 401, code: 67108865, resetToken: expect.any(String) })
  })
})

describe('two plugins for one strategy', () => {
  test('keep the host from starting, both named', async () => {
    const failed = startHost({ installed: [NAME], enabled: ['auth-local'] })
    await expect(failed).rejects.toThrow(/strategy "local"/i)
    await expect(failed).rejects.toThrow(NAME)
    await expect(failed).rejects.toThrow('auth-local')
  })
})
