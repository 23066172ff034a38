import { afterEach, describe, expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost, type SecuredHostOptions } from '../../support/start-secured-host.js'

/** Whoever guesses passwords is slowed down: on one connection, across many, for one username and for many. */
describe('floods of logins', () => {
  let host: SecuredHost
  afterEach(() => host.close())

  const start = async (options: SecuredHostOptions = {}): Promise<void> => {
    host = await startSecuredHost(options)
    await host.found()
  }
  const attempt = (username: string, password: string, ip = '127.0.0.1', more: string[] = []): Promise<{ status: number; id: string | undefined }> =>
    host.send({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password } }, {}, { ips: [ip, ...more] })
      .then(({ status, error }) => ({ status, id: error?.id }))
  const repeat = async (count: number, run: (index: number) => ReturnType<typeof attempt>): Promise<Awaited<ReturnType<typeof attempt>>[]> => {
    const answers: Awaited<ReturnType<typeof attempt>>[] = []
    for (let index = 0; index < count; index++) answers.push(await run(index))
    return answers
  }

  test('one socket gets a login a second', async () => {
    await start({ security: { loginsPerSecond: 1 } })
    const { port } = await host.listen()
    const client = await openSocket(port)
    const ask = (requestId: string): Promise<{ status: number; error: { id: string } | null }> =>
      client.ask({ controller: 'auth', action: 'login', strategy: 'local', body: { username: 'boss', password: 'x' }, requestId })
    const answers = [await ask('1'), await ask('2'), await ask('3'), await ask('4')]
    client.socket.close()
    const refused = answers.filter(({ error }) => error?.id === 'api.process.too_many_logins_requests')
    expect(refused.length).toBeGreaterThanOrEqual(1)
    expect(refused.every(({ status }) => status === 429)).toBe(true)
  })

  test('wrong passwords for one username are counted across connections', async () => {
    await start({ local: { maxFailures: 3 } })
    const answers = await repeat(5, () => attempt('boss', 'wrong'))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429])
    expect(answers.at(-1)?.id).toBe('plugin.auth-local.too_many_failures')
  })

  test('the right password does not help whoever has guessed too often', async () => {
    await start({ local: { maxFailures: 2 } })
    await repeat(2, () => attempt('boss', 'wrong'))
    expect((await attempt('boss', 'secret-1')).status).toBe(429)
  })

  test('nobody locks out somebody at another address', async () => {
    await start({ local: { maxFailures: 2 } })
    await repeat(5, () => attempt('boss', 'wrong', '203.0.113.1'))
    expect((await attempt('boss', 'secret-1', '198.51.100.7')).status).toBe(200)
  })

  test('many usernames from one address are counted together', async () => {
    await start({ local: { maxFailures: 100, maxFailuresPerAddress: 4 } })
    const answers = await repeat(6, (index) => attempt(`user-${index}`, 'password1', '203.0.113.1'))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429, 429])
    expect((await attempt('boss', 'secret-1', '198.51.100.7')).status).toBe(200)
  })

  test('attempts at the same time count one by one', async () => {
    await start({ local: { maxFailures: 3 } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => attempt('boss', 'wrong')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9)
  })

  test('a login that succeeds starts the count anew', async () => {
    await start({ local: { maxFailures: 3 } })
    for (let round = 0; round < 4; round++) {
      await repeat(2, () => attempt('boss', 'wrong'))
      expect((await attempt('boss', 'secret-1')).status).toBe(200)
    }
  })

  test('usernames that nobody has are counted like others', async () => {
    await start({ local: { maxFailures: 2 } })
    const answers = await repeat(3, () => attempt('nobody', 'wrong'))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429])
  })

  test('a client does not choose its address by a header', async () => {
    await start({ local: { maxFailures: 2 } })
    const answers = await repeat(3, (index) => attempt('boss', 'wrong', '203.0.113.1', [`10.0.0.${index}`]))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429])
  })

  test('behind a proxy it is the proxy who tells the address', async () => {
    await start({ local: { maxFailures: 2, behindProxy: true } })
    await repeat(3, () => attempt('boss', 'wrong', '10.0.0.1', ['198.51.100.99', '203.0.113.1']))
    expect((await attempt('boss', 'secret-1', '10.0.0.1', ['203.0.113.1'])).status).toBe(429)
    expect((await attempt('boss', 'secret-1', '10.0.0.1', ['198.51.100.7'])).status).toBe(200)
  })

  test('the wait ends', async () => {
    await start({ local: { maxFailures: 1, failureWindow: 30 } })
    await attempt('boss', 'wrong')
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect((await attempt('boss', 'secret-1')).status).toBe(200)
  })

  test('requests of one user are counted as well', async () => {
    await start()
    const jwt = await host.logIn('boss', 'secret-1')
    await host.call({ controller: 'security', action: 'createProfile', _id: 'slow', jwt, body: { policies: [{ roleId: 'admin' }], rateLimit: 5 } })
    await host.call({ controller: 'security', action: 'createUser', _id: 'ann', jwt, body: { content: { profileIds: ['slow'] }, credentials: { local: { username: 'ann', password: 'secret-2' } } } })
    const token = await host.logIn('ann', 'secret-2')
    const answers = await Promise.all(Array.from({ length: 60 }, () => host.send({ controller: 'server', action: 'now', jwt: token })))
    const refused = answers.filter(({ error }) => error?.id === 'api.process.too_many_requests')
    expect(refused.length).toBeGreaterThanOrEqual(40)
    expect((await host.send({ controller: 'server', action: 'now', jwt })).status).toBe(200)
  })
})
