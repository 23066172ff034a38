import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Plugin, Strategy, Secrets, type PassportRequest } from '@mortise/sdk'
import { createRemoteJWKSet, exportSPKI, SignJWT, type JWTPayload } from 'jose'
import { OAuth2Server } from 'oauth2-mock-server'
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt'
import { NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

const SHARED = 'a secret that two hosts share, and long enough for it'
const ISSUER = 'https://id.example'
const provider = new OAuth2Server()

@Strategy('jwt', {
  strategy: JwtStrategy,
  options: (self: Jwt) => ({
    jwtFromRequest: ExtractJwt.fromBodyField('token'), secretOrKey: self.secrets.get('key'), algorithms: ['HS256'], issuer: 'https://id.example', audience: 'mortise',
  }),
})
class Jwt extends NoCredentials {
  constructor(readonly secrets: Secrets) { super() }
  async verify(_request: PassportRequest, { sub }: { sub?: string }) { return sub === undefined ? false : { kuid: sub } }
}

type TellKey = (error: unknown, key?: string) => void

/** The key that the provider publishes under the id that a token names. */
function fetchKey(_request: unknown, token: string, tell: TellKey): void {
  const [header = ''] = token.split('.')
  createRemoteJWKSet(new URL(`${provider.issuer.url}/jwks`))(JSON.parse(Buffer.from(header, 'base64url').toString()))
    .then((key) => exportSPKI(key)).then((key) => tell(null, key), tell)
}

@Strategy('published', { strategy: JwtStrategy, options: { jwtFromRequest: ExtractJwt.fromBodyField('token'), secretOrKeyProvider: fetchKey, algorithms: ['RS256'] } })
class PublishedKeys extends NoCredentials {
  async verify(_request: PassportRequest, { sub }: { sub?: string }) { return sub === undefined ? false : { kuid: sub } }
}

@Plugin({ name: 'foreign-tokens', providers: [Jwt, PublishedKeys] })
class ForeignTokens {}

let host: LoginHost
beforeAll(async () => {
  await provider.issuer.keys.generate('RS256', { kid: 'current' })
  await provider.start(0, '127.0.0.1')
  host = await startLoginHost({ plugins: [ForeignTokens], secrets: { 'foreign-tokens': { key: SHARED } } })
})
afterAll(async () => {
  await provider.stop()
  await host.close()
})

const unsigned = (header: object, claims: object): string => `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`

describe('a token signed with a shared secret (HS256)', () => {
  const good = { sub: 'ann', iss: ISSUER, aud: 'mortise', exp: 4e9 }
  const sign = (claims: JWTPayload, secret = SHARED, alg = 'HS256'): Promise<string> =>
    new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg }).sign(Buffer.from(secret))

  test('gets in, and the token that it is traded for works', async () => {
    const { status, result } = await host.logIn('jwt', { token: await sign({}) })
    expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
    expect(await host.whoIs(result.jwt)).toBe('ann')
  })

  test('gets in on a socket', async () => {
    expect(await host.logInBySocket('jwt', { token: await sign({}) })).toBe('ann')
    await expect(host.logInBySocket('jwt', { token: await sign({ exp: 1 }) })).rejects.toMatchObject({ status: 401, message: expect.stringContaining('jwt expired') })
  })

  test.each([
    ['that has ended', 'jwt expired', { exp: 1 }], ['of another issuer', /^jwt issuer invalid/, { iss: 'https://evil.example' }],
    ['for another audience', /^jwt audience invalid/, { aud: 'elsewhere' }], ['that does not hold yet', 'jwt not active', { nbf: 4e9 - 1 }],
  ])('%s is refused', async (_what, message, claims) => {
    const answer = await host.logIn('jwt', { token: await sign(claims) })
    expect(answer).toMatchObject(REFUSED)
    expect(answer.error.message).toMatch(message)
  })

  test('with another secret is refused', async () => {
    expect(await host.logIn('jwt', { token: await sign({}, 'a secret of somebody else, and long enough for it') })).toMatchObject({ ...REFUSED, error: { message: 'invalid signature' } })
  })

  test('by another algorithm is refused, none above all', async () => {
    expect(await host.logIn('jwt', { token: await sign({}, SHARED, 'HS512') })).toMatchObject({ ...REFUSED, error: { message: 'invalid algorithm' } })
    for (const alg of ['none', 'None', 'HS256']) expect(await host.logIn('jwt', { token: unsigned({ alg }, good) })).toMatchObject(REFUSED)
  })

  test('whose claims were changed is refused', async () => {
    const [header, , signature] = (await sign({})).split('.')
    const claims = Buffer.from(JSON.stringify({ ...good, sub: 'boss' })).toString('base64url')
    expect(await host.logIn('jwt', { token: [header, claims, signature].join('.') })).toMatchObject({ ...REFUSED, error: { message: 'invalid signature' } })
  })

  test('without a name is refused', async () => {
    expect(await host.logIn('jwt', { token: await sign({ sub: undefined }) })).toMatchObject(REFUSED)
  })

  test.each([[{}], [{ token: '' }], [{ token: 'a.b.c' }], [{ token: 7 }], [{ token: ['x'] }], [{ token: { toString: 'x' } }]])('that is none is refused: %j', async (body) => {
    expect(await host.logIn('jwt', body)).toMatchObject(REFUSED)
  })

  test('is no token of the host, and the host\'s is none of them', async () => {
    expect((await host.ask('GET', '/users/_me', { headers: { authorization: `Bearer ${await sign({})}` } })).status).toBe(401)
    const { result } = await host.logIn('jwt', { token: await sign({}) })
    expect(await host.logIn('jwt', { token: result.jwt.replace('kauth-', '') })).toMatchObject(REFUSED)
  })
})

describe('a token signed with a published key (RS256)', () => {
  const build = (claims: Record<string, unknown> = {}): Promise<string> =>
    provider.issuer.buildToken({ kid: 'current', scopesOrTransform: (_header: object, payload: object) => { Object.assign(payload, { sub: 'ann' }, claims) } })

  test('gets in, and the token that it is traded for works', async () => {
    const { status, result } = await host.logIn('published', { token: await build() })
    expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
    expect(await host.whoIs(result.jwt)).toBe('ann')
  })

  test('with a key that was published since gets in', async () => {
    await provider.issuer.keys.generate('RS256', { kid: 'next' })
    const token = await provider.issuer.buildToken({ kid: 'next', scopesOrTransform: (_header: object, payload: object) => { Object.assign(payload, { sub: 'boss' }) } })
    expect(await host.logIn('published', { token })).toMatchObject({ status: 200, result: { _id: 'boss' } })
  })

  test('that has ended is refused', async () => {
    expect(await host.logIn('published', { token: await build({ exp: 1 }) })).toMatchObject({ ...REFUSED, error: { message: 'jwt expired' } })
  })

  test('with a key that nobody published is refused, also under the name of one that is', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    for (const kid of ['current', 'unknown']) {
      const token = await new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'RS256', kid }).setExpirationTime('1h').sign(privateKey)
      expect(await host.logIn('published', { token })).toMatchObject(REFUSED)
    }
  })

  test('with the public key as if it were a secret is refused', async () => {
    const { keys } = await (await fetch(`${provider.issuer.url}/jwks`)).json() as { keys: { kid: string }[] }
    const key = await exportSPKI(await createRemoteJWKSet(new URL(`${provider.issuer.url}/jwks`))({ alg: 'RS256', kid: 'current' }))
    expect(keys.map(({ kid }) => kid)).toContain('current')
    const token = await new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'HS256', kid: 'current' }).setExpirationTime('1h').sign(Buffer.from(key))
    expect(await host.logIn('published', { token })).toMatchObject(REFUSED)
  })
})
