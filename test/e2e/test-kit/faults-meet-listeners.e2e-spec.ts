import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Hook, Pipe, Plugin, PreconditionError, type Delivery, type EventDocument, type Request } from '@mortise/sdk'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import { until } from '../../support/until.js'

const told: string[] = []

@Plugin({ name: 'keeper' })
class Keeper {
  @Pipe('document:beforeCreate')
  check(request: Request) { return request }

  @Hook('document:afterCreate')
  note(request: Request) { told.push(`noted ${(request.result as { _id: string })._id}`) }

  @Hook('generic:document:afterWrite', { durable: true })
  keep([document]: EventDocument[], _request: Request, _event: string, { attempt }: Delivery) { told.push(`kept ${document?._id} ${attempt}`) }
}

const durable = { plugin: 'keeper', listener: 'keep' }
let host: TestHost

async function start(): Promise<void> {
  told.length = 0
  host = await createTestHost({ plugins: [Keeper], clock: 'now' })
  await host.createCollection('shop', 'orders')
}

const order = (id: string) => host.document.create('shop', 'orders', { kind: 'order' }, id)

describe('on one thread', () => {
  beforeEach(start)
  afterEach(() => host.close())

  test('a pipe that fails ends the request, as often as asked for', async () => {
    const fault = host.faults.fail({ plugin: 'keeper', event: 'document:beforeCreate', times: 1 }, new PreconditionError('no more orders'))
    await expect(order('one')).rejects.toMatchObject({ status: 412, message: 'no more orders' })
    await order('two')
    await host.settle()
    expect([fault.met, told]).toEqual([1, ['noted two', 'kept two 1']])
  })

  test('a durable hook that fails is tried again as time passes', async () => {
    host.faults.fail({ ...durable, times: 3 })
    await order('one')
    await host.settle()
    expect(told).toEqual(['noted one'])
    await host.clock.advance('10s')
    expect(told).toEqual(['noted one', 'kept one 4'])
  })

  test('a delayed hook is called when the time has come, and at once when the fault is removed', async () => {
    const fault = host.faults.delay({ event: 'document:*', listener: 'Keeper.note' }, '1h')
    await order('one')
    await host.clock.advance('59m')
    expect(told).toEqual(['kept one 1'])
    await host.clock.advance('1m')
    expect(told).toEqual(['kept one 1', 'noted one'])
    await order('two')
    fault.remove()
    await host.settle()
    expect(told.slice(2).sort()).toEqual(['kept two 1', 'noted two'])
  })

  test('a durable hook may be told twice of one attempt', async () => {
    host.faults.duplicate({ ...durable, times: 1 })
    await order('one')
    await host.settle()
    expect(told).toEqual(['noted one', 'kept one 1', 'kept one 1'])
  })

  test('deliveries of different documents come in another order, those of one document never', async () => {
    host.faults.reorder(durable, { size: 3, within: '1s' })
    for (const id of ['one', 'two', 'three']) await order(id)
    await host.document.update('shop', 'orders', 'one', { kind: 'invoice' })
    await until(() => told.filter((line) => line.startsWith('kept')), ({ length }) => length >= 3)
    const [first, ...others] = told.filter((line) => line.startsWith('kept'))
    expect([first, others.at(-1)]).toEqual(['kept three 1', 'kept one 1'])
  })

  test('pipes are neither repeated nor reordered', async () => {
    const [twice, mixed] = [host.faults.duplicate({ event: 'document:beforeCreate' }), host.faults.reorder({ event: 'document:beforeCreate' })]
    await order('one')
    expect([twice.met, mixed.met]).toEqual([0, 0])
  })

  test('several faults meet one call, and all are removed at once', async () => {
    host.faults.delay(durable, '10s')
    host.faults.fail({ ...durable, times: 1 })
    await order('one')
    await host.clock.advance('12s')
    await host.clock.advance('12s')
    expect(told).toEqual(['noted one', 'kept one 2'])
    host.faults.fail({})
    host.faults.clear()
    await order('two')
    await host.settle()
    expect(told.slice(2)).toEqual(['noted two', 'kept two 1'])
  })

  test('a plugin that is not there, or that cannot be killed, is told', () => {
    expect(() => host.faults.fail({ plugin: 'keper' })).toThrow(expect.objectContaining({ id: 'plugin.testing.unknown_plugin', hint: 'Did you mean "keeper"?' }))
    expect(() => host.faults.crash('keeper')).toThrow(expect.objectContaining({ id: 'plugin.testing.not_isolated', hint: expect.stringContaining('isolation: { \'keeper\': \'thread\' }') }))
    expect(() => host.faults.kill({ plugin: 'keeper' })).toThrow(expect.objectContaining({ id: 'plugin.testing.not_isolated' }))
    expect(() => host.faults.delay({}, 'soon')).toThrow(expect.objectContaining({ id: 'plugin.testing.invalid_time' }))
  })
})

describe.each(['thread', 'process'] as const)('in a %s', (isolation) => {
  let folder: string
  const FRAGILE = 'test/fixtures/plugins/that-is-fragile'
  const SELLS = 'test/fixtures/plugins/that-sells'
  const LEDGER = 'test/fixtures/plugins/that-keeps-a-ledger'
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'))
    const config = { 'that-keeps-a-ledger': { file: join(folder, 'ledger') } }
    host = await createTestHost({ plugins: [LEDGER, SELLS, FRAGILE], isolation, config, secrets: { 'that-is-fragile': { key: 'open' } } })
    await host.createCollection('shop', 'orders')
  }, 180_000)
  afterEach(async () => {
    await host.close()
    rmSync(folder, { recursive: true })
  })

  const ledger = (): string[] => {
    try {
      return readFileSync(join(folder, 'ledger'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id)
    } catch {
      return []
    }
  }

  test('a plugin killed with a delivery in its hands is told again once it runs', async () => {
    const fault = host.faults.kill({ plugin: 'that-keeps-a-ledger', times: 1 })
    await order('one')
    await until(ledger, ({ length }) => length > 0, 120_000)
    expect([fault.met, ledger()]).toEqual([1, ['one']])
    expect(host.logs).toContainEqual(expect.objectContaining({ message: expect.stringMatching(/"that-keeps-a-ledger" is down: it was killed/) }))
  }, 180_000)

  test('a crash fails what the plugin is at, names it, and leaves others alone', async () => {
    const lingering = host.send({ controller: 'that-is-fragile/works', action: 'linger', milliseconds: 60_000 })
    host.faults.crash('that-is-fragile')
    expect((await lingering).error).toMatchObject({ status: 503, id: 'plugin.worker.unavailable', message: expect.stringContaining('"that-is-fragile" cannot answer: it was killed') })
    await order('one')
    await until(ledger, ({ length }) => length > 0, 120_000)
  }, 180_000)
})
