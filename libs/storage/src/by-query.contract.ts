import { expect, test } from '@jest/globals'
import type { Subject } from './subject.contract.js'
import type { StoredDocument } from './documents.js'

/** What is done with all that a query finds, of the five orders of the searches. */
export function describeByQuery(subject: Subject, orders: readonly { _id: string; body: object }[]): void {
  test('an update by query changes what it finds, once, and gives it back', async () => {
    const { store, place } = subject
    const result = await store.updateByQuery(place, { query: { range: { quantity: { gte: 10 } } }, changes: { big: true } })
    expect(result).toMatchObject({ updated: 3, errors: [] })
    expect(result.successes.map(({ _id, _version, status, _source }) => [_id, _version, status, _source.big]))
      .toEqual([['o2', 2, 200, true], ['o3', 2, 200, true], ['o4', 2, 200, true]])
    expect(await store.updateByQuery(place, { changes: { seen: 1 } }, { brief: true })).toEqual({ updated: 5, successes: [], errors: [] })
    await expect(store.updateByQuery(place, { changes: { quantity: 'x' } })).rejects.toMatchObject({ status: 400 })
  })

  test('a deletion by query gives back what it deleted', async () => {
    const { store, place } = subject
    const result = await store.deleteByQuery(place, { query: { equals: { city: 'Hue' } } }, { lang: 'koncorde' })
    expect(result).toMatchObject({ deleted: 2, ids: ['o1', 'o3'] })
    expect(result.documents[0]).toEqual({ _id: 'o1', _source: orders[0]!.body, _version: 1 })
    expect(await store.count(place)).toBe(3)
  })

  test('an export walks through thousands in the order of their creation', async () => {
    const { store, place } = subject
    await store.mCreate(place, Array.from({ length: 2500 }, (_, index) => ({ _id: `x${index}`, body: { index } })))
    const seen: StoredDocument[] = []
    for await (const document of store.export(place, { query: { exists: { field: 'index' } } })) seen.push(document)
    expect(seen.map(({ _id }) => _id)).toEqual(Array.from({ length: 2500 }, (_, index) => `x${index}`))
    expect((await store.deleteByQuery(place, {}, { brief: true })).deleted).toBe(2505)
  })

  test('a query that only JavaScript can answer finds thousands as well, and those alone', async () => {
    const { store, place } = subject
    await store.mCreate(place, Array.from({ length: 2500 }, (_, index) => ({ _id: `x${index}`, body: { city: index % 5 === 0 ? 'Hue' : `town ${index}` } })))
    const query = { or: [{ regexp: { city: '^town' } }, { equals: { city: 'Sapa' } }] }
    const seen: string[] = []
    for await (const { _id } of store.export(place, { query }, { lang: 'koncorde' })) seen.push(_id)
    expect(seen.filter((id) => id.startsWith('x'))).toEqual(Array.from({ length: 2500 }, (_, index) => `x${index}`).filter((_, index) => index % 5 > 0))
    const { updated } = await store.updateByQuery(place, { query, changes: { city: 'Sapa' } }, { lang: 'koncorde', brief: true })
    expect(updated).toBe(seen.length)
    expect((await store.deleteByQuery(place, { query }, { lang: 'koncorde', brief: true })).deleted).toBe(updated)
  })
}
