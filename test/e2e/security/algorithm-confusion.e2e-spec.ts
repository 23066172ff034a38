import { createHmac, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { doors, startAttackedHost, type AttackedHost } from '../../support/start-attacked-host.js'

const SECRET = 'a secret that only the host knows, and nobody guesses'
const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** What a token says of how it is to be verified is not what the host goes by: `alg: none` and confusion of keys are refused with 401, over every door. */
let host: AttackedHost
beforeAll(async () => { host = await startAttackedHost({ secrets: { host: { jwt: SECRET } } }) })
afterAll(() => host.close())

const parts = (): [string, string, string] => host.boss.replace('kauth-', '').split('.') as [string, string, string]
const claims = (): { _id: string; jti: string; exp: number } => JSON.parse(Buffer.from(parts()[1], 'base64url').toString()) as ReturnType<typeof claims>
const sign = (header: object, key: string | Buffer, algorithm = 'sha256'): string => {
  const head = `${encode(header)}.${parts()[1]}`
  return `${head}.${createHmac(algorithm, key).update(head).digest('base64url')}`
}

/** What each door says to the token; a device may not even connect with it. */
async function answersTo(token: string): Promise<unknown[]> {
  const answers = await Promise.all(doors.map((door) => host.send(door, { controller: 'security', action: 'getUser', _id: 'boss' }, token)))
  const header = await host.ask('GET', '/users/boss', { headers: { authorization: `Bearer ${token}` } })
  return [...answers.map(({ status, error }) => [status, error?.id]), [header.status, header.body.error?.id], await host.letsIn(token)]
}
const REFUSED = [...Array.from({ length: 4 }, () => [401, 'security.token.invalid']), false]

async function expectRefused(bare: string): Promise<void> {
  for (const prefix of ['kauth-', 'kapikey-', '']) expect([prefix, await answersTo(prefix + bare)]).toEqual([prefix, REFUSED])
}

test('the token that the others are made of is good', async () => {
  expect(await answersTo(host.boss)).toEqual([...Array.from({ length: 4 }, () => [200, undefined]), true])
  expect(sign({ alg: 'HS256' }, SECRET).split('.')[2]).toHaveLength(43)
})

test.each(['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined, 0, ['none'], ['HS256'], { toString: 'HS256' }])('a token whose header says "alg": %j is refused, signed or not', async (alg) => {
  const [, payload, signature] = parts()
  const header = encode({ alg, typ: 'JWT' })
  for (const end of ['', signature, encode('none')]) await expectRefused(`${header}.${payload}.${end}`)
  await expectRefused(`${header}.${payload}`)
})

test('a header that says two things is refused', async () => {
  const [, payload, signature] = parts()
  for (const header of ['{"alg":"HS256","alg":"none"}', '{"alg":"none","alg":"HS256"}', '{"__proto__":{"alg":"none"}}', '{"alg":"HS256","crit":["exp"]}', '{"alg":"HS256","b64":false,"crit":["b64"]}']) {
    for (const end of ['', signature]) await expectRefused(`${encode(header)}.${payload}.${end}`)
  }
})

test('a token signed by a public key as if it were the secret is refused', async () => {
  for (const { publicKey } of [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('ec', { namedCurve: 'P-256' })]) {
    for (const type of ['spki'] as const) {
      for (const key of [publicKey.export({ type, format: 'pem' }), publicKey.export({ type, format: 'der' })]) await expectRefused(sign({ alg: 'HS256', typ: 'JWT' }, key))
    }
  }
})

test('a token of another algorithm is refused, though its signature is right', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  for (const alg of ['RS256', 'PS256']) await expectRefused(await new SignJWT({ ...claims() }).setProtectedHeader({ alg }).sign(rsa))
  await expectRefused(await new SignJWT({ ...claims() }).setProtectedHeader({ alg: 'ES256' }).sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
  await expectRefused(await new SignJWT({ ...claims() }).setProtectedHeader({ alg: 'EdDSA' }).sign(generateKeyPairSync('ed25519').privateKey))
  for (const [alg, hash] of [['HS384', 'sha384'], ['HS512', 'sha512']] as const) await expectRefused(sign({ alg, typ: 'JWT' }, SECRET, hash))
  await expectRefused(sign({ alg: 'HS512', typ: 'JWT' }, SECRET, 'sha256'))
})

test('keys that a header names or carries are not used, nor fetched', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = publicKey.export({ format: 'jwk' })
  const elsewhere = `${host.url}/_now`
  for (const header of [{ alg: 'RS256', jwk }, { alg: 'RS256', jku: elsewhere }, { alg: 'RS256', kid: '../../../dev/null' }, { alg: 'RS256', x5u: elsewhere }, { alg: 'RS256', kid: "x' UNION SELECT 'key" }]) {
    await expectRefused(await new SignJWT({ ...claims() }).setProtectedHeader(header).sign(privateKey))
  }
  await expectRefused(sign({ alg: 'HS256', kid: '/dev/null' }, ''))
  await expectRefused(sign({ alg: 'HS256', jwk: { kty: 'oct', k: encode('mine') } }, 'mine'))
})

test('a token signed with an empty, a short or a guessed secret is refused', async () => {
  for (const guess of ['', '\0', 'secret', 'changeme', 'undefined', 'null', '[object Object]', SECRET.slice(0, -1), `${SECRET} `, SECRET.toUpperCase()]) await expectRefused(sign({ alg: 'HS256', typ: 'JWT' }, guess))
})

test('an encrypted or nested token is refused', async () => {
  const [header, payload, signature] = parts()
  await expectRefused(`${encode({ alg: 'dir', enc: 'A256GCM' })}..${encode('iv')}.${payload}.${signature}`)
  await expectRefused(`${encode({ alg: 'HS256', cty: 'JWT' })}.${encode(`${header}.${payload}.${signature}`)}.${signature}`)
})
