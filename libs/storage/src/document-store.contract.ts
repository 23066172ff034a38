import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { DocumentStore } from './document-store.js'
import { describeAgreement } from './agreement.contract.js'
import { describeDocuments, describeMany } from './documents.contract.js'
import { describeDynamicMapping } from './dynamic-mapping.contract.js'
import { describeLocks } from './locks.contract.js'
import { describeOutbox } from './outbox.contract.js'
import { describeSchedules } from './schedules.contract.js'
import { describeSearches } from './search.contract.js'
import { describeStrangeTexts } from './strange-texts.contract.js'
import type { Subject } from './subject.contract.js'

/** A store to test, and what removes every trace of it. */
export interface Bench {
  store: DocumentStore
  /** A second store on the same data, as another machine or process would have it. */
  another: () => DocumentStore
  remove: () => Promise<void>
}

/** The contract of {@link DocumentStore}: every engine passes all of it. */
export function describeDocumentStore(engine: string, open: () => Promise<Bench>): void {
  describe(`a document store on ${engine}`, () => {
    let bench: Bench
    const subject = {} as Subject

    beforeAll(async () => {
      bench = await open()
      await bench.store.start()
      Object.assign(subject, { store: bench.store, another: bench.another })
    })
    afterAll(async () => {
      await bench.store.close()
      await bench.remove()
    }, 60_000)
    beforeEach(async () => {
      subject.place = { index: `i${randomUUID()}`, collection: 'orders' }
      await bench.store.createCollection(subject.place, { mappings: { properties: ORDER_FIELDS } })
    })

    describeStarts(open)
    describeCatalogue(subject)
    describeDocuments(subject)
    describeMany(subject)
    describeDynamicMapping(subject)
    describeSharing(subject)
    describeOutbox(subject)
    describeSchedules(subject)
    describeLocks(subject)
    describeSearches(subject)
    describeStrangeTexts(subject)
    describeAgreement(subject)
  })
}

const ORDER_FIELDS = {
  city: { type: 'keyword' },
  quantity: { type: 'integer' },
  at: { type: 'date' },
  note: { type: 'text', fields: { keyword: { type: 'keyword' } } },
  paid: { type: 'boolean' },
  place: { type: 'geo_point' },
  items: { type: 'nested', properties: { name: { type: 'keyword' }, price: { type: 'double' } } },
  customer: { properties: { name: { type: 'keyword' } } },
}

function describeStarts(open: () => Promise<Bench>): void {
  test('stores that start on an empty database at the same time all serve', async () => {
    const { store, another, remove } = await open()
    const stores = [store, another(), another(), another()]
    const place = { index: 'fresh', collection: 'orders' }
    try {
      await Promise.all(stores.map((each) => each.start()))
      await Promise.all(stores.map((each) => each.createCollection(place)))
      await Promise.all(stores.map((each, n) => each.create(place, { _id: String(n), body: {} })))
      expect((await store.mExists(place, ['0', '1', '2', '3'])).errors).toEqual([])
    } finally {
      for (const each of stores) await each.close()
      await remove()
    }
  })
}

function describeCatalogue(subject: Subject): void {
  test('an index exists from its creation to its deletion, once in each scope', async () => {
    const { store } = subject
    const index = `i${randomUUID()}`
    await store.createIndex(index)
    await store.createIndex(index, 'private')
    await expect(store.createIndex(index)).rejects.toMatchObject({ id: 'services.storage.index_already_exists', status: 412 })
    expect(await store.indexExists(index)).toBe(true)
    expect(await store.listIndexes('private')).toEqual([index])
    await store.deleteIndex(index, 'private')
    expect(await store.indexExists(index, 'private')).toBe(false)
    expect(await store.indexExists(index)).toBe(true)
    await expect(store.deleteIndex(index, 'private')).rejects.toMatchObject({ id: 'services.storage.unknown_index', status: 412 })
  })

  test.each(['Bad', 'bad name', '_bad', '-bad', '+bad', 'a/b', 'a*', '', '..', 'a'.repeat(127), 'ä'.repeat(64), 'a\0', 'a\ud800'])('the name %j is refused', async (name) => {
    const { store } = subject
    await expect(store.createIndex(name)).rejects.toMatchObject({ id: 'services.storage.invalid_index_name', status: 400 })
    await expect(store.createCollection({ index: 'fine', collection: name }))
      .rejects.toMatchObject({ id: 'services.storage.invalid_collection_name', status: 400 })
    expect(await store.indexExists('fine')).toBe(false)
  })

  test('a collection brings its index into being, and goes with it', async () => {
    const { store } = subject
    const place = { index: `i${randomUUID()}`, collection: 'col' }
    await store.createCollection(place)
    await store.create(place, { _id: 'one', body: {} })
    expect(await store.listCollections(place.index)).toEqual(['col'])
    await store.deleteIndex(place.index)
    await expect(store.get(place, 'one')).rejects.toMatchObject({ id: 'services.storage.unknown_index', status: 412 })
    await store.createCollection(place)
    expect(await store.exists(place, 'one')).toBe(false)
  })

  test('an index of many collections is deleted whole, and nothing of the others', async () => {
    const { store, place } = subject
    const [many, other] = [`${place.index}-many`, { ...place, index: `${place.index}-other` }]
    for (let n = 0; n < 40; n++) await store.createCollection({ index: many, collection: `c${n}` })
    await store.createCollection(other)
    await store.deleteIndex(many)
    expect(await store.indexExists(many)).toBe(false)
    await store.createIndex(many)
    expect(await store.listCollections(many)).toEqual([])
    expect(await store.collectionExists(other)).toBe(true)
  })

  test('what leads to no collection is refused by name', async () => {
    const { store, place } = subject
    const ghost = { ...place, collection: 'ghost' }
    const refusal = { id: 'services.storage.unknown_collection', status: 412, props: [place.index, 'ghost'] }
    await expect(store.create(ghost, { body: {} })).rejects.toMatchObject(refusal)
    await expect(store.deleteCollection(ghost)).rejects.toMatchObject(refusal)
    await expect(store.getMapping({ ...ghost, index: 'ghost' })).rejects.toMatchObject({ id: 'services.storage.unknown_index' })
    expect(await store.collectionExists(ghost)).toBe(false)
  })

  test('a mapping is given back as declared, grows by merging, and never changes a type', async () => {
    const { store, place } = subject
    const other = { ...place, collection: 'other' }
    await store.createCollection(other, {
      mappings: { dynamic: true, _meta: { area: 'north' }, properties: { city: { type: 'keyword' } } }, settings: { number_of_shards: 3 },
    })
    expect(await store.getMapping(other)).toEqual({ dynamic: 'true', _meta: { area: 'north' }, properties: { city: { type: 'keyword' } } })
    await expect(store.updateMapping(other, { properties: { city: { type: 'integer' } } })).rejects.toMatchObject({ id: 'services.storage.unexpected_bad_request' })
    await store.updateMapping(other, { properties: { address: {} } })
    await expect(store.updateMapping(other, { properties: { address: { type: 'nested' } } })).rejects.toMatchObject({ id: 'services.storage.cannot_change_mapping', status: 400 })
    const grown = await store.updateMapping(other, { dynamic: 'strict', properties: { address: { properties: { street: { type: 'text' } } } } })
    expect(grown).toEqual({
      dynamic: 'strict',
      _meta: { area: 'north' },
      properties: { city: { type: 'keyword' }, address: { properties: { street: { type: 'text' } } } },
    })
    expect(await store.getSettings(other)).toEqual({ number_of_shards: 3 })
  })

  test.each([
    [{ properties: { a: { type: 'nope' } } }, 'services.storage.invalid_mapping_type'],
    [{ dynamic: 'sometimes' }, 'services.storage.invalid_mapping'],
    [{ proprieties: {} }, 'services.storage.invalid_mapping'],
    [{ properties: [] }, 'services.storage.wrong_mapping_property'],
    [{ properties: { a: { type: 'keyword', indx: false } } }, 'services.storage.invalid_mapping_argument'],
    [{ properties: { a: { type: 'keyword', properties: { b: { type: 'keyword' } } } } }, 'services.storage.invalid_mapping_argument'],
    [{ properties: { a: { fields: { b: { type: 'keyword' } }, type: 'text', nope: 1 } } }, 'services.storage.invalid_mapping_argument'],
  ])('the mapping %j is refused with %s', async (mappings, id) => {
    const { store, place } = subject
    await expect(store.updateMapping(place, mappings as never)).rejects.toMatchObject({ id, status: 400 })
  })

  test('truncating removes all documents and keeps the mapping', async () => {
    const { store, place } = subject
    await store.mCreate(place, [{ body: {} }, { body: {} }])
    await store.truncate(place)
    expect(await store.count(place)).toBe(0)
    expect((await store.getMapping(place)).properties).toHaveProperty('city')
  })

  test('stats count documents and measure them', async () => {
    const { store, place } = subject
    await store.mCreate(place, [{ body: {} }, { body: { a: 1 } }])
    const { indexes, size } = await store.stats()
    const [collection] = indexes.find(({ name }) => name === place.index)!.collections
    expect(collection).toEqual({ name: 'orders', documentCount: 2, size: expect.any(Number) })
    expect(collection!.size).toBeGreaterThan(0)
    expect(size).toBeGreaterThanOrEqual(collection!.size)
  })
}

function describeSharing(subject: Subject): void {
  test('what one store has done, another one on the same data sees', async () => {
    const { store, another, place } = subject
    const other = another()
    await other.start()
    try {
      await other.create(place, { _id: 'theirs', body: { a: 1 } })
      expect((await store.get(place, 'theirs'))._source).toEqual({ a: 1 })
      const later = { ...place, collection: 'later' }
      await store.createCollection(later)
      await other.create(later, { _id: 'x', body: {} })
      expect(await store.exists(later, 'x')).toBe(true)
      await other.deleteCollection(later)
      const unknown = { id: 'services.storage.unknown_collection', status: 412 }
      await expect(store.create(later, { body: {} })).rejects.toMatchObject(unknown)
      await expect(store.get(later, 'x')).rejects.toMatchObject(unknown)
      await expect(store.search(later)).rejects.toMatchObject(unknown)
      await Promise.all([store.create(place, { _id: 'neighbour', body: {} }), expect(store.create(later, { body: {} })).rejects.toMatchObject(unknown)])
      expect(await store.exists(place, 'neighbour')).toBe(true)
    } finally {
      await other.close()
    }
  })

  test('updates that several stores make of the same documents at the same time, in whatever order, are all kept', async () => {
    const { store, another, place } = subject
    const other = another()
    await other.start()
    try {
      const ids = Array.from({ length: 20 }, (_, n) => `d${n}`)
      await store.mCreate(place, ids.map((_id) => ({ _id, body: {} })))
      const update = (by: typeof store, field: string, some: string[]) => by.mUpdate(place, some.map((_id) => ({ _id, body: { [field]: 1 } })))
      const rounds = Array.from({ length: 10 }, (_, n) => [update(store, `a${n}`, ids), update(other, `b${n}`, [...ids].reverse()), other.updateByQuery(place, { query: {}, changes: { [`c${n}`]: 1 } })])
      await Promise.all(rounds.flat())
      const { successes } = await store.mGet(place, ids)
      expect(successes.map(({ _version, _source }) => [_version, Object.keys(_source).length])).toEqual(ids.map(() => [31, 30]))
    } finally {
      await other.close()
    }
  })

  test('a store that was closed can be started again, and has lost nothing', async () => {
    const { store, another, place } = subject
    await store.create(place, { _id: 'kept', body: { a: 1 } })
    const other = another()
    await other.start()
    await other.close()
    await other.close()
    await other.start()
    expect((await other.get(place, 'kept'))._source).toEqual({ a: 1 })
    expect(await other.health()).toMatchObject({ status: 'green' })
    await other.close()
  })
}
