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
})
