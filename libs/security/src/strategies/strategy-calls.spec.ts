import { afterEach, expect, test } from '@jest/globals'
import { InternalError, type StrategyMethods } from '@mortise/sdk'
import { reportCalls, type PluginBudget, type TappedCall } from '@app/supervision'
import { createMemoryMethods, createMemoryStrategy, createPlugin, httpRequest, openTestSecurity, type TestSecurity } from '../../../../test/support/open-test-security.js'

let host: TestSecurity
/** Milliseconds of the clock that breakers go by. */
let now = 0
afterEach(() => host.close())

/** A security whose one way to log in does what the test says, within a budget. */
async function open(methods: Partial<StrategyMethods>, budget?: PluginBudget): Promise<void> {
  host = await openTestSecurity({}, { clock: () => now })
  host.supervisor.begin('memory', budget)
  await host.security.services.users.create('ann', { profileIds: ['default'] })
  host.registry.register(createPlugin({ name: 'memory', strategies: [createMemoryStrategy({ ...createMemoryMethods(new Map([['ann', { secret: 'x' }]])), ...methods })] }))
}

const request = (secret = 'x') => httpRequest({ controller: 'auth', action: 'login', strategy: 'memory', body: { kuid: 'ann', secret } })
const logIn = (secret?: string): Promise<unknown> => host.security.services.login.run(request(secret))
const counts = () => reportCalls(host.supervisor).flatMap(({ listeners }) => listeners.map(({ kind, listener, calls, refused, failed, skipped }) => [kind, listener, calls, refused, failed, skipped].join(' ')))
const never = (): Promise<never> => new Promise(() => undefined)

test('a strategy that does not answer is given up in its time, with an error that names it', async () => {
  await open({ verify: never }, { timeout: 20 })
  await expect(logIn()).rejects.toMatchObject({
    id: 'plugin.runtime.call_timeout', status: 504, message: expect.stringContaining('Plugin "memory" has not answered strategy memory, method authenticate within 20 ms'),
  })
  expect(counts()).toEqual(['strategy memory.authenticate 1 0 1 0'])
})

test('so is one that does not keep, find or show credentials', async () => {
  await open({ exists: never, create: never, getInfo: never }, { timeout: 20 })
  const { credentials } = host.security.services
  const asked = [credentials.exists(request(), 'memory', 'ann'), credentials.create(request(), 'memory', 'ann', { secret: 'y' }), credentials.get(request(), 'memory', 'ann')]
  for (const answer of await Promise.allSettled(asked)) expect(answer).toMatchObject({ status: 'rejected', reason: { id: 'plugin.runtime.call_timeout', status: 504 } })
  expect(counts()).toEqual(expect.arrayContaining(['strategy memory.exists 1 0 1 0', 'strategy memory.create 1 0 1 0', 'strategy memory.getInfo 1 0 1 0', 'strategy memory.validate 1 0 0 0']))
})

test('one that keeps failing is not asked for a while, and then tried again', async () => {
  let isWell = false
  let asked = 0
  await open({
    verify: () => {
      asked++
      return isWell ? Promise.resolve({ kuid: 'ann' }) : Promise.reject(new InternalError('the directory is down'))
    },
  }, { breaker: { failures: 2, probeAfter: 50 } })
  for (let n = 0; n < 2; n++) await expect(logIn()).rejects.toMatchObject({ status: 500, message: expect.stringContaining('the directory is down') })
  await expect(logIn()).rejects.toMatchObject({ id: 'plugin.runtime.breaker_open', status: 503 })
  expect(asked).toBe(2)
  isWell = true
  now += 50
  await expect(logIn()).resolves.toMatchObject({ _id: 'ann' })
  expect(host.logged).toEqual(expect.arrayContaining([expect.stringMatching(/error: .*strategy memory, method authenticate has opened/), expect.stringMatching(/warn: .*has closed/)]))
})

test('wrong passwords are answers: however many there are, no breaker opens', async () => {
  await open({}, { breaker: { failures: 2 } })
  for (let n = 0; n < 5; n++) await expect(logIn('wrong')).rejects.toMatchObject({ id: 'plugin.strategy.missing_user', status: 401 })
  await expect(logIn()).resolves.toMatchObject({ _id: 'ann' })
  expect(counts()).toEqual(['strategy memory.authenticate 6 0 0 0'])
})

test('a plugin in quarantine logs nobody in', async () => {
  await open({})
  host.supervisor.quarantine('memory', 'somebody said so')
  await expect(logIn()).rejects.toMatchObject({ id: 'plugin.runtime.quarantined', status: 503 })
  await expect(host.security.services.credentials.exists(request(), 'memory', 'ann')).rejects.toMatchObject({ id: 'plugin.runtime.quarantined' })
  host.supervisor.resume('memory')
  await expect(logIn()).resolves.toMatchObject({ _id: 'ann' })
})

test('more logins at once than may be are told so', async () => {
  const held: (() => void)[] = []
  await open({ verify: () => new Promise((resolve) => { held.push(() => resolve({ kuid: 'ann' })) }) }, { concurrency: 1 })
  const first = logIn()
  while (held.length === 0) await new Promise((resolve) => { setTimeout(resolve, 1) })
  await expect(logIn()).rejects.toMatchObject({ id: 'plugin.runtime.too_many_calls', status: 503 })
  held.shift()!()
  await expect(first).resolves.toMatchObject({ _id: 'ann' })
})

test('whoever taps sees logins, and not what was sent', async () => {
  await open({})
  const tapped: TappedCall[] = []
  host.supervisor.tap.watch('strategy:*', (call) => tapped.push(call))
  await logIn()
  expect(tapped).toEqual([{ time: expect.any(Number), event: 'strategy:memory.authenticate', kind: 'strategy', plugin: 'memory', listener: 'memory.authenticate', milliseconds: expect.any(Number), outcome: 'ok' }])
})
