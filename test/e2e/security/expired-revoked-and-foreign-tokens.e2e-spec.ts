import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

const me = { controller: 'auth', action: 'getCurrentUser' }
const get = { controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: 'one' }

/** What was given once does not last longer than what it was given for, and is worth nothing elsewhere. */
describe('tokens that have ended', () => {
  let host: SecuredHost
  let boss: string
  let ann: string

  beforeEach(async () => {
    host = await startSecuredHost()
    boss = await host.found()
    await host.store.createCollection({ index: 'shop', collection: 'orders' })
    await host.store.create({ index: 'shop', collection: 'orders' }, { _id: 'one', body: {} })
    await asBoss('createRole', { _id: 'reader', body: { controllers: { auth: { actions: { '*': true } }, document: { actions: { get: true } } } } })
    await asBoss('createProfile', { _id: 'clerk', body: { policies: [{ roleId: 'reader' }] } })
    await asBoss('createUser', { _id: 'ann', body: { content: { profileIds: ['clerk'] }, credentials: { local: { username: 'ann', password: 'secret-2' } } } })
    ann = await host.logIn('ann', 'secret-2')
    expect(await statusOf(get, ann)).toBe(200)
  })
  afterEach(() => host.close())

  const asBoss = (action: string, data: object): Promise<unknown> => host.call({ controller: 'security', action, jwt: boss, ...data })
  const statusOf = async (data: object, jwt: string): Promise<number | undefined> => (await host.send({ ...data, jwt })).status
  const idOf = ({ error }: Request): string | undefined => error?.id

  test('a token is worth nothing after its logout, its neighbour stays good', async () => {
    const other = await host.logIn('ann', 'secret-2')
    await host.call({ controller: 'auth', action: 'logout', jwt: ann })
    expect(idOf(await host.send({ ...me, jwt: ann }))).toBe('security.token.invalid')
    expect(await statusOf(me, other)).toBe(200)
  })

  test('two logins in one second give two tokens', async () => {
    expect(await host.logIn('ann', 'secret-2')).not.toBe(await host.logIn('ann', 'secret-2'))
  })

  test('a global logout ends all tokens of the user and nobody else\'s', async () => {
    const other = await host.logIn('ann', 'secret-2')
    await host.call({ controller: 'auth', action: 'logout', jwt: ann, global: true })
    expect(await statusOf(me, ann)).toBe(401)
    expect(await statusOf(me, other)).toBe(401)
    expect(await statusOf(me, boss)).toBe(200)
  })

  test('a global logout leaves API keys good', async () => {
    const { _source } = await host.call<{ _source: { token: string } }>({ controller: 'auth', action: 'createApiKey', jwt: ann, body: { description: 'robot' } })
    await host.call({ controller: 'auth', action: 'logout', jwt: ann, global: true })
    expect(await statusOf(me, _source.token)).toBe(200)
  })

  test('tokens that an administrator revokes are worth nothing', async () => {
    await asBoss('revokeTokens', { _id: 'ann' })
    expect(await statusOf(me, ann)).toBe(401)
  })

  test('a token ends when it ends', async () => {
    const { jwt } = await host.call<{ jwt: string }>({ controller: 'auth', action: 'login', strategy: 'local', expiresIn: 20, body: { username: 'ann', password: 'secret-2' } })
    expect(await statusOf(me, jwt)).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 25))
    expect(idOf(await host.send({ ...me, jwt }))).toBe('security.token.invalid')
  })

  test('a change that happens while a token is verified is not missed', async () => {
    await host.call({ controller: 'auth', action: 'logout', jwt: ann })
    const fresh = await host.logIn('ann', 'secret-2')
    const [racing] = await Promise.all([host.send({ ...get, jwt: fresh }), asBoss('revokeTokens', { _id: 'ann' })])
    expect([200, 401]).toContain(racing.status)
    expect(await statusOf(get, fresh)).toBe(401)
  })

  test('an API key that is deleted is worth nothing', async () => {
    const { _id, _source } = await host.call<{ _id: string; _source: { token: string } }>({ controller: 'security', action: 'createApiKey', userId: 'ann', jwt: boss, body: { description: 'robot' } })
    expect(await statusOf(get, _source.token)).toBe(200)
    await asBoss('deleteApiKey', { userId: 'ann', _id })
    expect(await statusOf(get, _source.token)).toBe(401)
  })

  test('nobody deletes an API key of somebody else as their own', async () => {
    const { _id, _source } = await host.call<{ _id: string; _source: { token: string } }>({ controller: 'auth', action: 'createApiKey', jwt: boss, body: { description: 'robot' } })
    const answer = await host.send({ controller: 'auth', action: 'deleteApiKey', _id, jwt: ann })
    expect(idOf(answer)).toBe('services.storage.not_found')
    expect(await statusOf(me, _source.token)).toBe(200)
  })

  describe('when refreshed', () => {
    const refresh = (jwt: string): Promise<Request> => host.send({ controller: 'auth', action: 'refreshToken', jwt })

    test('the new token is good and the old one dies after the grace period', async () => {
      const brief = await startSecuredHost({ security: { jwt: { gracePeriod: 30 } } })
      const old = await brief.found()
      const { jwt } = await brief.call<{ jwt: string }>({ controller: 'auth', action: 'refreshToken', jwt: old })
      expect((await brief.send({ ...me, jwt: old })).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 40))
      expect((await brief.send({ ...me, jwt: old })).status).toBe(401)
      expect((await brief.send({ ...me, jwt })).status).toBe(200)
      await brief.close()
    })

    test('a token is refreshed once, however many ask', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(ann)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ error }) => error?.id === 'security.token.invalid')).toHaveLength(9)
    })

    test('API keys and tokens without an end are refused', async () => {
      const { _source } = await host.call<{ _source: { token: string } }>({ controller: 'auth', action: 'createApiKey', jwt: ann, body: { description: 'robot' } })
      expect(idOf(await refresh(_source.token))).toBe('security.token.refresh_forbidden')
      const endless = await host.call<{ jwt: string }>({ controller: 'auth', action: 'login', strategy: 'local', expiresIn: -1, body: { username: 'ann', password: 'secret-2' } })
      expect(idOf(await refresh(endless.jwt))).toBe('security.token.refresh_forbidden')
    })

    test('nobody who is anonymous refreshes anything', async () => {
      await asBoss('createOrReplaceRole', { _id: 'anonymous', body: { controllers: { auth: { actions: { '*': true } } } } })
      expect(idOf(await host.send({ controller: 'auth', action: 'refreshToken' }))).toBe('security.rights.unauthorized')
    })
  })

  test('a token for single use is used once, however many come with it', async () => {
    const { token } = await host.call<{ token: string }>({ controller: 'auth', action: 'createToken', singleUse: true, jwt: ann })
    const answers = await Promise.all(Array.from({ length: 20 }, () => host.send({ ...get, jwt: token })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ error }) => error?.id === 'security.token.invalid')).toHaveLength(19)
  })

  test('a further token never lives for ever', async () => {
    const answer = await host.send({ controller: 'auth', action: 'createToken', expiresIn: -1, jwt: ann })
    expect(answer.error).toMatchObject({ id: 'security.token.invalid_expiration', status: 400 })
  })

  test.each([0, '0', -2, 'soon', '', '-1h', 'Infinity', 1e300])('a token is not made to live for %p', async (expiresIn) => {
    const answer = await host.send({ controller: 'auth', action: 'login', strategy: 'local', expiresIn, body: { username: 'ann', password: 'secret-2' } })
    expect(answer.error).toMatchObject({ id: 'security.token.invalid_expiration', status: 400 })
  })

  test('no token lives longer than the host allows', async () => {
    const strict = await startSecuredHost({ security: { jwt: { maxTTL: 3_600_000, expiresIn: '1h' } } })
    await strict.found()
    for (const expiresIn of ['2h', -1, 3_600_001]) {
      const answer = await strict.send({ controller: 'auth', action: 'login', strategy: 'local', expiresIn, body: { username: 'boss', password: 'secret-1' } })
      expect(answer.error).toMatchObject({ id: 'security.token.ttl_exceeded', status: 400 })
    }
    await strict.close()
  })

  describe('of another host', () => {
    test('are refused, whoever they were given to there', async () => {
      const other = await startSecuredHost()
      const foreign = await other.found()
      const { _source } = await other.call<{ _source: { token: string } }>({ controller: 'auth', action: 'createApiKey', jwt: foreign, body: { description: 'robot' } })
      await other.close()
      for (const jwt of [foreign, _source.token]) expect(idOf(await host.send({ ...me, jwt }))).toBe('security.token.invalid')
    })

    test('are refused though both hosts sign with one secret', async () => {
      const options = { security: { jwt: { secret: 'a secret that two hosts share, as they should not' } } }
      const [one, other] = [await startSecuredHost(options), await startSecuredHost(options)]
      const [own, foreign] = [await one.found(), await other.found()]
      expect((await one.send({ ...me, jwt: own })).status).toBe(200)
      expect(idOf(await one.send({ ...me, jwt: foreign }))).toBe('security.token.invalid')
      for (const each of [one, other]) await each.close()
    })
  })
})
