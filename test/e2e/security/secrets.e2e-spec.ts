import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { definePlugin } from '../../support/define-plugin.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** Secrets stay out of answers, logs and errors. */
describe('secrets', () => {
  const SECRET = 'a secret that signs tokens, and is nobody\'s business'
  const seen: unknown[] = []
  let host: SecuredHost
  let boss: string

  beforeAll(async () => {
    host = await startSecuredHost({
      security: { jwt: { secret: SECRET } },
      plugins: [definePlugin({
        name: 'spy',
        hooks: ['request:onSuccess', 'request:onError', 'request:onAuthorized', 'auth:afterLogin', 'auth:strategyAuthenticated'].map((event) => ({
          event, name: 'Spy.note', handler: (payload: unknown) => { seen.push(JSON.stringify((payload as { context?: object }).context ?? payload)) },
        })),
      })],
    })
    boss = await host.found()
  })
  afterAll(() => host.close())

  const ask = (controller: string, action: string, data: object = {}): ReturnType<SecuredHost['send']> => host.send({ controller, action, jwt: boss, ...data })

  test('the secret that signs tokens is in no answer', async () => {
    const answers = await Promise.all([
      ask('server', 'info'), ask('server', 'getConfig'), ask('server', 'publicApi'), ask('server', 'healthCheck'), ask('server', 'metrics'), ask('server', 'capabilities'),
      ask('security', 'searchUsers', { body: {} }), ask('security', 'getUserMapping'), ask('index', 'list'), ask('index', 'stats'),
    ])
    for (const { response } of answers) expect(JSON.stringify(response)).not.toContain(SECRET)
  })

  test('a password is in no answer, hashed or not', async () => {
    const answers = await Promise.all([
      ask('auth', 'getMyCredentials', { strategy: 'local' }), ask('security', 'getCredentials', { strategy: 'local', _id: 'boss' }),
      ask('security', 'getCredentialsById', { strategy: 'local', _id: 'boss' }), ask('security', 'searchUsersByCredentials', { strategy: 'local', body: {} }),
      ask('security', 'getUser', { _id: 'boss' }), ask('auth', 'updateMyCredentials', { strategy: 'local', body: { password: 'secret-1' } }),
      ask('security', 'createUser', { _id: 'ann', body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'ann', password: 'secret-2' } } } }),
    ])
    for (const { response, error } of answers) {
      expect(error).toBeNull()
      expect(JSON.stringify(response)).not.toMatch(/secret-[12]|argon2/)
    }
  })

  test('a hash cannot be guessed letter by letter through a search of credentials', async () => {
    for (const query of [{ prefix: { hash: '$argon2' } }, { wildcard: { hash: '*' } }, { exists: { field: 'hash' } }, { regexp: { hash: '.*' } }, { range: { hash: { gt: '' } } }]) {
      const { status, result } = await ask('security', 'searchUsersByCredentials', { strategy: 'local', body: { query } })
      expect([200, 400]).toContain(status)
      if (status === 200) expect(result).toMatchObject({ total: 0 })
    }
  })

  test('an API key is shown once, and kept as a fingerprint', async () => {
    const created = await ask('auth', 'createApiKey', { body: { description: 'robot' } })
    const { token } = (created.result as { _source: { token: string } })._source
    const found = await ask('auth', 'searchApiKeys', { body: {} })
    expect(JSON.stringify(found.response)).not.toContain(token)
    for (const collection of ['api-keys', 'tokens']) {
      for await (const stored of host.store.export({ scope: 'internal', index: 'security', collection })) {
        expect(JSON.stringify(stored)).not.toContain(token.replace('kapikey-', ''))
        expect(JSON.stringify(stored)).not.toContain(boss.replace('kauth-', ''))
      }
    }
  })

  test('a request that is written out shows whose token it had, and not the token', async () => {
    const request = await ask('server', 'now')
    expect(request.context.token?.jwt).toBe(boss)
    expect(JSON.stringify(request.context)).toContain('"userId":"boss"')
    expect(JSON.stringify(request.context)).not.toContain(boss)
    expect(seen.length).toBeGreaterThan(0)
    for (const text of seen) expect(text).not.toContain(boss)
  })

  test('the log holds no password and no token', async () => {
    await host.send({ controller: 'auth', action: 'login', strategy: 'local', body: { username: 'boss', password: 'hunter2-wrong' } })
    await ask('security', 'createUser', { body: { content: { profileIds: ['ghost'] }, credentials: { local: { username: 'x', password: 'hunter2' } } } })
    const log = JSON.stringify(host.logger)
    for (const secret of ['hunter2', 'secret-1', boss, SECRET]) expect(log).not.toContain(secret)
  })

  test('an error does not give back the password that was refused', async () => {
    for (const credentials of [{ username: 'boss', password: 'hunter2' }, { username: '', password: 'hunter2' }, { username: 'new', password: { hunter2: true } }]) {
      const { error } = await ask('security', 'createUser', { body: { content: { profileIds: ['default'] }, credentials: { local: credentials } } })
      expect(error?.status).toBeGreaterThanOrEqual(400)
      expect(JSON.stringify(error)).not.toContain('hunter2')
    }
  })

  test('no action reaches what security keeps, whoever asks', async () => {
    for (const index of ['security', 'plugin-auth-local', 'internal', '%security']) {
      for (const action of ['search', 'count']) {
        expect((await ask('document', action, { index, collection: 'users', body: {} })).status).toBeGreaterThanOrEqual(400)
      }
      expect((await ask('document', 'get', { index, collection: 'settings', _id: 'jwt-secret' })).status).toBeGreaterThanOrEqual(400)
      expect((await ask('collection', 'list', { index })).status).toBeGreaterThanOrEqual(400)
    }
    const { result } = await ask('index', 'list')
    expect(JSON.stringify(result)).not.toMatch(/security|plugin-/)
  })
})
