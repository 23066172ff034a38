import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** Nobody gets more than they were given, whatever they put into a request. */
describe('attempts to get more rights', () => {
  let host: SecuredHost
  let url: string
  let port: number
  let boss: string
  let ann: string

  beforeAll(async () => {
    host = await startSecuredHost()
    boss = await host.found();
    ({ url, port } = await host.listen())
    for (const index of ['shop', 'vault']) {
      await host.store.createCollection({ index, collection: 'orders' })
      await host.store.create({ index, collection: 'orders' }, { _id: 'one', body: { secret: index === 'vault' } })
    }
    const actions = { get: true, search: true, create: true, mGet: true, count: true }
    await asBoss('createRole', { _id: 'reader', body: { controllers: { document: { actions }, auth: { actions: { '*': true } }, realtime: { actions: { subscribe: true } } } } })
    await asBoss('createProfile', { _id: 'clerk', body: { policies: [{ roleId: 'reader', restrictedTo: [{ index: 'shop', collections: ['orders'] }] }] } })
    await asBoss('createUser', { _id: 'ann', body: { content: { profileIds: ['clerk'] }, credentials: { local: { username: 'ann', password: 'secret-2' } } } })
    ann = await host.logIn('ann', 'secret-2')
  })
  afterAll(() => host.close())

  const asBoss = (action: string, data: object): Promise<unknown> => host.call({ controller: 'security', action, jwt: boss, ...data })

  async function ask(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<{ status: number; body: string }> {
    const headers = { authorization: `Bearer ${ann}`, 'content-type': 'application/json', ...init.headers }
    const response = await fetch(url + path, { ...init, headers })
    return { status: response.status, body: await response.text() }
  }

  async function frame(data: object): Promise<{ status: number; error: { id?: string } | null; result: unknown }> {
    const client = await openSocket(port)
    const answer = await client.ask({ requestId: 'x', jwt: ann, ...data }) as { status: number; error: { id?: string } | null; result: unknown }
    client.socket.close()
    return answer
  }

  test('what is allowed is allowed', async () => {
    expect((await ask('/shop/orders/one')).status).toBe(200)
    expect((await frame({ controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: 'one' })).status).toBe(200)
  })

  test('arguments that are named like parts of the context change nothing', async () => {
    const context = { user: { _id: 'boss', profileIds: ['admin'] }, token: { userId: 'boss' } }
    for (const extra of [{ context }, { user: context.user, kuid: 'boss', userId: 'boss' }, { profileIds: ['admin'] }, { rights: true, limits: false, events: false }]) {
      expect(await frame({ controller: 'security', action: 'getUser', _id: 'boss', ...extra })).toMatchObject({ status: 403 })
    }
  })

  test('names of indexes are exact: case, blanks and wildcards do not help', async () => {
    for (const index of ['Shop', ' shop', 'shop ', 'sh*p', '*', 'shop,vault', 'shop\0']) {
      expect(await frame({ controller: 'document', action: 'get', index, collection: 'orders', _id: 'one' })).toMatchObject({ status: 403 })
    }
  })

  test('an index that is no text is denied, whatever it looks like', async () => {
    for (const index of [['shop'], { toString: 'shop' }, ['shop', 'vault'], true, 1]) {
      const answer = await frame({ controller: 'document', action: 'get', index, collection: 'orders', _id: 'one' })
      expect(answer.status).toBe(403)
    }
  })

  test('without an index there is nothing to read', async () => {
    for (const index of [undefined, null, '']) {
      const answer = await frame({ controller: 'document', action: 'get', index, collection: 'orders', _id: 'one' })
      expect(answer.status).toBeGreaterThanOrEqual(400)
    }
  })

  describe('by targets', () => {
    const search = (targets: unknown): ReturnType<typeof frame> => frame({ controller: 'document', action: 'search', targets, body: {} })

    test('every target must be allowed', async () => {
      expect((await search([{ index: 'shop', collections: ['orders'] }])).status).toBe(200)
      for (const targets of [
        [{ index: 'vault', collections: ['orders'] }],
        [{ index: 'shop', collections: ['orders'] }, { index: 'vault', collections: ['orders'] }],
        [{ index: 'shop', collections: ['orders', 'other'] }],
        [{ index: 'shop' }], [{ index: 'shop', collections: [] }],
        [{ index: '*', collections: ['*'] }], [{ index: 'shop', collections: ['*'] }], [{ index: 'shop,vault', collections: ['orders'] }],
        [{ index: ['vault'], collections: ['orders'] }], [null], ['vault'], {}, 'vault', null,
      ]) {
        const { status, result } = await search(targets)
        expect([status >= 400, result]).toEqual([true, null])
      }
    })

    test('targets beside an index are refused, so that neither hides the other', async () => {
      const answer = await frame({ controller: 'document', action: 'search', index: 'shop', collection: 'orders', targets: [{ index: 'vault', collections: ['orders'] }], body: {} })
      expect(answer).toMatchObject({ status: 400, error: { id: 'api.assert.mutually_exclusive' } })
    })

    test('targets in a query string are checked as they are used', async () => {
      const targets = (value: unknown): string => `/_search?targets=${encodeURIComponent(JSON.stringify(value))}`
      expect((await ask(targets([{ index: 'vault', collections: ['orders'] }]), { method: 'POST', body: '{}' })).body).not.toContain('"secret":true')
    })
  })

  test('users do not give themselves profiles', async () => {
    for (const body of [{ profileIds: ['admin'] }, { profileIds: null }, { _id: 'boss' }, { name: 'x', profileIds: [] }]) {
      const { status, body: answer } = await ask('/_me', { method: 'PUT', body: JSON.stringify(body) })
      expect(status).toBe(400)
      expect(answer).toContain('api.assert.forbidden_argument')
    }
  })

  test('users do not write the metadata of who changed them', async () => {
    await ask('/_me', { method: 'PUT', body: JSON.stringify({ _kuzzle_info: { updater: 'boss', updatedAt: 1 } }) })
    const { _source } = await host.call<{ _source: { _kuzzle_info: { updater: string; updatedAt: number } } }>({ controller: 'security', action: 'getUser', _id: 'ann', jwt: boss })
    expect(_source._kuzzle_info.updater).toBe('ann')
    expect(_source._kuzzle_info.updatedAt).toBeGreaterThan(1)
  })

  test('content of a user cannot take the place of what decides', async () => {
    await ask('/_me', { method: 'PUT', body: JSON.stringify({ isActionAllowed: true, getRights: 'x', toString: 'x', constructor: 'x' }) })
    expect((await ask('/users/boss')).status).toBe(403)
    const ann_ = await host.security.services.users.load('ann')
    expect(await ann_.isActionAllowed((await host.send({ controller: 'security', action: 'getUser' })))).toBe(false)
  })

  test('those who register are given profiles, they do not take them', async () => {
    await asBoss('updateRole', { _id: 'anonymous', body: { controllers: { auth: { actions: { login: true } }, security: { actions: { createRestrictedUser: true } } } } })
    const answer = await host.send({ controller: 'security', action: 'createRestrictedUser', body: { content: { profileIds: ['admin'] }, credentials: {} } })
    expect(answer.error).toMatchObject({ id: 'api.assert.forbidden_argument', status: 400 })
    const { _source } = await host.call<{ _source: object }>({ controller: 'security', action: 'createRestrictedUser', body: { content: { name: 'New' }, credentials: {} } })
    expect(_source).toMatchObject({ profileIds: ['default'] })
  })

  test('a second first administrator is not made, not even at the same time', async () => {
    const open = await startSecuredHost()
    const attempts = await Promise.all(['a', 'b', 'c', 'd'].map((_id) => open.send({ controller: 'security', action: 'createFirstAdmin', _id, body: { credentials: {} } })))
    expect(attempts.filter(({ status }) => status === 200)).toHaveLength(1)
    const late = await open.send({ controller: 'security', action: 'createFirstAdmin', _id: 'e', body: { credentials: {} } })
    expect(late.error).toMatchObject({ id: 'api.process.admin_exists', status: 412 })
    await open.close()
  })

  test('a plugin\'s action is closed until a role opens it', async () => {
    const action = { name: 'peek', handler: () => 'seen', routes: [] }
    const remove = host.registry.register({ name: 'extra', version: '1.0.0', kind: 'decorated', place: 'test', hooks: [], pipes: [], controllers: [{ name: 'extra/desk', actions: [action] }] })
    expect((await frame({ controller: 'extra/desk', action: 'peek' })).status).toBe(403)
    await asBoss('createOrReplaceRole', { _id: 'peeker', body: { controllers: { 'extra/desk': { actions: { peek: true } } } } })
    await asBoss('createOrReplaceProfile', { _id: 'peekers', body: { policies: [{ roleId: 'peeker' }] } })
    await asBoss('updateUser', { _id: 'ann', body: { profileIds: ['clerk', 'peekers'] } })
    expect((await frame({ controller: 'extra/desk', action: 'peek' })).result).toBe('seen')
    await asBoss('updateUser', { _id: 'ann', body: { profileIds: ['clerk'] } })
    remove()
  })
})
