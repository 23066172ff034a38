import type { Server, Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Config, Plugin, Secrets, Strategy, type PassportRequest } from '@mortise/sdk'
import ldap from 'ldapjs'
import LdapStrategy from 'passport-ldapauth'
import { NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

interface LdapServer { url: string; bindDN: string; searchBase: string; searchFilter: string }

@Strategy('ldap', { strategy: LdapStrategy, options: (self: Ldap) => ({ server: { ...self.config.values, bindCredentials: self.secrets.get('bind') } }) })
class Ldap extends NoCredentials {
  constructor(readonly config: Config<LdapServer>, readonly secrets: Secrets) { super() }
  async verify(_request: PassportRequest, entry: { uid: string }) { return { kuid: entry.uid } }
}

@Plugin({ name: 'ldap', providers: [Ldap] })
class Directory {}

const PASSWORDS: Readonly<Record<string, string>> = { 'cn=root': 'root-secret', 'uid=ann,ou=users': 'secret-2', 'uid=boss,ou=users': 'secret-1' }
const people = ['ann', 'boss'].map((uid) => ({ dn: `uid=${uid},ou=users`, attributes: { uid, mail: `${uid}@example.org`, objectclass: 'person' } }))

/** A directory that answers as real ones do: a bind without a password is one of nobody, and succeeds (RFC 4513, 5.1.2). */
function createDirectory(): ldap.Server {
  const server = ldap.createServer()
  for (const base of ['cn=root', 'ou=users']) {
    server.bind(base, (request: { dn: unknown; credentials: string }, response: { end(): void }, next: (error?: object) => void) => {
      const password = PASSWORDS[String(request.dn).replaceAll(' ', '')]
      if (request.credentials !== '' && request.credentials !== password) return next(new ldap.InvalidCredentialsError())
      response.end()
      next()
    })
  }
  server.search('ou=users', (request: { filter: { matches(attributes: object): boolean } }, response: { send(entry: object): void; end(): void }, next: () => void) => {
    for (const person of people) if (request.filter.matches(person.attributes)) response.send(person)
    response.end()
    next()
  })
  return server
}

const directory = createDirectory()
const sockets = new Set<Socket>();
(directory as unknown as { server: Server }).server.on('connection', (socket) => sockets.add(socket))
let host: LoginHost
let down: LoginHost

beforeAll(async () => {
  await new Promise<void>((resolve) => { directory.listen(0, '127.0.0.1', resolve) })
  const settings = { url: directory.url, bindDN: 'cn=root', searchBase: 'ou=users', searchFilter: '(uid={{username}})' }
  const secrets = { ldap: { bind: 'root-secret' } }
  host = await startLoginHost({ plugins: [Directory], secrets, config: { plugins: { ldap: settings } } })
  down = await startLoginHost({ plugins: [Directory], secrets, config: { plugins: { ldap: { ...settings, url: 'ldap://127.0.0.1:1' } } } })
})
afterAll(async () => {
  directory.close(() => undefined)
  for (const socket of sockets) socket.destroy()
  await host.close()
  await down.close()
})

test('name and password of the directory get in, and the token works', async () => {
  const { status, result } = await host.logIn('ldap', { username: 'ann', password: 'secret-2' })
  expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
  expect(await host.whoIs(result.jwt)).toBe('ann')
})

test('a socket logs in the same way', async () => {
  expect(await host.logInBySocket('ldap', { username: 'boss', password: 'secret-1' })).toBe('boss')
  await expect(host.logInBySocket('ldap', { username: 'boss', password: 'secret-2' })).rejects.toMatchObject({ status: 401, message: expect.stringContaining('Invalid username/password') })
})

test.each([['a wrong password', 'ann', 'x'], ['somebody else\'s password', 'ann', 'secret-1'], ['nobody', 'eve', 'secret-2']])('%s is refused', async (_what, username, password) => {
  expect(await host.logIn('ldap', { username, password })).toMatchObject({ ...REFUSED, error: { message: 'Invalid username/password' } })
})

test.each([['no password', { username: 'ann' }], ['an empty password, with which directories bind nobody', { username: 'ann', password: '' }], ['nothing', {}]])('%s is refused', async (_what, body) => {
  expect(await host.logIn('ldap', body)).toMatchObject({ ...REFUSED, error: { message: 'Missing credentials' } })
})

test.each(['*', 'a*', 'ann)(uid=*', '*)(|(uid=*', 'ann\\', 'ann\u0000', '(', 'nobody)(|(uid=boss))'])('a name that means more in a filter finds nobody: %j', async (username) => {
  expect(await host.logIn('ldap', { username, password: 'secret-2' })).toMatchObject(REFUSED)
})

test.each([[{ username: { $ne: '' }, password: 'secret-2' }], [{ username: ['ann'], password: ['secret-2'] }], [{ username: 7, password: 7 }]])('what is no text is refused: %j', async (body) => {
  expect((await host.logIn('ldap', body)).result).toBeNull()
})

test('a directory that is down is told as such, without its secrets', async () => {
  const answer = await down.logIn('ldap', { username: 'ann', password: 'secret-2' })
  expect(answer).toMatchObject({ status: 500, result: null })
  expect(JSON.stringify([answer, down.logs])).not.toMatch(/root-secret|secret-2/)
})

test('credentials of the directory are not kept here', async () => {
  const { body } = await host.ask('POST', '/credentials/ldap/ann/_create', { body: { username: 'ann', password: 'x' } })
  expect(body).toMatchObject({ status: 400, error: { message: expect.stringContaining('kept elsewhere') } })
})
