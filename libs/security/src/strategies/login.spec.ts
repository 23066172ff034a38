import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ForbiddenError, type Request, type StrategyMethods } from '@mortise/sdk'
import { createMemoryMethods, createMemoryStrategy, createPlugin, httpRequest, openTestSecurity, socketRequest, type TestSecurity } from '../../../../test/support/open-test-security.js'

/** A Passport strategy that does what its test says. */
const strategyThat = (act: (attempt: Record<string, (...given: unknown[]) => void>, request: Record<string, never>) => unknown): new () => object =>
  class {
    authenticate(request: Record<string, never>): unknown {
      return act(this as unknown as Record<string, (...given: unknown[]) => void>, request)
    }
  }

describe('a login', () => {
  let host: TestSecurity
  const secrets = new Map([['ann', { secret: 'x' }], ['ghost', { secret: 'x' }]])

  beforeEach(async () => {
    host = await openTestSecurity()
    await host.security.services.users.create('ann', { profileIds: ['default'], name: 'Ann' })
    host.registry.register(createPlugin({ name: 'memory', strategies: [createMemoryStrategy(createMemoryMethods(secrets))] }))
  })
  afterEach(() => host.close())

  const logIn = (request: Request): Promise<unknown> => host.security.services.login.run(request)
  const request = (data: object = {}, body: object = { kuid: 'ann', secret: 'x' }): Request => httpRequest({ controller: 'auth', action: 'login', strategy: 'memory', body, ...data })
  const add = (act: Parameters<typeof strategyThat>[0], methods: Partial<StrategyMethods> = {}): void =>
    void host.registry.register(createPlugin({ name: 'odd', strategies: [{ name: 'odd', strategy: strategyThat(act), methods: { ...createMemoryMethods(), ...methods } }] }))

  test('needs a strategy that is there', async () => {
    await expect(logIn(request({ strategy: undefined }))).rejects.toMatchObject({ id: 'api.assert.missing_argument' })
    await expect(logIn(request({ strategy: 'nope' }))).rejects.toMatchObject({ id: 'security.credentials.unknown_strategy', status: 400 })
    await expect(logIn(request({ strategy: ['memory'] }))).rejects.toMatchObject({ id: 'api.assert.invalid_type' })
  })

  test('ends in a token', async () => {
    const answer = await logIn(request()) as { jwt: string; expiresAt: number }
    expect(answer).toEqual({ _id: 'ann', jwt: expect.stringMatching(/^kauth-[\w-]+\.[\w-]+\.[\w-]+$/), expiresAt: expect.any(Number), ttl: 3_600_000 })
    const claims = JSON.parse(Buffer.from(answer.jwt.split('.')[1] as string, 'base64url').toString()) as Record<string, number>
    expect(claims).toMatchObject({ _id: 'ann', iat: expect.any(Number) })
    expect(claims.exp).toBe(Math.ceil(answer.expiresAt / 1000))
  })

  test('lasts as long as it asks for', async () => {
    expect(await logIn(request({ expiresIn: '2h' }))).toMatchObject({ ttl: 7_200_000 })
    const endless = await logIn(request({ expiresIn: -1 })) as { jwt: string }
    expect(endless).toMatchObject({ ttl: -1, expiresAt: -1 })
    expect(JSON.parse(Buffer.from(endless.jwt.split('.')[1] as string, 'base64url').toString())).not.toHaveProperty('exp')
  })

  test('is refused in the strategy\'s own words', async () => {
    await expect(logIn(request({}, { kuid: 'ann', secret: 'y' }))).rejects.toMatchObject({ id: 'plugin.strategy.missing_user', status: 401, message: 'no such secret' })
    await expect(logIn(request({}, {}))).rejects.toMatchObject({ id: 'plugin.strategy.missing_user', status: 401, message: 'Missing credentials' })
  })

  test('of somebody who is no user is a fault of the plugin', async () => {
    await expect(logIn(request({}, { kuid: 'ghost', secret: 'x' }))).rejects.toMatchObject({ id: 'plugin.strategy.unknown_kuid', status: 500 })
  })

  test('on a socket that has a lasting token of the same user gives that token again', async () => {
    const token = await host.security.services.tokens.issue('ann', { expiresIn: -1 })
    const again = socketRequest({ controller: 'auth', action: 'login', strategy: 'memory', body: { kuid: 'ann', secret: 'x' } })
    again.context.token = token
    expect(await logIn(again)).toMatchObject({ jwt: token.jwt })
    const other = await host.security.services.tokens.issue('ann', { expiresIn: '1h' })
    again.context.token = other
    expect((await logIn(again) as { jwt: string }).jwt).not.toBe(other.jwt)
  })

  test('on a socket is told when its token ends', async () => {
    const ended: unknown[] = []
    host.security.onTokenEnd((one) => ended.push(one))
    await logIn(socketRequest({ controller: 'auth', action: 'login', strategy: 'memory', body: { kuid: 'ann', secret: 'x' } }, 'socket-7'))
    await logIn(request())
    await host.security.services.tokens.revokeAll('ann')
    expect(ended).toEqual([{ connectionId: 'socket-7', userId: 'ann', reason: 'revoked' }])
  })

  describe('by a strategy', () => {
    const odd = { strategy: 'odd' }

    test('that passes is refused', async () => {
      add((attempt) => attempt.pass?.())
      await expect(logIn(request(odd))).rejects.toMatchObject({ status: 401, message: 'Could not log in with strategy "odd"' })
    })

    test('that challenges is refused, and the challenge is a header', async () => {
      add((attempt) => attempt.fail?.('Basic realm="x"', 401))
      const asked = request(odd)
      await expect(logIn(asked)).rejects.toMatchObject({ status: 401 })
      expect(asked.response.getHeader('www-authenticate')).toBe('Basic realm="x"')
    })

    test.each([[undefined], [null], [7], [{}], [{ message: 7 }]])('that fails with %p is refused with a sentence of ours', async (challenge) => {
      add((attempt) => attempt.fail?.(challenge))
      await expect(logIn(request(odd))).rejects.toMatchObject({ status: 401, message: 'Could not log in with strategy "odd"' })
    })

    test.each([
      ['reports a fault of the client', new Error('Invalid signature'), 401], ['reports a text', 'Invalid signature', 401],
      ['has a bug', new TypeError('x is undefined'), 500], ['cannot reach its provider', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 500],
      ['has a provider that fails', Object.assign(new Error('failed'), { oauthError: { statusCode: 503 } }), 500],
      ['has a provider that refuses', Object.assign(new Error('failed'), { oauthError: { statusCode: 400 } }), 401],
      ['has a reason far below', new Error('failed', { cause: new Error('fetch', { cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } }) }), 500],
    ])('that %s', async (_what, fault, status) => {
      add((attempt) => attempt.error?.(fault))
      await expect(logIn(request(odd))).rejects.toMatchObject({ status, id: status === 401 ? 'plugin.strategy.missing_user' : 'plugin.runtime.unexpected_error' })
    })

    test('that throws, now or later, is told under the plugin\'s name', async () => {
      add(() => { throw new TypeError('now') })
      await expect(logIn(request(odd))).rejects.toMatchObject({ status: 500, message: expect.stringContaining('plugin "odd", strategy odd') })
    })

    test('that rejects is told as well', async () => {
      add(() => Promise.reject(new TypeError('later')))
      await expect(logIn(request(odd))).rejects.toMatchObject({ status: 500 })
    })

    test('that answers twice is heard once', async () => {
      add((attempt) => {
        attempt.fail?.({ message: 'first' })
        attempt.success?.({ _id: 'ann' })
      })
      await expect(logIn(request(odd))).rejects.toMatchObject({ message: 'first' })
    })

    test('that makes up a user of its own gets no token for it', async () => {
      add((attempt) => attempt.success?.({ _id: 'boss', profileIds: ['admin'] }))
      const answer = await logIn(request(odd))
      expect(JSON.stringify(answer)).not.toContain('kauth-')
    })

    test('sees the client\'s own request', async () => {
      let seen: Record<string, unknown> = {}
      add((attempt, given) => {
        seen = given
        attempt.pass?.()
      })
      const asked = httpRequest({ controller: 'auth', action: 'login', strategy: 'odd', code: 'c', body: { a: 1 } }, { cookie: 'one=1; two=%32; one=3', 'user-agent': 'test', 'x-forwarded-proto': 'https' }, { verb: 'GET', url: '/_login/odd?code=c' })
      await logIn(asked).catch(() => undefined)
      expect(seen).toMatchObject({
        original: asked, method: 'GET', url: '/_login/odd?code=c', originalUrl: '/_login/odd?code=c', path: '/_login/odd', query: { code: 'c', strategy: 'odd' }, body: { a: 1 },
        headers: { host: 'localhost:7512', 'user-agent': 'test' }, cookies: { one: '1', two: '2' }, session: {}, protocol: 'https', host: 'localhost:7512', hostname: 'localhost', ip: '127.0.0.1',
        socket: { encrypted: true, remoteAddress: '127.0.0.1' }, httpVersion: '1.1',
      })
      expect((seen as { get(name: string): string }).get('User-Agent')).toBe('test')
    })

    test('sees a request over another protocol as a POST', async () => {
      let seen: Record<string, unknown> = {}
      add((attempt, given) => {
        seen = given
        attempt.pass?.()
      })
      await logIn(socketRequest({ controller: 'auth', action: 'login', strategy: 'odd' })).catch(() => undefined)
      expect(seen).toMatchObject({ method: 'POST', url: '/login?strategy=odd', body: {}, headers: {}, cookies: {}, host: 'localhost', protocol: 'http' })
      expect(seen.socket).not.toBeNull()
    })

    test('that answers with a page sends it as it is', async () => {
      add((_attempt, { res }: { res?: { setHeader(name: string, value: string): void; send(page: string): void } }) => {
        res?.setHeader('Content-Type', 'text/html')
        res?.send('<form>')
      })
      const asked = request(odd)
      expect(await logIn(asked)).toBe('<form>')
      expect(asked.response).toMatchObject({ raw: true, status: 200, headers: { 'content-type': 'text/html' } })
    })

    test('that redirects by hand redirects', async () => {
      add((_attempt, { res }: { res?: { statusCode: number; setHeader(name: string, value: string): void; end(): void } }) => {
        if (!res) return
        res.statusCode = 302
        res.setHeader('Location', 'https://id.example/')
        res.setHeader('Content-Length', '0')
        res.end()
      })
      const asked = request(odd)
      expect(await logIn(asked)).toEqual({ headers: { Location: 'https://id.example/' }, statusCode: 302 })
      expect(asked.response.getHeader('content-length')).toBeUndefined()
    })

    test('gets the options of each attempt as a copy', async () => {
      const options = { scope: ['email'] }
      const given: object[] = []
      class Scoped {
        authenticate(this: { pass(): void }, _request: object, received: { scope?: unknown }): void {
          given.push({ ...received })
          received.scope = undefined
          this.pass()
        }
      }
      host.registry.register(createPlugin({ name: 'odd', strategies: [{ name: 'odd', strategy: Scoped, methods: createMemoryMethods(), authenticateOptions: options }] }))
      for (let count = 0; count < 2; count++) await logIn(request(odd)).catch(() => undefined)
      expect(given).toEqual([options, options])
    })
  })

  describe('whose verify', () => {
    const verify = async (answer: () => unknown): Promise<unknown> => {
      const name = `v${Math.random().toString(36).slice(2)}`
      host.registry.register(createPlugin({ name, strategies: [createMemoryStrategy({ ...createMemoryMethods(), verify: answer as StrategyMethods['verify'] }, name)] }))
      return logIn(request({ strategy: name }))
    }

    test.each([
      ['returns no promise', () => ({ kuid: 'ann' }), 'plugin.strategy.invalid_verify_return', 500],
      ['returns nothing', () => undefined, 'plugin.strategy.invalid_verify_return', 500],
      ['resolves to nothing', async () => undefined, 'plugin.strategy.invalid_verify_resolve', 500],
      ['resolves to true', async () => true, 'plugin.strategy.invalid_verify_resolve', 500],
      ['resolves to a text', async () => 'ann', 'plugin.strategy.invalid_verify_resolve', 500],
      ['resolves to an empty object', async () => ({}), 'plugin.strategy.invalid_verify_resolve', 500],
      ['resolves to a number as id', async () => ({ kuid: 7 }), 'plugin.strategy.invalid_kuid', 500],
      ['resolves to an object as id', async () => ({ kuid: { $ne: null } }), 'plugin.strategy.invalid_kuid', 500],
      ['throws', () => { throw new Error('bug') }, 'plugin.runtime.unexpected_error', 500],
      ['rejects', async () => { throw new Error('bug') }, 'plugin.runtime.unexpected_error', 500],
      ['resolves to false', async () => false, 'plugin.strategy.missing_user', 401],
      ['resolves to null as id', async () => ({ kuid: null }), 'plugin.strategy.missing_user', 401],
      ['resolves to a message', async () => ({ message: 'no' }), 'plugin.strategy.missing_user', 401],
    ])('%s', async (_what, answer, id, status) => {
      await expect(verify(answer)).rejects.toMatchObject({ id, status })
    })

    test('refuses with an error of its own is heard', async () => {
      await expect(verify(async () => { throw new ForbiddenError('Not on Sundays.') })).rejects.toMatchObject({ status: 403, message: 'Not on Sundays.' })
    })

    test('gives a promise of its own kind is understood', async () => {
      expect(await verify(() => ({ then: (resolve: (value: unknown) => void) => resolve({ kuid: 'ann' }) }))).toMatchObject({ _id: 'ann' })
    })

    test.each(['-1', 'anonymous'])('names the anonymous user has named nobody: %s', async (kuid) => {
      await expect(verify(async () => ({ kuid }))).rejects.toMatchObject({ id: 'plugin.strategy.unknown_kuid' })
    })
  })
})
