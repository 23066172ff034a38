import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** What is too long, too deep or too far away is refused, at no more cost than reading it takes. */
describe('too much', () => {
  let host: SecuredHost
  let url: string
  let boss: string

  beforeAll(async () => {
    host = await startSecuredHost()
    boss = await host.found();
    ({ url } = await host.listen())
  })
  afterAll(() => host.close())

  const ask = (action: string, data: object): ReturnType<SecuredHost['send']> => host.send({ controller: 'security', action, jwt: boss, ...data })
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
