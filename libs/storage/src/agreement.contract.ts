import { expect, test } from '@jest/globals'
import fc from '../../../test/support/property-testing.js'
import type { Place } from './document-store.js'
import type { Subject } from './subject.contract.js'
import { matchesFilter } from './filter/matches-filter.js'
import type { Filter } from './filter/filter.js'
import { parseFilter } from './filter/parse-filter.js'
import { holds } from './query/condition.js'
import { readElasticsearchQuery } from './query/elasticsearch/read-query.js'
import { declaredFields } from './mappings.js'

const words = ['Hue', 'Hanoi', 'hue', '', '[1]', '{"a":1}', '1', 'true', 'é', '😀', '\uffee', 'a"b', "it's", 'x; drop table c1', '%', 'null', '\u0000', '2024-01-31']
const text = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4, unit: 'binary' }))
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0.1 + 0.2, 2 ** 53, 2 ** 60, 1e300, 5e-324))
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null)).map((value) => (Object.is(value, -0) ? 0 : value))
const field = fc.constantFrom('a', 'b', 'a.b', 'a.b.c', 'o"d', "o'd", '1', 'place', 'with space')
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.constantFrom('b', 'c', '1'), scalar, { maxKeys: 2 }),
  fc.record({ lat: fc.integer({ min: -90, max: 90 }), lon: fc.integer({ min: -180, max: 180 }) }), fc.array(fc.record({ b: scalar }), { maxLength: 2 }))
const document = fc.dictionary(fc.constantFrom('a', 'b', 'place', 'o"d', "o'd", '1', 'with space'), value, { maxKeys: 4 })

const range = fc.record({ gte: number, lt: number }, { requiredKeys: ['gte'] }).filter(({ gte, lt }) => lt === undefined || lt > gte)

const { filter } = fc.letrec<{ filter: unknown; leaf: unknown }>((tie) => ({
  filter: fc.oneof({ maxDepth: 4, depthIdentifier: 'filter' }, tie('leaf'),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
    tie('filter').map((not) => ({ not }))),
  leaf: fc.oneof(
    fc.tuple(field, scalar).map(([name, each]) => ({ equals: { [name]: each } })),
    fc.tuple(field, fc.array(scalar, { minLength: 1, maxLength: 4 })).map(([name, each]) => ({ in: { [name]: each } })),
    fc.tuple(field, range).map(([name, each]) => ({ range: { [name]: each } })),
    field.map((name) => ({ exists: name })),
    fc.tuple(field, scalar).map(([name, each]) => ({ exists: `${name}[${JSON.stringify(each)}]` })),
    field.map((name) => ({ missing: name })),
    fc.array(fc.constantFrom('d0', 'd1', 'd2', 'ghost'), { minLength: 1 }).map((values) => ({ ids: { values } })),
    fc.tuple(field, fc.constantFrom('^H', 'u', '.', '\\d')).map(([name, each]) => ({ regexp: { [name]: each } })),
    fc.tuple(field, fc.dictionary(fc.constantFrom('b', 'c'), scalar, { maxKeys: 2 })).map(([name, each]) => ({ match: { [name]: each } })),
    fc.constant({ geoDistance: { place: { lat: 0, lon: 0 }, distance: '5000km' } }),
  ),
}))

const { query } = fc.letrec<{ query: unknown; leaf: unknown }>((tie) => ({
  query: fc.oneof({ maxDepth: 4, depthIdentifier: 'query' }, tie('leaf'), fc.record({
    must: fc.array(tie('query'), { maxLength: 2 }), should: fc.array(tie('query'), { maxLength: 3 }), must_not: fc.array(tie('query'), { maxLength: 2 }),
    minimum_should_match: fc.integer({ min: 0, max: 2 }),
  }, { requiredKeys: [] }).map((bool) => ({ bool }))),
  leaf: fc.oneof(
    fc.tuple(field, scalar.filter((each) => each !== null)).map(([name, each]) => ({ term: { [name]: each } })),
    fc.tuple(field, fc.array(scalar.filter((each) => each !== null), { maxLength: 3 })).map(([name, each]) => ({ terms: { [name]: each } })),
    fc.tuple(field, range).map(([name, each]) => ({ range: { [name]: each } })),
    fc.tuple(field, text, text).map(([name, gt, lte]) => ({ range: { [name]: { gt, lte } } })),
    field.map((name) => ({ exists: { field: name } })),
    fc.tuple(field, text).map(([name, each]) => ({ prefix: { [name]: each } })),
    fc.tuple(field, fc.constantFrom('H*', '*e', '?', '*')).map(([name, each]) => ({ wildcard: { [name]: each } })),
    fc.tuple(field, text).map(([name, each]) => ({ match: { [name]: each } })),
  ),
}))

/** Random documents and questions: what SQL finds is what the plain evaluators find. */
export function describeAgreement(subject: Subject): void {
  const propertyOptions = { numRuns: 60 }
  let place: Place

  /** A collection of its own for each property: what is declared in it depends on the test. */
  async function recreate(): Promise<void> {
    place = { ...subject.place, collection: 'random' }
    if (await subject.store.collectionExists(place)) await subject.store.deleteCollection(place)
    await subject.store.createCollection(place)
  }

  async function store(documents: Record<string, unknown>[]): Promise<void> {
    await subject.store.truncate(place)
    await subject.store.mCreate(place, documents.map((body, index) => ({ _id: `d${index}`, body })))
  }

  const found = async (body: object, lang: 'koncorde' | 'elasticsearch'): Promise<string[]> =>
    (await subject.store.search(place, body, { lang, size: 100 })).hits.map(({ _id }) => _id)

  test.each([false, true])(
    'random filters find what the plain evaluator finds (indexes: %s)', async (isIndexed) => {
      await recreate()
      await fc.assert(fc.asyncProperty(fc.array(document, { maxLength: 12 }), fc.array(filter, { minLength: 1, maxLength: 8 }), async (documents, filters) => {
        if (isIndexed) await recreate()
        await store(documents)
        if (isIndexed) await subject.store.updateMapping(place, { properties: { a: { type: 'keyword' }, b: { type: 'integer' } } })
        for (const each of filters) {
          const parsed: Filter = parseFilter(each)
          const expected = documents.flatMap((body, index) => (matchesFilter(parsed, body, `d${index}`) ? [`d${index}`] : []))
          expect([each, await found({ query: each }, 'koncorde')]).toEqual([each, expected])
          expect(await subject.store.count(place, { query: each }, { lang: 'koncorde' })).toBe(expected.length)
        }
      }), propertyOptions)
    }, 120_000)

  test.each([false, true])('random queries find what the plain evaluator finds (indexes: %s)', async (isIndexed) => {
    const mappings: { properties: Record<string, { type: string }> } = { properties: isIndexed ? { a: { type: 'keyword' }, b: { type: 'keyword' } } : {} }
    await recreate()
    const declared = declaredFields({ ...await subject.store.getMapping(place), ...mappings })
    await fc.assert(fc.asyncProperty(fc.array(document, { maxLength: 12 }), fc.array(query, { minLength: 1, maxLength: 8 }), async (documents, queries) => {
      if (isIndexed) await recreate()
      await store(documents)
      await subject.store.updateMapping(place, mappings)
      for (const each of queries) {
        const condition = readElasticsearchQuery(each, declared)
        const expected = documents.flatMap((body, index) => (holds(condition, body, `d${index}`) ? [`d${index}`] : []))
        expect([each, await found({ query: each }, 'elasticsearch')]).toEqual([each, expected])
      }
    }), propertyOptions)
  }, 120_000)
}
