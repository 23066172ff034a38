import { expect, test } from '@jest/globals'
import type { FieldMapping, MappingsInput } from './mappings.js'
import type { Subject } from './subject.contract.js'

const TEXT = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } }

/** What documents do to the mapping of their collection. */
export function describeDynamicMapping(subject: Subject): void {
  const properties = async (): Promise<Record<string, FieldMapping>> => (await subject.store.getMapping(subject.place)).properties
  const open = async (mappings: MappingsInput = {}): Promise<void> => {
    subject.place = { ...subject.place, collection: 'grown' }
    await subject.store.createCollection(subject.place, { mappings: { dynamic: true, ...mappings } })
  }

  test('a dynamic mapping takes the type of each new field from its first value', async () => {
    await open()
    const body = {
      word: 'a', yes: true, whole: 1, part: 1.5, day: '2024-01-31', instant: '2024-01-31T12:00:00Z', slashes: '2024/01/31', year: '2024', none: null,
      tags: [null, 'x'], empty: [], blank: {}, inner: { deep: { n: 1 } }, list: [{ a: 1 }, { b: 'x', a: 2 }], 'dotted.name': 1, _kuzzle_info: { author: 'me' },
    }
    await subject.store.create(subject.place, { _id: 'a', body })
    expect(await properties()).toEqual({
      word: TEXT, yes: { type: 'boolean' }, whole: { type: 'long' }, part: { type: 'float' }, day: { type: 'date' }, instant: { type: 'date' },
      slashes: { type: 'date', format: expect.stringContaining('yyyy/MM/dd') }, year: TEXT, tags: TEXT, blank: { type: 'object' },
      inner: { properties: { deep: { properties: { n: { type: 'long' } } } } }, list: { properties: { a: { type: 'long' }, b: TEXT } },
    })
    expect((await subject.store.get(subject.place, 'a'))._source).toEqual(body)
  })

  test('what was learned holds: a later value of another type is refused by name', async () => {
    const { store } = subject
    await open()
    await store.create(subject.place, { body: { n: 1, inner: { when: '2024-01-31' } } })
    await expect(store.create(subject.place, { body: { n: 'many' } })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('"n"') })
    await expect(store.update(subject.place, { _id: 'a', body: { inner: { when: 'soon' } } })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('"inner.when"') })
    const { successes, errors } = await store.mCreate(subject.place, [{ _id: '1', body: { m: 1 } }, { _id: '2', body: { m: 'x' } }, { _id: '3', body: { m: 2 } }])
    expect([successes.map(({ _id }) => _id), errors.map(({ document }) => document._id)]).toEqual([['1', '3'], ['2']])
    expect((await store.search(subject.place, { query: { range: { m: { gte: 1 } } }, sort: [{ m: 'desc' }] })).hits.map(({ _id }) => _id)).toEqual(['3', '1'])
  })

  test('a mapping grows by every way to write', async () => {
    const { store } = subject
    await open()
    const { place } = subject
    await store.create(place, { _id: 'a', body: { a: 1 } })
    await store.createOrReplace(place, { _id: 'a', body: { b: 1 } })
    await store.update(place, { _id: 'a', body: { c: 1 } })
    await store.upsert(place, { _id: 'x', changes: { d: 1 }, default: { e: 1 } })
    await store.mUpdate(place, [{ _id: 'a', body: { f: 1 } }])
    await store.import(place, [{ index: { _id: 'i' } }, { g: 1 }, { update: { _id: 'i' } }, { doc: { h: 1 } }])
    await store.updateByQuery(place, { query: { equals: { h: 1 } }, changes: { i: 1 } }, { lang: 'koncorde' })
    expect(Object.keys(await properties()).sort()).toEqual([...'abcdefghi'])
  })

  test('many who bring one new field at the same time agree on its type', async () => {
    const { store } = subject
    await open()
    const other = subject.another()
    await other.start()
    const bodies = Array.from({ length: 40 }, (_, n) => ({ mixed: n % 2 ? 1 : true, shared: n }))
    const written = await Promise.allSettled(bodies.map((body, n) => (n % 4 < 2 ? store : other).create(subject.place, { body })))
    const type = (await properties()).mixed?.type
    expect((await other.getMapping(subject.place)).properties).toEqual({ mixed: { type }, shared: { type: 'long' } })
    const stored = (await store.search(subject.place, {}, { size: 50 })).hits.map(({ _source }) => typeof _source.mixed)
    expect(new Set(stored)).toEqual(new Set([type === 'long' ? 'number' : 'boolean']))
    expect(stored).toHaveLength(written.filter(({ status }) => status === 'fulfilled').length)
    await other.close()
  })

  test.each(['strict', 'false', 'runtime'] as const)('an inner object may be %s where the rest grows', async (dynamic) => {
    const { store } = subject
    await open({ properties: { inner: { dynamic, properties: { a: { type: 'long' } } } } })
    await store.create(subject.place, { body: { free: 1, inner: { a: 1 } } })
    const more = store.create(subject.place, { body: { inner: { b: 1 } } })
    if (dynamic === 'strict') await expect(more).rejects.toMatchObject({ id: 'services.storage.strict_mapping_rejection', props: ['inner.b', subject.place.index, 'grown'] })
    else await more
    expect(await properties()).toEqual({ free: { type: 'long' }, inner: { dynamic, properties: { a: { type: 'long' } } } })
  })

  test('only an inner object may grow', async () => {
    await open({ dynamic: false, properties: { inner: { dynamic: 'true', properties: {} } } })
    await subject.store.create(subject.place, { body: { free: 1, inner: { a: { b: 1 } } } })
    expect(await properties()).toEqual({ inner: { dynamic: 'true', properties: { a: { properties: { b: { type: 'long' } } } } } })
  })

  test('a mapping does not grow without end', async () => {
    const { store } = subject
    await open()
    const wide = (from: number, count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${from + n}`, n]))
    await store.create(subject.place, { body: wide(0, 1000) })
    await expect(store.create(subject.place, { body: wide(1000, 1) })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('1001 fields') })
    const deep = (levels: number): object => (levels === 0 ? { n: 1 } : { d: deep(levels - 1) })
    await expect(store.create(subject.place, { body: deep(25) as Record<string, unknown> })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('20 levels') })
    await store.create(subject.place, { body: wide(0, 10) })
    expect(Object.keys(await properties())).toHaveLength(1000)
  })
}
