import { createHmac, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { openSocket } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Tokens that this host has not signed, or no longer stands for, are refused at both doors with 401. */
describe('forged tokens', () => {
  let host: SecuredHost
  let url: string
  let port: number
  let good: string

  beforeAll(async () => {
    host = await startSecuredHost({ security: { jwt: { secret: 'a secret that only the host knows, and nobody guesses' } } })
    good = await host.found();
    ({ url, port } = await host.listen())
  })
  afterAll(() => host.close())

  async function answers(token: string): Promise<{ http: unknown[]; socket: unknown[] }> {
    const response = await fetch(`${url}/users/boss`, { headers: { authorization: `Bearer ${token}` } })
    const body = await response.json() as { error: { id?: string } | null; status: number }
    const client = await openSocket(port)
    const frame = await client.ask({ controller: 'security', action: 'getUser', _id: 'boss', requestId: '1', jwt: token }) as typeof body
    client.socket.close()
    return { http: [response.status, body.error?.id], socket: [frame.status, frame.error?.id] }
  }

  const refused = [401, 'security.token.invalid']
  const parts = (): [string, string, string] => good.replace('kauth-', '').split('.') as [string, string, string]
  const claims = (): { _id: string; jti: string; exp: number } => JSON.parse(Buffer.from(parts()[1], 'base64url').toString()) as ReturnType<typeof claims>

  test('the token that the others are made of is good', async () => {
    expect(await answers(good)).toEqual({ http: [200, undefined], socket: [200, undefined] })
  })

  test.each(['none', 'None', 'NONE', 'nOnE'])('a token whose header says "alg": "%s" is refused, signed or not', async (alg) => {
    const [, payload, signature] = parts()
    for (const end of ['', signature]) {
      expect(await answers(`kauth-${encode({ alg, typ: 'JWT' })}.${payload}.${end}`)).toEqual({ http: refused, socket: refused })
    }
  })

  test('a token signed by a public key as if it were the secret is refused', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${parts()[1]}`
    const signature = createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' })).update(head).digest('base64url')
    expect(await answers(`kauth-${head}.${signature}`)).toEqual({ http: refused, socket: refused })
  })

  test('a token of another algorithm is refused, though its signature is right', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signed = await new SignJWT({ ...claims() }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    const secret = Buffer.from('a secret that only the host knows, and nobody guesses')
    const longer = await new SignJWT({ ...claims() }).setProtectedHeader({ alg: 'HS512' }).sign(secret)
    expect(await answers(`kauth-${signed}`)).toEqual({ http: refused, socket: refused })
    expect(await answers(`kauth-${longer}`)).toEqual({ http: refused, socket: refused })
  })

  test('keys that a header names or carries are not used', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = publicKey.export({ format: 'jwk' })
    const headers = [{ alg: 'RS256', jwk }, { alg: 'RS256', jku: 'http://127.0.0.1:1/keys' }, { alg: 'RS256', kid: '../../../dev/null' }, { alg: 'RS256', x5u: 'http://127.0.0.1:1/' }]
    for (const header of headers) {
      const signed = await new SignJWT({ ...claims() }).setProtectedHeader(header).sign(privateKey)
      expect(await answers(`kauth-${signed}`)).toEqual({ http: refused, socket: refused })
    }
  })

  test('a token signed with an empty, a short or a guessed secret is refused', async () => {
    for (const guess of ['\0', 'secret', 'changeme', 'a secret that only the host knows, and nobody guesse']) {
      const signed = await new SignJWT({ ...claims() }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(guess))
      expect(await answers(`kauth-${signed}`)).toEqual({ http: refused, socket: refused })
    }
  })

  test('a token whose payload was changed is refused', async () => {
    const [header, , signature] = parts()
    for (const change of [{ _id: 'admin' }, { exp: claims().exp + 3600 }, { exp: undefined }, { jti: 'other' }, { admin: true }]) {
      expect(await answers(`kauth-${header}.${encode({ ...claims(), ...change })}.${signature}`)).toEqual({ http: refused, socket: refused })
    }
  })

  test('a token that is well signed but was never given out is refused', async () => {
    const secret = Buffer.from('a secret that only the host knows, and nobody guesses')
    const made = await new SignJWT({ _id: 'boss', jti: 'made-up' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(secret)
    expect(await answers(`kauth-${made}`)).toEqual({ http: refused, socket: refused })
    expect(await answers(`kapikey-${made}`)).toEqual({ http: refused, socket: refused })
  })

  test('a token of one kind is not good as the other', async () => {
    expect(await answers(good.replace('kauth-', 'kapikey-'))).toEqual({ http: refused, socket: refused })
    const key = await host.call<{ _source: { token: string } }>({ controller: 'auth', action: 'createApiKey', jwt: good, body: { description: 'x' } })
    expect(await answers(key._source.token)).toEqual({ http: [200, undefined], socket: [200, undefined] })
    expect(await answers(key._source.token.replace('kapikey-', 'kauth-'))).toEqual({ http: refused, socket: refused })
  })

  test('what is no token at all is refused', async () => {
    const nonsense = ['x', 'kauth-', 'kapikey-', 'kauth-a.b.c', 'kauth-..', `kauth-${'a'.repeat(5000)}`, 'kauth-eyJhbGciOiJIUzI1NiJ9..', `kauth-kauth-${parts().join('.')}`, 'null', 'undefined', '__proto__', 'kauth-__proto__']
    for (const token of nonsense) expect(await answers(token)).toEqual({ http: refused, socket: refused })
  })

  test('a token of another host is refused', async () => {
    const other = await startSecuredHost()
    const foreign = await other.found()
    await other.close()
    expect(await answers(foreign)).toEqual({ http: refused, socket: refused })
  })
})
