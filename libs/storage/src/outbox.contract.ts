import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Claim, DocumentChange, NewDelivery, Recorder, StoredDelivery } from './deliveries.js'
import type { DocumentStore, Place } from './document-store.js'
import type { Subject } from './subject.contract.js'

const LEASE = 1000

/** A listener of its own for a test, and what its place records. */
function createListener({ store, place }: Subject) {
  const listener = `l${randomUUID()}`
  const plugin = `p${randomUUID()}`
  const changes: DocumentChange[] = []
  const recorder: Recorder = (change): NewDelivery[] => {
    changes.push(change)
    const { index, collection, document: { _id, ...document } } = change
    return [{ key: randomUUID(), plugin, listener, event: `event:${change.kind}`, entity: `${index}/${collection}/${_id}`, payload: JSON.stringify(document) }]
  }
  const claim = (given: Partial<Claim> = {}): Promise<StoredDelivery[]> =>
    store.outbox.claim({ listeners: ['nobody', listener], owner: 'me', now: 1, until: 1 + LEASE, entities: 10, ...given })
  return { plugin, listener, recorded: { ...place, recorder }, changes, claim }
}

const told = (deliveries: readonly StoredDelivery[]): string[] => deliveries.map(({ event, entity }) => `${event.slice(6)} ${entity.split('/').pop()}`)
const numbers = (deliveries: readonly StoredDelivery[]): number[] => deliveries.map(({ n }) => n)
const put = (store: DocumentStore, place: Place, ...ids: string[]): Promise<unknown> => store.mCreateOrReplace(place, ids.map((_id) => ({ _id, body: {} })))

/** The contract of the outbox: what is recorded with writes, and how it is claimed. */
export function describeOutbox(subject: Subject): void {
  test('every write that is carried out is recorded with what became of the document', async () => {
    const { store } = subject
    const { recorded, claim } = createListener(subject)
    await store.create(recorded, { _id: 'a', body: { text: 'null \u0000, half \ud800, "quoted"' } })
    await store.update(recorded, { _id: 'a', body: { more: true } })
    await store.upsert(recorded, { _id: 'b', changes: { n: 1 } })
    await store.deleteFields(recorded, 'a', ['text'])
    await store.replace(recorded, { _id: 'b', body: { n: 2 } })
    await store.delete(recorded, 'a')
    const deliveries = await claim()
    expect(told(deliveries)).toEqual(['write a', 'update a', 'update b', 'update a', 'write b', 'delete a'])
    expect(deliveries.map(({ payload }) => JSON.parse(payload) as unknown)).toEqual([
      { _source: { text: 'null \u0000, half \ud800, "quoted"' }, _version: 1, created: true },
      { _source: { text: 'null \u0000, half \ud800, "quoted"', more: true }, _version: 2, created: false, _updatedFields: ['more'] },
      { _source: { n: 1 }, _version: 1, created: true, _updatedFields: ['n'] },
      { _source: { more: true }, _version: 3, created: false },
      { _source: { n: 2 }, _version: 2, created: false },
      { _source: { more: true }, _version: 3 },
    ])
    expect(deliveries[0]).toMatchObject({ attempts: 0, error: null, key: expect.any(String), createdAt: expect.any(Number) })
  })

  test('what is refused, and what is written without a recorder, leaves no delivery', async () => {
    const { store, place } = subject
    const { recorded, claim } = createListener(subject)
    await store.create(place, { _id: 'a', body: {} })
    await expect(store.create(recorded, { _id: 'a', body: {} })).rejects.toMatchObject({ id: 'services.storage.document_already_exists' })
    await expect(store.update(recorded, { _id: 'none', body: {} })).rejects.toMatchObject({ status: 404 })
    const { errors } = await store.mCreate(recorded, [{ _id: 'a', body: {} }, { _id: 'b', body: {} }])
    expect(errors).toHaveLength(1)
    expect(told(await claim())).toEqual(['write b'])
  })

  test('writes of others that share the commit are recorded by their own recorders alone', async () => {
    const { store, place } = subject
    const [one, other] = [createListener(subject), createListener(subject)]
    await Promise.all([put(store, one.recorded, 'a', 'b'), put(store, place, 'c'), put(store, other.recorded, 'd'), put(store, one.recorded, 'e')])
    expect(told(await one.claim()).sort()).toEqual(['write a', 'write b', 'write e'])
    expect(told(await other.claim())).toEqual(['write d'])
  })

  test('writes by query, bulk imports and batches of more than a commit are recorded document by document', async () => {
    const { store } = subject
    const { recorded, claim, changes } = createListener(subject)
    await put(store, recorded, ...Array.from({ length: 1100 }, (_, n) => String(n)))
    expect(changes.length).toBeGreaterThanOrEqual(1100)
    for (let left = 1100; left > 0;) {
      const claimed = await claim({ entities: 500 })
      left -= claimed.length
      await store.outbox.settle('me', numbers(claimed))
      expect(claimed.length).toBeGreaterThan(0)
    }
    await store.updateByQuery(recorded, { query: { ids: { values: ['1', '2'] } }, changes: { a: 1 } })
    await store.deleteByQuery(recorded, { query: { ids: { values: ['2'] } } })
    await store.import(recorded, [{ index: { _id: 'i' } }, { a: 1 }, { delete: { _id: '1' } }])
    expect(told(await claim()).sort()).toEqual(['delete 1', 'delete 2', 'update 1', 'update 2', 'write i'])
  })

  test('a recorder that fails stores neither the delivery nor the write', async () => {
    const { store, place } = subject
    const { recorded, claim } = createListener(subject)
    const failing = { ...place, recorder: () => [{ key: 'k' } as NewDelivery] }
    await expect(store.create(failing, { _id: 'a', body: {} })).rejects.toThrow()
    expect(await store.exists(place, 'a')).toBe(false)
    await put(store, recorded, 'a')
    expect(told(await claim())).toEqual(['write a'])
  })

  test('what one has claimed nobody else gets before the lease ends, and then it is no longer theirs', async () => {
    const { store } = subject
    const { recorded, claim } = createListener(subject)
    await put(store, recorded, 'a', 'b')
    const mine = await claim({ entities: 1 })
    expect(told(mine)).toEqual(['write a'])
    expect(told(await claim({ owner: 'other' }))).toEqual(['write b'])
    expect(await claim({ owner: 'other' })).toEqual([])
    await store.outbox.prolong('me', 2 * LEASE)
    expect(told(await claim({ owner: 'third', now: LEASE + 1, until: 3 * LEASE }))).toEqual(['write b'])
    expect(told(await claim({ owner: 'third', now: 2 * LEASE, until: 3 * LEASE }))).toEqual(['write a'])
    await store.outbox.settle('me', numbers(mine))
    expect(told(await claim({ now: 3 * LEASE }))).toEqual(['write a', 'write b'])
  })

  test('of one entity nothing passes what waits, failed or is claimed; of another it does', async () => {
    const { store, place } = subject
    const { recorded, claim } = createListener(subject)
    for (const ids of [['a'], ['a', 'b'], ['a']]) await put(store, recorded, ...ids)
    const [first, second, , third] = await claim()
    expect(told([first!, second!, third!])).toEqual(['write a', 'write a', 'write a'])
    await store.outbox.fail('me', { n: first!.n, error: 'no', due: 500 })
    await store.outbox.release('me', numbers([second!, third!]))
    expect(await claim({ now: 499, owner: 'other' })).toEqual([])
    const again = await claim({ now: 500, owner: 'other' })
    expect(again.map(({ n, attempts, error }) => ({ n, attempts, error }))).toEqual([
      { n: first!.n, attempts: 1, error: 'no' }, { n: second!.n, attempts: 0, error: null }, { n: third!.n, attempts: 0, error: null },
    ])
    await put(store, { ...place, recorder: recorded.recorder }, 'a')
    expect(await claim({ now: 600, owner: 'third' })).toEqual([])
  })

  test('a dead letter lets those behind it pass, and can be listed, retried and dropped', async () => {
    const { store } = subject
    const { recorded, claim, plugin } = createListener(subject)
    await put(store, recorded, 'a')
    await put(store, recorded, 'a', 'b')
    const [first, second, third] = await claim()
    await store.outbox.fail('me', { n: first!.n, error: 'never' })
    await store.outbox.fail('me', { n: third!.n, error: 'never either' })
    await store.outbox.settle('me', [second!.n])
    expect(await claim({ now: Number.MAX_SAFE_INTEGER })).toEqual([])
    expect(await store.outbox.listDead({ plugin }, { from: 1, size: 1 })).toMatchObject({ total: 2, deliveries: [{ key: third!.key, error: 'never either', attempts: 1 }] })
    expect(await store.outbox.count()).toContainEqual(expect.objectContaining({ plugin, waiting: 0, dead: 2 }))
    expect(await store.outbox.dropDead({ plugin, keys: [third!.key, 'unknown'] })).toBe(1)
    expect(await store.outbox.retryDead({ plugin }, 7)).toBe(1)
    expect(await claim({ now: 6 })).toEqual([])
    expect(await claim({ now: 7 })).toMatchObject([{ key: first!.key, attempts: 0 }])
    expect(await store.outbox.listDead({ plugin })).toEqual({ total: 0, deliveries: [] })
    expect(await store.outbox.purge(plugin)).toBe(1)
    expect(await store.outbox.count()).not.toContainEqual(expect.objectContaining({ plugin }))
  })

  test('several stores that claim at once never hold one entity twice, and lose none', async () => {
    const { store, another } = subject
    const { recorded, listener } = createListener(subject)
    const others = [another(), another()]
    for (const other of others) await other.start()
    try {
      const ids = Array.from({ length: 12 }, (_, n) => String(n))
      for (let round = 0; round < 5; round++) await put(store, recorded, ...ids)
      const held = new Map<string, string>()
      const seen: string[] = []
      await Promise.all([store, ...others].map(async ({ outbox }, who) => {
        for (const owner = `w${who}`; seen.length < 60;) {
          const claimed = await outbox.claim({ listeners: [listener], owner, now: 1, until: 1e9, entities: 3 })
          for (const { entity } of claimed) expect(held.get(entity) ?? owner).toBe(owner)
          for (const { entity } of claimed) held.set(entity, owner)
          seen.push(...claimed.map(({ entity, n }) => `${entity} ${String(n).padStart(12)}`))
          for (const { entity } of claimed) held.delete(entity)
          await outbox.settle(owner, numbers(claimed))
          // As a deliverer does: SQLite lets whoever waits for the lock look for it now and then only, so somebody has to leave it free.
          if (claimed.length === 0) await sleep(2)
        }
      }))
      expect(new Set(seen).size).toBe(60)
      for (const id of ids) {
        const own = seen.filter((line) => line.includes(`/${id} `))
        expect(own).toEqual([...own].sort())
      }
    } finally {
      for (const other of others) await other.close()
    }
  })
}
