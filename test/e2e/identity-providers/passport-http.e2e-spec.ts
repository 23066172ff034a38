import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Plugin, Strategy, type PassportRequest } from '@mortise/sdk'
import { BasicStrategy, DigestStrategy } from 'passport-http'
import { NoCredentials, REFUSED, startLoginHost, type LoginHost } from '../../support/start-login-host.js'

const REALM = 'mortise'
const PASSWORDS: Readonly<Record<string, string>> = { ann: 'secret-2', boss: 'secret-1' }

class Directory {
  isPassword(name: string, password: string) { return Object.hasOwn(PASSWORDS, name) && PASSWORDS[name] === password }
}

@Strategy('basic', { strategy: BasicStrategy, options: { realm: 'mortise' } })
class Basic extends NoCredentials {
  constructor(private readonly directory: Directory) { super() }
  async verify(_request: PassportRequest, name: string, password: string) {
    return this.directory.isPassword(name, password) ? { kuid: name } : { message: 'wrong username or password' }
  }
}

type Done = (error: unknown, user?: unknown, password?: string | boolean) => void

/** Digest asks for the password instead of having one checked, and for whether a nonce was given out and not used yet. */
class CountingDigest {
  constructor(options: object, verify: (request: null, name: string, done: Done) => void) {
    const used = new Set<string>()
    const tellPassword = (name: string, done: Done): void => verify(null, name, (error, user) => done(error, user, PASSWORDS[name]))
    const isFirst = ({ nonce, nc }: { nonce: string; nc: string }, done: Done): void => {
      const isNew = !used.has(`${nonce} ${nc}`)
      used.add(`${nonce} ${nc}`)
      done(null, isNew)
    }
    return new DigestStrategy({ ...options, passReqToCallback: false }, tellPassword, isFirst)
  }
}

@Strategy('digest', { strategy: CountingDigest, options: { realm: REALM, qop: 'auth' } })
class Digest extends NoCredentials {
  async verify(_request: unknown, name: string) {
    return Object.hasOwn(PASSWORDS, name) ? { kuid: name } : false
  }
}

@Plugin({ name: 'http-credentials', providers: [Directory, Basic, Digest] })
class HttpCredentials {}

let host: LoginHost
beforeAll(async () => { host = await startLoginHost({ plugins: [HttpCredentials] }) })
afterAll(() => host.close())

const challengeOf = async (strategy: string): Promise<string> => String((await host.ask('POST', `/_login/${strategy}`)).headers.get('www-authenticate'))

describe('Basic', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

  test('name and password get in', async () => {
    const { status, result } = await host.logIn('basic', {}, basic('ann:secret-2'))
    expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
    expect(await host.whoIs(result.jwt)).toBe('ann')
  })

  test.each([
    ['a wrong password', basic('ann:x')], ['somebody else\'s password', basic('ann:secret-1')], ['nobody', basic('eve:x')], ['no password', basic('ann')],
    ['nothing at all', basic('')], ['a name of every object', basic('constructor:x')], ['no base64', { authorization: 'Basic %%%' }],
    ['the scheme alone', { authorization: 'Basic' }], ['no header', {}],
  ])('%s is refused', async (_what, headers) => {
    expect(await host.logIn('basic', {}, headers)).toMatchObject(REFUSED)
  })

  test('a refusal says how to do it', async () => {
    expect(await challengeOf('basic')).toBe(`Basic realm="${REALM}"`)
  })
})

describe('Digest', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

  /** An answer to a challenge; `over` is what a cheat would say instead. */
  async function answer(over: Partial<Record<'user' | 'password' | 'method' | 'uri' | 'qop', string>> = {}): Promise<{ authorization: string }> {
    const { user, password, method, uri, qop } = { user: 'ann', password: 'secret-2', method: 'POST', uri: '/_login/digest', qop: 'auth', ...over }
    const nonce = /nonce="([^"]+)"/.exec(await challengeOf('digest'))?.[1]
    const proof = md5([md5(`${user}:${REALM}:${password}`), nonce, '00000001', 'abcdef', qop, md5(`${method}:${uri}`)].join(':'))
    return { authorization: `Digest username="${user}", realm="${REALM}", nonce="${nonce}", uri="${uri}", qop=${qop}, nc=00000001, cnonce="abcdef", response="${proof}"` }
  }

  test('a proof of the password for this method and address gets in', async () => {
    const { status, result } = await host.logIn('digest', {}, await answer())
    expect({ status, kuid: result._id }).toEqual({ status: 200, kuid: 'ann' })
    expect(await host.whoIs(result.jwt)).toBe('ann')
  })

  test('a proof is good once', async () => {
    const proof = await answer()
    expect((await host.logIn('digest', {}, proof)).status).toBe(200)
    expect(await host.logIn('digest', {}, proof)).toMatchObject(REFUSED)
  })

  test.each([
    ['a wrong password', { password: 'x' }], ['another method', { method: 'GET' }], ['another address', { uri: '/users/_me' }],
    ['nobody', { user: 'eve' }], ['a name of every object', { user: 'constructor' }], ['a kind of proof that nobody checks', { qop: 'auth-int' }],
  ])('a proof for %s is refused', async (_what, over) => {
    expect(await host.logIn('digest', {}, await answer(over))).toMatchObject(REFUSED)
  })

  test('a proof whose user was changed on the way is refused', async () => {
    const { authorization } = await answer()
    expect(await host.logIn('digest', {}, { authorization: authorization.replace('"ann"', '"boss"') })).toMatchObject(REFUSED)
  })
})
