import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { definePlugin } from '../../support/define-plugin.js'
import { exchangeBytes } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

const STATEMENTS = ["x'; DROP TABLE users; --", "' OR '1'='1", '" OR ""="', "1; SELECT * FROM documents", "x') UNION SELECT secret FROM settings --", '\\', '%', '_', '$1', '?', ':id', '${7*7}', '{{7*7}}']
const PATHS = ['../../etc/passwd', '..', '.', '/', '//', '..%2f..%2f', '..\\..\\windows', '%2e%2e%2f', 'file:///etc/passwd', 'C:\\', '/proc/self/environ', 'a/b/c', '.git/config']

/** What a client writes is data: never a statement, a path or a header. */
describe('injection', () => {
  let host: SecuredHost
  let url: string
  let port: number
  let boss: string

  beforeAll(async () => {
    host = await startSecuredHost({ plugins: [definePlugin({ name: 'sender', strategies: [] })] })
    boss = await host.found();
    ({ url, port } = await host.listen())
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

  describe('of headers', () => {
    const SPLIT = 'x\r\nSet-Cookie: authToken=evil\r\n\r\n<html>'

    class Talkative {
      constructor(readonly options: object, readonly verify: unknown) {}

      authenticate(this: Talkative & { fail(challenge: string): void; redirect(url: string): void }, { query }: { query: Record<string, string> }): void {
        if (query.away) this.redirect(query.away)
        else this.fail(`Basic realm="${query.realm}"`)
      }
    }

    beforeAll(() => {
      const methods = { verify: async () => false as const, exists: () => false, create: () => ({}), update: () => ({}), delete: () => undefined, validate: () => true }
      host.registry.register(definePlugin({ name: 'talkative', strategies: [{ name: 'talkative', strategy: Talkative, methods }] }))
    })

    const login = (query: string): Promise<string> => exchangeBytes(port, `GET /_login/talkative?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)

    test('a challenge stays on its line', async () => {
      const answer = await login(`realm=${encodeURIComponent(SPLIT)}`)
      const [head = ''] = answer.split('\r\n\r\n')
      expect(head).toMatch(/^HTTP\/1.1 401/)
      expect(head).toMatch(/www-authenticate: Basic realm="xSet-Cookie: authToken=evil<html>"/i)
      expect(head).not.toMatch(/^set-cookie: authToken/im)
    })

    test('a redirect stays on its line', async () => {
      const answer = await login(`away=${encodeURIComponent(`https://provider.example/${SPLIT}`)}`)
      const [head = ''] = answer.split('\r\n\r\n')
      expect(head).toMatch(/^HTTP\/1.1 302/)
      expect(head).not.toMatch(/^set-cookie: authToken/im)
    })

    test('a request id stays on its line', async () => {
      const answer = await exchangeBytes(port, `GET /_now?requestId=${encodeURIComponent(SPLIT)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
      expect(answer.split('\r\n\r\n')[0]).not.toMatch(/^set-cookie: authToken=evil/im)
    })
  })

  describe('of too much', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    const post = async (path: string, body: string): Promise<number> =>
      (await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${boss}` }, body })).status

    test('a body beyond the limit is refused before it is read whole', async () => {
      expect(await post('/_login/local', `{"username":"${'x'.repeat(2_000_000)}"}`)).toBe(413)
    })

    test('a body nested ever so deep stops nothing', async () => {
      for (const path of ['/_login/local', '/roles/deep/_create', '/profiles/deep/_create', '/users/_create', '/_checkRights', '/_checkToken', '/users/_search', '/admin/_loadSecurities']) {
        expect(await post(path, nested(20_000))).toBeGreaterThanOrEqual(200)
      }
      expect((await fetch(`${url}/_now`, { headers: { authorization: `Bearer ${boss}` } })).status).toBe(200)
    })

    test('a password beyond any use is refused, and hashing it takes no longer', async () => {
      const answer = await ask('createUser', { body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'long', password: 'x'.repeat(100_000) } } } })
      expect(answer.error).toMatchObject({ id: 'plugin.auth-local.invalid_field', status: 400 })
      expect((await ask('searchUsersByCredentials', { strategy: 'local', body: { query: { term: { username: 'long' } } } })).result).toMatchObject({ total: 0 })
    })

    test('lifetimes and pages beyond counting are refused or cut', async () => {
      for (const expiresIn of ['9'.repeat(400), '1'.repeat(99), 'x'.repeat(10_000)]) {
        expect((await host.send({ controller: 'auth', action: 'createToken', expiresIn, jwt: boss })).status).toBe(400)
      }
    })
  })
})
