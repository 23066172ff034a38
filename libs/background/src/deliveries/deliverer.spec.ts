import { afterEach, describe, expect, test } from '@jest/globals'
import type { EventDocument } from '@mortise/sdk'
import type { StoredDelivery } from '@app/storage'
import { durable, keepTold, startDurable, type DurableHost, type Told } from '../../../../test/support/start-durable.js'
import { until } from '../../../../test/support/until.js'

let host: DurableHost
afterEach(() => host.stop())

const WRITE = 'generic:document:afterWrite'
const idOf = ({ payload: [documents] }: Told): unknown => (documents as EventDocument[])[0]?._id
const write = (...ids: string[]): Promise<unknown> => host.call('mCreateOrReplace', { body: { documents: ids.map((_id) => ({ _id, body: {} })) } })
const dead = async (): Promise<StoredDelivery[]> => (await host.store.outbox.listDead()).deliveries

/** Waits until the log says so. */
const logged = (level: string, pattern: RegExp): Promise<unknown> => until(() => host.logger.textsOf(level), (texts) => texts.some((text) => pattern.test(text)))

describe('a listener that fails', () => {
  test('is told again after a pause that doubles, and then of what waited behind', async () => {
    const { told, handler } = keepTold(() => { if (told.length < 3) throw new Error('busy') })
    host = await startDurable({ hooks: [durable(WRITE, handler)] })
    await write('a')
    await logged('warn', /Plugin "keeper" \(keeper\/Keeper.keep\).*busy.*tried again in 1000 ms/s)
    await write('a')
    host.pass(999)
    await write('b')
    await until(() => told.length, (count) => count === 2)
    expect(idOf(told[1]!)).toBe('b')
    await logged('warn', /of shop\/orders\/b: .*busy/s)
    host.pass(1_001)
    await until(() => told.length, (count) => count === 5)
    expect(told.map((one) => [idOf(one), one.delivery.attempt]).slice(2).sort()).toEqual([['a', 1], ['a', 2], ['b', 2]])
    expect(told.filter((one) => idOf(one) === 'a').map(({ delivery }) => delivery.attempt)).toEqual([1, 2, 1])
    expect(told[2]!.delivery.key).toBe(told.find((one) => idOf(one) === idOf(told[2]!))!.delivery.key)
  })

  test('for good leaves a dead letter that can be retried, while what comes later is delivered', async () => {
    let isBroken = true
    const { told, handler } = keepTold(() => { if (isBroken) throw new Error('broken') })
    host = await startDurable({ hooks: [durable(WRITE, handler)] })
    await write('a')
    for (const [attempt, pause] of [[1, 1_000], [2, 1_500]] as const) {
      await until(() => host.logger.textsOf('warn').length, (count) => count === attempt)
      host.pass(pause)
    }
    await logged('error', /broken/)
    expect(await dead()).toMatchObject([{ plugin: 'keeper', listener: 'keeper/Keeper.keep', event: WRITE, entity: 'shop/orders/a', attempts: 3, error: expect.stringContaining('broken') }])
    expect(told.map(({ delivery }) => delivery.attempt)).toEqual([1, 2, 3])
    isBroken = false
    await write('a')
    await until(() => told.length, (count) => count === 4)
    expect(await host.store.outbox.retryDead({ plugin: 'keeper' }, host.clock.now())).toBe(1)
    await until(() => told.length, (count) => count === 5)
    expect(told[4]).toMatchObject({ delivery: { attempt: 1, key: told[0]!.delivery.key } })
    expect(await dead()).toEqual([])
  })

  test('by not answering is not waited for', async () => {
    const { told, handler } = keepTold(() => new Promise(() => undefined))
    host = await startDurable({ hooks: [durable(WRITE, handler)], options: { attempts: 1, timeout: 20 } })
    await write('a')
    await until(() => told.length, (count) => count === 1)
    await logged('error', /Plugin "keeper" has not answered durable hook Keeper.keep within 20 ms/)
    expect(await dead()).toMatchObject([{ attempts: 1 }])
  })

  test('is told of as hook:onError', async () => {
    const failures: unknown[] = []
    host = await startDurable({ hooks: [durable(WRITE, () => { throw new Error('no') }), { event: 'hook:onError', name: 'Keeper.hear', handler: (failure) => failures.push(failure) }] })
    await write('a')
    await until(() => failures, ({ length }) => length === 1)
    expect(failures[0]).toMatchObject({ event: WRITE, pluginName: 'keeper', error: { id: 'plugin.runtime.unexpected_error' } })
  })
})

describe('deliveries of a plugin that is gone', () => {
  test('wait until it is back, and nothing is recorded meanwhile', async () => {
    const { told, handler } = keepTold(() => { throw new Error('not now') })
    host = await startDurable({ hooks: [durable(WRITE, handler)] })
    await write('a')
    await logged('warn', /not now/)
    host.unplug()
    await write('b')
    host.pass(60_000)
    expect(await host.store.outbox.count()).toEqual([{ plugin: 'keeper', listener: 'keeper/Keeper.keep', waiting: 1, dead: 0 }])
    const back = keepTold()
    host.plug('keeper', durable(WRITE, back.handler))
    await until(() => back.told.length, (count) => count === 1)
    expect([told.length, back.told.map(idOf)]).toEqual([1, ['a']])
  })

  test('whose method now hears of something else end as dead letters that say so', async () => {
    host = await startDurable({ hooks: [durable(WRITE, () => { throw new Error('not now') })], options: { attempts: 2 } })
    await write('a')
    await logged('warn', /not now/)
    host.unplug()
    host.plug('keeper', durable('document:afterDelete', () => undefined))
    host.pass(1_000)
    await logged('error', /"keeper\/Keeper.keep" of plugin "keeper" no longer listens durably/)
  })
})

test('listeners of different plugins are told each for itself', async () => {
  const good = keepTold()
  host = await startDurable({ hooks: [durable(WRITE, () => { throw new Error('bad') })] })
  host.plug('good', durable(WRITE, good.handler), durable('document:afterMCreateOrReplace', good.handler, 'Other.hear'))
  await write('a', 'b')
  await until(() => good.told.length, (count) => count === 4)
  expect(good.told.map(({ event }) => event).sort()).toEqual(['document:afterMCreateOrReplace', 'document:afterMCreateOrReplace', WRITE, WRITE])
})

test('a plugin that answers slowly is told of so many documents at once, and of the others in turn', async () => {
  const open: (() => void)[] = []
  const { told, handler } = keepTold(() => new Promise<void>((resolve) => { open.push(resolve) }))
  host = await startDurable({ hooks: [durable(WRITE, handler)] })
  const other = keepTold()
  host.plug('other', durable(WRITE, other.handler))
  await write(...Array.from({ length: 60 }, (_, n) => String(n)))
  await until(() => other.told.length, (count) => count === 60)
  expect(told.length).toBeLessThanOrEqual(32)
  for (let answered = 0; answered < 60; answered++) {
    await until(() => open.length, (count) => count > 0)
    open.shift()!()
  }
  await until(() => told.length, (count) => count === 60)
})

test('a host that stops ends what it tells, gives the rest back, and its successor goes on', async () => {
  let answer = (): void => undefined
  const { told, handler } = keepTold(() => new Promise<void>((resolve) => { answer = resolve }))
  host = await startDurable({ hooks: [durable(WRITE, handler)] })
  await write('a')
  await until(() => told.length, (count) => count === 1)
  const next = keepTold()
  await Promise.all([write('a'), write('a')])
  const closed = host.deliverer.close(10_000)
  answer()
  await closed
  expect((await host.store.outbox.count())[0]).toMatchObject({ waiting: 2 })
  const successor = await startDurable({ store: host.store, clock: host.clock, owner: 'successor', hooks: [durable(WRITE, next.handler)] })
  await until(() => next.told.length, (count) => count === 2)
  await successor.deliverer.close(0)
})
