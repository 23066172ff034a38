import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

const STATEMENTS = ["x'; DROP TABLE users; --", "' OR '1'='1", '" OR ""="', "1; SELECT * FROM documents", "x') UNION SELECT secret FROM settings --", '\\', '%', '_', '$1', '?', ':id', '${7*7}', '{{7*7}}']
const PATHS = ['../../etc/passwd', '..', '.', '/', '//', '..%2f..%2f', '..\\..\\windows', '%2e%2e%2f', 'file:///etc/passwd', 'C:\\', '/proc/self/environ', 'a/b/c', '.git/config']

/** What a client writes is data: never a statement, and never a path. */
describe('injection', () => {
  let host: SecuredHost
  let url: string
  let boss: string

  beforeAll(async () => {
    host = await startSecuredHost()
    boss = await host.found();
    ({ url } = await host.listen())
  })
  afterAll(async () => {
    // Whatever was tried: everything that was there is there.
    expect((await ask('getUser', { _id: 'boss' })).status).toBe(200)
    expect(await host.security.services.founding.adminExists()).toBe(true)
    await host.close()
  })

  const ask = (action: string, data: object): Promise<Request> => host.send({ controller: 'security', action, jwt: boss, ...data })

  test.each([...STATEMENTS, ...PATHS])('a user, a profile and a role may be called %j, and are just called so', async (name) => {
    const role = await ask('createRole', { _id: name, body: { controllers: { document: { actions: { get: true } } } } })
    expect(role.result).toMatchObject({ _id: name })
    const profile = await ask('createProfile', { _id: name, body: { policies: [{ roleId: name, restrictedTo: [{ index: name, collections: [name] }] }] } })
    expect(profile.result).toMatchObject({ _id: name })
    const user = await ask('createUser', { _id: name, body: { content: { profileIds: [name], name }, credentials: {} } })
    expect(user.result).toMatchObject({ _id: name, _source: { name } })
    expect((await ask('getUser', { _id: name })).result).toMatchObject({ _id: name })
    expect((await ask('getUserRights', { _id: name })).result).toMatchObject({ hits: [{ index: name, collection: name }] })
    expect((await ask('searchUsers', { body: { query: { term: { profileIds: name } } } })).result).toMatchObject({ total: 1, hits: [{ _id: name }] })
    for (const action of ['deleteUser', 'deleteProfile', 'deleteRole']) expect((await ask(action, { _id: name })).result).toEqual({ _id: name })
  })

  test('a name with characters that nobody sees is refused, so that none passes for another', async () => {
    for (const _id of ['boss\0', '\0', 'bo\nss', 'boss\r', '\u001bboss', 'boss\u0085']) {
      for (const [action, body] of Object.entries({
        createUser: { content: { profileIds: ['default'] }, credentials: {} }, createRole: { controllers: { document: { actions: { get: true } } } }, createProfile: { policies: [{ roleId: 'default' }] },
      })) expect((await ask(action, { _id, body })).error).toMatchObject({ id: 'api.assert.invalid_id', status: 400 })
      const answer = await ask('createUser', { body: { content: { profileIds: ['default'] }, credentials: { local: { username: _id, password: 'x' } } } })
      expect(answer.error).toMatchObject({ id: 'plugin.auth-local.invalid_field', status: 400 })
    }
  })

  test.each([...STATEMENTS, ...PATHS.filter((path) => !/^\.+$/.test(path))])('over HTTP too: %j', async (name) => {
    const response = await fetch(`${url}/users/${encodeURIComponent(name)}`, { headers: { authorization: `Bearer ${boss}` } })
    expect([400, 404]).toContain(response.status)
    expect(await response.text()).not.toMatch(/root:|SQLITE|syntax error/i)
  })

  test.each(STATEMENTS)('a filter finds what it names and no more: %j', async (name) => {
    for (const query of [{ term: { profileIds: name } }, { term: { [name]: 'x' } }, { match: { name } }, { ids: { values: [name] } }, { range: { [name]: { gt: 0 } } }, { exists: { field: name } }]) {
      const { status, result } = await ask('searchUsers', { body: { query } })
      expect([200, 400]).toContain(status)
      if (status === 200) expect((result as { total: number }).total).toBe(0)
    }
  })

  test('a sort is a sort', async () => {
    for (const sort of [{ "name'; DROP TABLE x; --": 'asc' }, { name: "asc; DROP TABLE x" }, ["name) --"]]) {
      const { status } = await ask('searchUsers', { body: { sort } })
      expect([200, 400]).toContain(status)
    }
  })

  test('credentials are data as well', async () => {
    for (const username of STATEMENTS) {
      const created = await ask('createUser', { body: { content: { profileIds: ['default'] }, credentials: { local: { username, password: username } } } })
      expect(created.status).toBe(200)
      expect((await host.send({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password: username } })).status).toBe(200)
      expect((await host.send({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password: `${username}x` } })).status).toBe(401)
    }
  })

  test('operators in the place of texts are no texts', async () => {
    for (const password of [{ $ne: null }, { $gt: '' }, ['secret-1'], true, 1, null]) {
      expect((await host.send({ controller: 'auth', action: 'login', strategy: 'local', body: { username: 'boss', password } })).status).toBe(401)
    }
  })
})
