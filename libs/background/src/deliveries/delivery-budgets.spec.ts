import { afterEach, describe, expect, test } from '@jest/globals'
import type { HookDefinition } from '@app/registry'
import { reportCalls, type TappedCall } from '@app/supervision'
import { durable, keepTold, startDurable, type DurableHost } from '../../../../test/support/start-durable.js'
import { until } from '../../../../test/support/until.js'

let host: DurableHost
afterEach(() => host.stop())

const WRITE = 'generic:document:afterWrite'
const write = (...ids: string[]): Promise<unknown> => host.call('mCreateOrReplace', { body: { documents: ids.map((_id) => ({ _id, body: {} })) } })
const within = (budget: HookDefinition['budget'], handler: (...told: never[]) => unknown): HookDefinition => ({ ...durable(WRITE, handler), budget })
const counts = () => reportCalls(host.supervisor).flatMap(({ listeners }) => listeners.map(({ kind, event, listener, calls, refused, failed, skipped }) => ({ kind, event, listener, calls, refused, failed, skipped })))
const deadLetters = async (): Promise<number> => (await host.store.outbox.listDead()).total

/** Waits until the log warns so, so many times. */
const warned = (pattern: RegExp, times = 1): Promise<unknown> => until(() => host.logger.textsOf('warn'), (texts) => texts.filter((text) => pattern.test(text)).length >= times)

/** Waits until nothing is left to be delivered. */
async function settled(): Promise<void> {
  let left = 1
  await until(() => {
    void host.store.outbox.count().then((rows) => { left = rows.reduce((sum, { waiting }) => sum + waiting, 0) })
    return left
  }, (waiting) => waiting === 0)
}

test('deliveries are counted, and shown to whoever taps', async () => {
  let isWell = false
  const { handler } = keepTold(() => { if (!isWell) throw new Error('busy') })
  host = await startDurable({ hooks: [durable(WRITE, handler)] })
  const tapped: TappedCall[] = []
  host.supervisor.tap.watch('generic:document:*', (call) => tapped.push(call))
  await write('a')
  await warned(/busy/)
  isWell = true
  host.pass(1_000)
  await settled()
  expect(counts()).toEqual([{ kind: 'delivery', event: WRITE, listener: 'Keeper.keep', calls: 2, refused: 0, failed: 1, skipped: 0 }])
  expect(tapped.map(({ kind, plugin, outcome }) => `${kind} ${plugin} ${outcome}`)).toEqual(['delivery keeper failed', 'delivery keeper ok'])
})

test('a hook with a time of its own is not waited for any longer', async () => {
  host = await startDurable({ hooks: [within({ timeout: 20 }, () => new Promise(() => undefined))], options: { timeout: 60_000 } })
  await write('a')
  await warned(/has not answered durable hook Keeper.keep within 20 ms/)
})

test('a hook is told of no more documents at once than its budget says, and of all of them in the end', async () => {
  let most = 0
  let now = 0
  const { told, handler } = keepTold(async () => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => { setTimeout(resolve, 5) })
    now--
  })
  host = await startDurable({ hooks: [within({ concurrency: 2 }, handler)], options: { timeout: 60_000 } })
  await write(...Array.from({ length: 12 }, (_, n) => String(n)))
  await settled()
  expect([told.length, most, await deadLetters()]).toEqual([12, 2, 0])
  expect(told.every(({ delivery }) => delivery.attempt === 1)).toBe(true)
})

test('what finds no room beside the other calls of its plugin is put off, and no attempt', async () => {
  const open: (() => void)[] = []
  const { told, handler } = keepTold(() => new Promise<void>((resolve) => { open.push(resolve) }))
  host = await startDurable({ hooks: [durable(WRITE, handler)], budget: { concurrency: 1 }, options: { attempts: 1, timeout: 60_000 } })
  await write('a', 'b')
  await until(() => counts(), ([delivery]) => delivery?.skipped === 1)
  open.shift()!()
  for (let n = 0; told.length < 2 && n < 200; n++) {
    host.pass(1_000)
    await new Promise((resolve) => { setTimeout(resolve, 5) })
  }
  open.shift()!()
  await settled()
  expect([told.map(({ delivery }) => delivery.attempt), await deadLetters()]).toEqual([[1, 1], 0])
})

describe('a breaker', () => {
  const breaker = { failures: 2, probeAfter: 10_000 }

  test('that is open keeps deliveries from being tried, and none of them comes to an end on account of it', async () => {
    let isWell = false
    const { told, handler } = keepTold(() => { if (!isWell) throw new Error('broken') })
    host = await startDurable({ hooks: [within({ breaker }, handler)], options: { attempts: 3 } })
    await write('a')
    await warned(/tried again in 1000 ms/)
    host.pass(1_000)
    await warned(/tried again in 1500 ms/)
    expect(host.logger.textsOf('error')).toEqual([expect.stringContaining('the breaker of durable hook Keeper.keep has opened')])
    for (let n = 0; n < 5; n++) host.pass(1_500)
    await write('b')
    expect([told.length, await deadLetters()]).toEqual([2, 0])
    isWell = true
    host.pass(10_000)
    await until(() => told.length, (count) => count >= 3)
    for (let n = 0; told.length < 4 && n < 200; n++) {
      host.pass(1_000)
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
    await settled()
    expect(told.map(({ delivery }) => delivery.attempt).sort()).toEqual([1, 1, 2, 3])
    await warned(/the breaker of durable hook Keeper.keep has closed/)
  })

  test('that opens meanwhile puts off what was claimed before', async () => {
    const { told, handler } = keepTold(async () => {
      await new Promise((resolve) => { setTimeout(resolve, 1) })
      throw new Error('broken')
    })
    host = await startDurable({ hooks: [within({ concurrency: 1, breaker: { failures: 1, probeAfter: 1e9 } }, handler)], options: { attempts: 2, timeout: 60_000 } })
    await write(...Array.from({ length: 10 }, (_, n) => String(n)))
    await until(() => counts(), ([delivery]) => (delivery?.skipped ?? 0) + told.length === 10)
    for (let n = 0; n < 5; n++) host.pass(10_000)
    expect([told.length, await deadLetters()]).toEqual([1, 0])
    expect((await host.store.outbox.count())[0]).toMatchObject({ waiting: 10, dead: 0 })
  })
})

test('a plugin in quarantine is told nothing until it is let out', async () => {
  const { told, handler } = keepTold()
  host = await startDurable({ hooks: [durable(WRITE, handler)] })
  host.supervisor.quarantine('keeper', 'somebody said so')
  await write('a')
  for (let n = 0; n < 5; n++) host.pass(5_000)
  expect([told.length, (await host.store.outbox.count())[0]]).toEqual([0, expect.objectContaining({ waiting: 1, dead: 0 })])
  host.supervisor.resume('keeper')
  host.pass(1_000)
  await until(() => told.length, (count) => count === 1)
})

test('breakers that keep opening put the plugin into quarantine', async () => {
  host = await startDurable({ hooks: [within({ breaker: { failures: 1 } }, () => { throw new Error('broken') })], quarantineAfter: 1 })
  await write('a')
  await until(() => host.supervisor.quarantined.has('keeper'), (isHeld) => isHeld)
})
