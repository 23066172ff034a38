import { afterEach, describe, expect, test } from '@jest/globals'
import type { EventDocument, Request } from '@mortise/sdk'
import { RegistrationError } from '@app/registry'
import { keepTold, durable, ORDERS, startDurable, type DurableHost, type Told } from '../../../../test/support/start-durable.js'
import { until } from '../../../../test/support/until.js'

let host: DurableHost
afterEach(() => host.stop())

const WRITE = 'generic:document:afterWrite'
const requestOf = ({ payload }: Told): Request => payload.at(-1) as Request
const idsOf = (told: readonly Told[]): unknown[] => told.map(({ payload: [documents] }) => (documents as EventDocument[]).map(({ _id }) => _id).join())

/** Waits until nothing is left to be delivered. */
async function settled(): Promise<void> {
  let left = 1
  await until(() => {
    void host.store.outbox.count().then((counts) => { left = counts.reduce((sum, { waiting }) => sum + waiting, 0) })
    return left
  }, (waiting) => waiting === 0)
}

describe('a durable hook', () => {
  test('is told of one document at a time, with the request that wrote it and a key of its own', async () => {
    const { told, handler } = keepTold()
    host = await startDurable({ hooks: [durable(WRITE, handler)] })
    const answer = await host.call('mCreate', { body: { documents: [{ _id: 'a', body: { n: 1 } }, { _id: 'b', body: { n: 2 } }] }, volatile: { from: 'here' }, tag: 'x', jwt: null })
    expect(answer.error).toBeNull()
    await until(() => told.length, (count) => count === 2)
    expect(idsOf(told).sort()).toEqual(['a', 'b'])
    const request = requestOf(told[0]!)
    expect(request.input).toMatchObject({ controller: 'document', action: 'mCreate', args: { ...ORDERS, tag: 'x' }, volatile: { from: 'here' }, body: null, jwt: null })
    expect(request.id).toBe(answer.id)
    expect(request.result).toMatchObject({ successes: [{ _source: { n: expect.any(Number) }, _version: 1 }], errors: [] })
    expect(told[0]).toMatchObject({ event: WRITE, delivery: { attempt: 1, key: expect.any(String), createdAt: expect.any(Number) } })
    expect(new Set(told.map(({ delivery }) => delivery.key)).size).toBe(2)
    await settled()
  })

  test.each<[string, object, string, object]>([
    ['create', { _id: 'n', body: { a: 1 } }, 'document:afterCreate', { _id: 'n', _version: 1, created: true }],
    ['createOrReplace', { _id: 'a', body: { a: 1 } }, 'document:afterCreateOrReplace', { _id: 'a', _version: 2, created: false }],
    ['replace', { _id: 'a', body: { a: 1 } }, 'document:afterReplace', { _id: 'a' }],
    ['update', { _id: 'a', body: { a: 1 } }, 'document:afterUpdate', { _id: 'a', _source: { first: true, a: 1 }, _updatedFields: ['a'] }],
    ['upsert', { _id: 'n', body: { changes: { a: 1 } } }, 'document:afterUpsert', { _id: 'n', created: true }],
    ['deleteFields', { _id: 'a', body: { fields: ['first'] } }, 'document:afterDeleteFields', { _id: 'a' }],
    ['delete', { _id: 'a' }, 'document:afterDelete', { _id: 'a', _source: { first: true } }],
    ['mReplace', { body: { documents: [{ _id: 'a', body: {} }] } }, 'document:afterMReplace', { successes: [{ _id: 'a' }] }],
    ['mUpdate', { body: { documents: [{ _id: 'a', body: {} }] } }, 'document:afterMUpdate', { successes: [{ _id: 'a' }] }],
    ['mDelete', { body: { ids: ['a'] } }, 'document:afterMDelete', { successes: ['a'] }],
    ['updateByQuery', { body: { query: {}, changes: { a: 1 } } }, 'document:afterUpdateByQuery', { successes: [{ _id: 'a', _source: { a: 1 } }] }],
    ['deleteByQuery', { body: { query: {} } }, 'document:afterDeleteByQuery', { documents: [{ _id: 'a', _source: { first: true } }], ids: ['a'] }],
  ])('hears of %s', async (action, data, event, result) => {
    const { told, handler } = keepTold()
    host = await startDurable({ hooks: [durable(event, handler)] })
    await host.store.create(ORDERS, { _id: 'a', body: { first: true } })
    expect((await host.call(action, data)).error).toBeNull()
    await until(() => told.length, (count) => count === 1)
    expect(requestOf(told[0]!).result).toMatchObject(result)
    expect(requestOf(told[0]!).context.user).toEqual({ _id: '-1', profileIds: ['anonymous'] })
  })

  test('hears of bulk writes by the generic events', async () => {
    const { told, handler } = keepTold()
    host = await startDurable({ hooks: [durable(WRITE, handler), durable('generic:document:afterDelete', handler), durable('generic:document:afterUpdate', handler)] })
    const bulkData = [{ index: { _id: 'a' } }, { n: 1 }, { update: { _id: 'a' } }, { doc: { n: 2 } }, { delete: { _id: 'a' } }]
    expect((await host.call('import', { controller: 'bulk', body: { bulkData } })).error).toBeNull()
    await until(() => told.length, (count) => count === 3)
    expect(told.map(({ event }) => event)).toEqual([WRITE, 'generic:document:afterUpdate', 'generic:document:afterDelete'])
    expect(idsOf(told)).toEqual(['a', 'a', 'a'])
  })

  test('is not told of what failed, of what was only read, nor of what a plugin writes unheard', async () => {
    const { told, handler } = keepTold()
    host = await startDurable({ hooks: [durable(WRITE, handler)] })
    await host.store.create(ORDERS, { _id: 'a', body: {} })
    await host.call('create', { _id: 'a', body: {} })
    await host.call('get', { _id: 'a' })
    await host.pipeline.run((await host.call('exists', { _id: 'a' })), { events: false, rights: false, limits: false })
    await host.call('create', { _id: 'last', body: {} })
    await until(() => told.length, (count) => count > 0)
    expect(idsOf(told)).toEqual(['last'])
  })

  test('tells a request with what cannot be kept so, and nothing is written', async () => {
    host = await startDurable({ hooks: [durable(WRITE, () => undefined)] })
    const { error } = await host.call('create', { _id: 'a', body: { n: 1 }, count: 1n })
    expect(error).toMatchObject({ id: 'plugin.background.cannot_be_kept', status: 500 })
    expect(await host.store.exists(ORDERS, 'a')).toBe(false)
  })
})

describe('order', () => {
  test('of one document is kept, across events, and a slow document does not hold up another', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => { release = resolve })
    const { told, handler } = keepTold(({ payload: [documents] }) => ((documents as EventDocument[])[0]!._id === 'slow' ? held : undefined))
    host = await startDurable({ hooks: [durable(WRITE, handler), durable('generic:document:afterUpdate', handler), durable('generic:document:afterDelete', handler)] })
    for (const _id of ['slow', 'quick']) {
      await host.call('create', { _id, body: {} })
      for (let n = 0; n < 5; n++) await host.call('update', { _id, body: { n } })
      await host.call('delete', { _id })
    }
    const of = (id: string): unknown[] => told.filter((one) => idsOf([one])[0] === id).map((one) => `${one.event.slice(22)} ${(requestOf(one).result as { _version: number })._version}`)
    await until(() => of('quick').length, (count) => count === 7)
    expect(of('slow')).toEqual(['Write 1'])
    release()
    await until(() => of('slow').length, (count) => count === 7)
    expect(of('slow')).toEqual(['Write 1', 'Update 2', 'Update 3', 'Update 4', 'Update 5', 'Update 6', 'Delete 6'])
    expect(of('quick')).toEqual(of('slow'))
  })
})

describe('registration', () => {
  test.each(['document:beforeCreate', 'document:afterGet', 'document:*', 'generic:document:after*', 'request:onSuccess'])('refuses to hear durably of %s', async (event) => {
    host = await startDurable()
    expect(() => host.plug('keeper', durable(event, () => undefined))).toThrow(RegistrationError)
    expect(() => host.plug('keeper', durable(event, () => undefined))).toThrow(`Plugin "keeper" wants to hear durably of "${event}"`)
    expect(host.registry.plugins.map(({ name }) => name)).not.toContain('keeper')
  })

  test('refuses two hooks whose deliveries could not be told apart', async () => {
    host = await startDurable()
    expect(() => host.plug('keeper', durable(WRITE, () => undefined), durable(WRITE, () => undefined))).toThrow('two durable hooks "Keeper.keep"')
  })
})
