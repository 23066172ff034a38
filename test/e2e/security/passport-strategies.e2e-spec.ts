import { createHash, generateKeyPairSync } from 'node:crypto'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PassportStrategyClass, StrategyMethods, Verified } from '@mortise/sdk'
import type { StrategyDefinition } from '@app/registry'
import { createLocalJWKSet, exportJWK, exportSPKI, importSPKI, SignJWT } from 'jose'
import { OAuth2Server } from 'oauth2-mock-server'
import { definePlugin } from '../../support/define-plugin.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

const load = createRequire(import.meta.url)
const strategyOf = (name: string, key = 'Strategy'): PassportStrategyClass => {
  const loaded = load(name) as PassportStrategyClass & Record<string, PassportStrategyClass>
  return loaded[key] ?? loaded
}

const REFUSED = { status: 401, error: { id: 'plugin.strategy.missing_user' } }
const JWT_SECRET = 'a secret between the two of us, and long enough for it'

/** Strategies as npm has them, unchanged: good credentials get in, others do not. */
describe('Passport strategies of npm', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new OAuth2Server()
  let directory: { close(): void }
  let host: SecuredHost
  let url: string

  const methods = (verify: StrategyMethods['verify']): StrategyMethods =>
    ({ verify, exists: () => false, create: () => ({}), update: () => ({}), delete: () => undefined, validate: () => true })
  const define = (name: string, strategy: PassportStrategyClass, options: object, verify: (...given: never[]) => Promise<Verified>): StrategyDefinition =>
    ({ name, strategy, options, methods: methods(verify as unknown as StrategyMethods['verify']) })
  const ann = async (_request: unknown, name: string, password: string): Promise<Verified> => (name === 'ann' && password === 'secret-2' ? { kuid: 'ann' } : { message: 'wrong username or password' })

  beforeAll(async () => {
    await provider.issuer.keys.generate('RS256')
    await provider.start(0, 'localhost')
    provider.service.on('beforeUserinfo', (response: { body: object }) => { response.body = { id: 77, login: 'ann', name: 'Ann' } })
    const [server, port] = await startDirectory()
    directory = server
    host = await startSecuredHost()
    await host.security.services.users.create('ann', { profileIds: ['default'] });
    ({ url } = await host.listen())
    host.registry.register(definePlugin({ name: 'npm', strategies: await strategies(port) }))
  })
  afterAll(async () => {
    await host.close()
    await provider.stop()
    directory.close()
  })

  async function strategies(ldapPort: number): Promise<StrategyDefinition[]> {
    const { ExtractJwt } = load('passport-jwt') as { ExtractJwt: { fromAuthHeaderAsBearerToken(): unknown; fromBodyField(name: string): unknown } }
    const keys = createLocalJWKSet({ keys: [{ ...await exportJWK(publicKey), alg: 'RS256', kid: 'one' }] })
    const secretOrKeyProvider = (_request: unknown, token: string, done: (error: unknown, key?: string) => void): void => {
      const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { alg: string; kid: string }
      keys(header).then(async (key) => done(null, await exportSPKI(await importSPKI(publicKey.export({ type: 'spki', format: 'pem' }) as string, 'RS256', { extractable: true }).then(() => key))), () => done(new Error('unknown key')))
    }
    const jwtUser = async (_request: unknown, { sub }: { sub: string }): Promise<Verified> => ({ kuid: sub })
    const endpoints = { authorizationURL: `${provider.issuer.url}/authorize`, tokenURL: `${provider.issuer.url}/token`, userProfileURL: `${provider.issuer.url}/userinfo` }
    const oauth = { ...endpoints, clientID: 'mortise', clientSecret: 'client-secret' }
    const ha1 = createHash('md5').update('ann:mortise:secret-2').digest('hex')
    return [
      define('npm-local', strategyOf('passport-local'), {}, ann),
      define('basic', strategyOf('passport-http', 'BasicStrategy'), { realm: 'mortise' }, ann),
      define('digest', withSecret(strategyOf('passport-http', 'DigestStrategy'), { ha1 }), { realm: 'mortise', qop: 'auth' }, async (_request: unknown, name: string) => ({ kuid: name })),
      define('bearer', strategyOf('passport-http-bearer'), {}, async (_request: unknown, token: string) => (token === 'ann-token' ? { kuid: 'ann' } : false)),
      define('jwt', strategyOf('passport-jwt'), { jwtFromRequest: ExtractJwt.fromBodyField('token'), secretOrKey: JWT_SECRET, algorithms: ['HS256'], issuer: 'https://id.example' }, jwtUser),
      define('jwks', strategyOf('passport-jwt'), { jwtFromRequest: ExtractJwt.fromBodyField('token'), secretOrKeyProvider, algorithms: ['RS256'] }, jwtUser),
      define('oauth2', strategyOf('passport-oauth2'), { ...oauth, callbackURL: '/_login/oauth2', state: true, pkce: true }, async () => ({ kuid: 'ann' })),
      define('github2', strategyOf('passport-github2'), { ...oauth, callbackURL: `${url}/_login/github2` }, async (_request: unknown, _access: string, _refresh: string, profile: { id: string; username: string }) => (profile.id === '77' ? { kuid: profile.username } : false)),
      define('ldap', strategyOf('passport-ldapauth'), { server: { url: `ldap://127.0.0.1:${ldapPort}`, bindDN: 'cn=root', bindCredentials: 'root-secret', searchBase: 'ou=users', searchFilter: '(uid={{username}})' } }, async (_request: unknown, { uid }: { uid: string }) => ({ kuid: uid })),
    ]
  }

  interface Answer { status: number; error: { id: string; message: string } | null; result: { _id?: string } | null }
  async function logIn(name: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${url}/_login/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
    return await response.json() as Answer
  }
  const basic = (text: string): { authorization: string } => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

  test('passport-local', async () => {
    expect(await logIn('npm-local', { username: 'ann', password: 'secret-2' })).toMatchObject({ status: 200, result: { _id: 'ann' } })
    expect(await logIn('npm-local', { username: 'ann', password: 'x' })).toMatchObject({ ...REFUSED, error: { message: 'wrong username or password' } })
    expect(await logIn('npm-local')).toMatchObject({ ...REFUSED, error: { message: 'Missing credentials' } })
  })

  test('passport-http, Basic', async () => {
    expect(await logIn('basic', {}, basic('ann:secret-2'))).toMatchObject({ status: 200, result: { _id: 'ann' } })
    for (const headers of [basic('ann:x'), basic('ann'), basic(':'), { authorization: 'Basic' }, {}]) expect((await logIn('basic', {}, headers)).status).toBe(401)
    const response = await fetch(`${url}/_login/basic`, { method: 'POST' })
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="mortise"')
  })

  test('passport-http, Digest: the request has its own method and URL', async () => {
    const { headers } = await fetch(`${url}/_login/digest`, { method: 'POST' })
    const nonce = /nonce="([^"]+)"/.exec(String(headers.get('www-authenticate')))?.[1] as string
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
    const answer = (password: string, method = 'POST', uri = '/_login/digest'): string => {
      const [ha1, ha2] = [md5(`ann:mortise:${password}`), md5(`${method}:${uri}`)]
      const response = md5([ha1, nonce, '00000001', 'abcdef', 'auth', ha2].join(':'))
      return `Digest username="ann", realm="mortise", nonce="${nonce}", uri="${uri}", qop=auth, nc=00000001, cnonce="abcdef", response="${response}"`
    }
    expect(await logIn('digest', {}, { authorization: answer('secret-2') })).toMatchObject({ status: 200, result: { _id: 'ann', jwt: expect.any(String) } })
    expect((await logIn('digest', {}, { authorization: answer('x') })).status).toBe(401)
    expect((await logIn('digest', {}, { authorization: answer('secret-2', 'GET') })).status).toBe(401)
    expect((await logIn('digest', {}, { authorization: answer('secret-2', 'POST', '/elsewhere') })).status).toBe(401)
  })

  test('passport-http-bearer', async () => {
    expect(await logIn('bearer', { access_token: 'ann-token' })).toMatchObject({ status: 200 })
    expect((await logIn('bearer', { access_token: 'x' })).status).toBe(401)
    expect((await logIn('bearer')).status).toBe(401)
  })

  test('passport-jwt, HS256', async () => {
    const sign = (claims: object, secret = JWT_SECRET): Promise<string> =>
      new SignJWT({ sub: 'ann', iss: 'https://id.example', exp: 4e9, ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
    expect(await logIn('jwt', { token: await sign({}) })).toMatchObject({ status: 200, result: { _id: 'ann' } })
    expect(await logIn('jwt', { token: await sign({ exp: 1 }) })).toMatchObject({ ...REFUSED, error: { message: 'jwt expired' } })
    expect(await logIn('jwt', { token: await sign({}, 'another secret, which is as long as the right one') })).toMatchObject({ ...REFUSED, error: { message: 'invalid signature' } })
    expect((await logIn('jwt', { token: await sign({ iss: 'https://evil.example' }) })).status).toBe(401)
    expect(await logIn('jwt')).toMatchObject({ ...REFUSED, error: { message: 'No auth token' } })
    const [, payload] = (await sign({})).split('.')
    expect((await logIn('jwt', { token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.` })).status).toBe(401)
  })

  test('passport-jwt, RS256 with published keys', async () => {
    const sign = (key: Parameters<SignJWT['sign']>[0], kid = 'one'): Promise<string> => new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'RS256', kid }).setExpirationTime('1h').sign(key)
    expect(await logIn('jwks', { token: await sign(privateKey) })).toMatchObject({ status: 200 })
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect((await logIn('jwks', { token: await sign(other) })).status).toBe(401)
    expect((await logIn('jwks', { token: await sign(privateKey, 'two') })).status).toBe(401)
  })

  async function travel(name: string): Promise<string> {
    const away = await fetch(`${url}/_login/${name}`, { redirect: 'manual' })
    expect(away.status).toBe(302)
    const page = await fetch(String(away.headers.get('location')), { redirect: 'manual' })
    return page.headers.get('location') as string
  }
  const arrive = async (way: string): Promise<Answer> => await (await fetch(way)).json() as Answer

  test('passport-oauth2 with state and PKCE, from an address of its own', async () => {
    const way = await travel('oauth2')
    expect(new URL(way).origin).toBe(url)
    expect(await arrive(way)).toMatchObject({ status: 200, result: { _id: 'ann' } })
    expect(await arrive(way)).toMatchObject(REFUSED)
    const forged = new URL(await travel('oauth2'))
    forged.searchParams.set('state', 'forged')
    expect(await arrive(forged.href)).toMatchObject(REFUSED)
    expect(await arrive(`${url}/_login/oauth2?error=access_denied&error_description=nope`)).toMatchObject({ ...REFUSED, error: { message: 'nope' } })
  })

  test('passport-github2, pointed at a provider on loopback', async () => {
    expect(await arrive(await travel('github2'))).toMatchObject({ status: 200, result: { _id: 'ann' } })
    provider.service.once('beforeResponse', (response: { body: object; statusCode: number }) => Object.assign(response, { statusCode: 400, body: { error: 'invalid_grant', error_description: 'used' } }))
    expect((await arrive(await travel('github2'))).status).toBe(401)
  })

  test('passport-ldapauth', async () => {
    expect(await logIn('ldap', { username: 'ann', password: 'secret-2' })).toMatchObject({ status: 200, result: { _id: 'ann' } })
    expect(await logIn('ldap', { username: 'ann', password: 'x' })).toMatchObject({ ...REFUSED, error: { message: 'Invalid username/password' } })
    for (const username of ['nobody', '*', 'ann)(uid=*', '*)(|(uid=*']) expect((await logIn('ldap', { username, password: 'secret-2' })).status).toBe(401)
    expect((await logIn('ldap', { username: 'ann' })).status).toBe(401)
  })

  test('a directory that is down is no refusal', async () => {
    host.registry.register(definePlugin({ name: 'down', strategies: [define('down', strategyOf('passport-ldapauth'), { server: { url: 'ldap://127.0.0.1:1', searchBase: 'ou=users', searchFilter: '(uid={{username}})' } }, async () => false)] }))
    expect((await logIn('down', { username: 'ann', password: 'secret-2' })).status).toBe(500)
  })
})

/** Digest asks for what a password makes, instead of having a password checked: the host tells the user, the wrapper the rest. */
function withSecret(Base: PassportStrategyClass, secret: object): PassportStrategyClass {
  return class {
    constructor(options: object, verify: (...given: unknown[]) => void) {
      return new Base({ ...options, passReqToCallback: false }, (name: string, done: (...given: unknown[]) => void) =>
        verify(null, name, (error: unknown, user: unknown) => done(error, user, secret)))
    }
  }
}

/** A directory with one person in it. */
async function startDirectory(): Promise<[{ close(): void }, number]> {
  const ldap = load('ldapjs') as { createServer(): LdapServer; InvalidCredentialsError: new () => Error }
  const server = ldap.createServer()
  const person = { dn: 'uid=ann,ou=users', attributes: { uid: 'ann', mail: 'ann@example.org', objectclass: 'person' } }
  const passwords: Record<string, string> = { 'cn=root': 'root-secret', 'uid=ann,ou=users': 'secret-2' }
  const bind = (request: LdapRequest, response: LdapResponse, next: (error?: Error) => void): void => {
    if (passwords[String(request.dn).replace(/, /g, ',')] !== request.credentials) return next(new ldap.InvalidCredentialsError())
    response.end()
    next()
  }
  server.bind('cn=root', bind)
  server.bind('ou=users', bind)
  server.search('ou=users', (request: LdapRequest, response: LdapResponse, next: () => void) => {
    if (request.filter.matches(person.attributes)) response.send(person)
    response.end()
    next()
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return [server, (server.server?.address() as AddressInfo | undefined)?.port ?? server.port]
}

interface LdapRequest { dn: unknown; credentials: string; filter: { matches(attributes: object): boolean } }
interface LdapResponse { end(): void; send(entry: object): void }
interface LdapServer {
  port: number
  server?: { address(): unknown }
  bind(base: string, handler: unknown): void
  search(base: string, handler: unknown): void
  listen(port: number, host: string, ready: () => void): void
  close(): void
}
