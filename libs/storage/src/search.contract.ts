import { beforeEach, describe, expect, test } from '@jest/globals'
import { describeAggregations } from './aggregations.contract.js'
import { describeByQuery } from './by-query.contract.js'
import type { Subject } from './subject.contract.js'
import type { SearchBody } from './searches.js'

const orders = [
  { _id: 'o1', body: { city: 'Hue', quantity: 3, at: '2024-01-15', note: 'Two quick brown foxes', paid: true, tags: ['a', 'b'], items: [{ name: 'pen', price: 1 }, { name: 'ink', price: 9 }] } },
  { _id: 'o2', body: { city: 'Hanoi', quantity: 10, at: Date.UTC(2024, 0, 20), note: 'Don’t panic', paid: false, tags: ['b'], items: [{ name: 'pen', price: 9 }] } },
  { _id: 'o3', body: { city: 'Hue', quantity: 21, at: '2024-03-01T10:00:00Z', note: 'brown bread', tags: 'c', place: { lat: 16.4, lon: 107.5 } } },
  { _id: 'o4', body: { city: 'Sapa', quantity: 10, at: '2024-03-31T23:30:00-02:00', customer: { name: 'Ann' }, _kuzzle_info: { author: 'ann' } } },
  { _id: 'o5', body: { city: null, tags: [], free: 'Some Free Text', count: 7 } },
]

/** Searching, counting, scrolling, aggregating, and doing things by query. */
export function describeSearches(subject: Subject): void {
  describe('with five orders', () => {
    beforeEach(async () => {
      await subject.store.mCreate(subject.place, orders)
    })
    describeQueries(subject)
    describePages(subject)
    describeAggregations(subject)
    describeByQuery(subject, orders)
  })
}

const idsOf = (hits: { _id: string }[]): string => hits.map(({ _id }) => _id).join(' ')

function describeQueries(subject: Subject): void {
  const find = async (query: unknown): Promise<string> => idsOf((await subject.store.search(subject.place, { query })).hits)

  test.each<[object, string]>([
    [{}, 'o1 o2 o3 o4 o5'],
    [{ match_all: {} }, 'o1 o2 o3 o4 o5'],
    [{ match_none: {} }, ''],
    [{ term: { city: 'Hue' } }, 'o1 o3'],
    [{ term: { city: { value: 'Hue', boost: 2 } } }, 'o1 o3'],
    [{ term: { quantity: '10' } }, 'o2 o4'],
    [{ term: { paid: 'true' } }, 'o1'],
    [{ term: { tags: 'b' } }, 'o1 o2'],
    [{ term: { 'tags.keyword': 'c' } }, 'o3'],
    [{ term: { _id: 'o2' } }, 'o2'],
    [{ term: { at: '2024-01-20' } }, 'o2'],
    [{ term: { note: 'brown' } }, 'o1 o3'],
    [{ term: { 'note.keyword': 'brown bread' } }, 'o3'],
    [{ term: { '_kuzzle_info.author': 'ann' } }, 'o4'],
    [{ terms: { city: ['Sapa', 'Hanoi', 'Oslo'] } }, 'o2 o4'],
    [{ terms: { city: [] } }, ''],
    [{ range: { quantity: { gte: 10, lt: 21 } } }, 'o2 o4'],
    [{ range: { quantity: { gt: '10' } } }, 'o3'],
    [{ range: { city: { gte: 'Hb', lte: 'Hz' } } }, 'o1 o3'],
    [{ range: { at: { gte: '2024-01-16', lt: '2024-04-01' } } }, 'o2 o3'],
    [{ range: { at: { lte: '2024-01' } } }, 'o1 o2'],
    [{ range: { at: { gt: '2024-03-01||/M' } } }, 'o4'],
    [{ range: { at: { gte: 'now-1d' } } }, ''],
    [{ exists: { field: 'city' } }, 'o1 o2 o3 o4'],
    [{ exists: { field: 'tags' } }, 'o1 o2 o3'],
    [{ exists: { field: 'customer' } }, 'o4'],
    [{ ids: { values: ['o5', 'o1', 'ghost'] } }, 'o1 o5'],
    [{ prefix: { city: 'H' } }, 'o1 o2 o3'],
    [{ prefix: { city: { value: 'h', case_insensitive: true } } }, 'o1 o2 o3'],
    [{ prefix: { note: 'bre' } }, 'o3'],
    [{ wildcard: { city: 'H*n?i' } }, 'o2'],
    [{ wildcard: { city: { wildcard: '*a*' } } }, 'o2 o4'],
    [{ regexp: { city: 'H(ue|anoi)' } }, 'o1 o2 o3'],
    [{ regexp: { city: 'H' } }, ''],
    [{ match: { note: 'BROWN bear' } }, 'o1 o3'],
    [{ match: { note: { query: 'brown foxes', operator: 'and' } } }, 'o1'],
    [{ match: { city: 'Hue' } }, 'o1 o3'],
    [{ match: { free: 'text' } }, 'o5'],
    [{ match: { quantity: 3 } }, 'o1'],
    [{ match_phrase: { note: 'quick brown' } }, 'o1'],
    [{ match_phrase: { note: 'brown quick' } }, ''],
    [{ match_phrase_prefix: { note: 'quick bro' } }, 'o1'],
    [{ multi_match: { query: 'brown', fields: ['city', 'no*^3'] } }, 'o1 o3'],
    [{ bool: { must: { term: { city: 'Hue' } }, must_not: [{ range: { quantity: { gt: 5 } } }] } }, 'o1'],
    [{ bool: { should: [{ term: { city: 'Hue' } }, { term: { quantity: 10 } }] } }, 'o1 o2 o3 o4'],
    [{ bool: { filter: [{ term: { city: 'Hue' } }], should: [{ term: { quantity: 10 } }] } }, 'o1 o3'],
    [{ bool: { should: [{ term: { city: 'Hue' } }, { term: { quantity: 21 } }, { term: { paid: true } }], minimum_should_match: 2 } }, 'o1 o3'],
    [{ bool: {} }, 'o1 o2 o3 o4 o5'],
    [{ constant_score: { filter: { term: { city: 'Sapa' } } } }, 'o4'],
    [{ dis_max: { queries: [{ term: { city: 'Sapa' } }, { ids: { values: ['o1'] } }] } }, 'o1 o4'],
    [{ nested: { path: 'items', query: { bool: { must: [{ term: { 'items.name': 'pen' } }, { range: { 'items.price': { gt: 5 } } }] } } } }, 'o2'],
    [{ query_string: { query: 'city:Hue AND quantity:[5 TO 30]' } }, 'o3'],
    [{ query_string: { query: 'city:(Sapa OR Hanoi) -quantity:10' } }, ''],
    [{ query_string: { query: 'brown -bread' } }, 'o1'],
    [{ query_string: { query: '"quick brown" || count:7' } }, 'o1 o5'],
    [{ query_string: { query: 'city:H*i', default_operator: 'AND' } }, 'o2'],
    [{ query_string: { query: 'NOT city:*' } }, 'o5'],
    [{ query_string: { query: 'brown bread', default_field: 'note', default_operator: 'and' } }, 'o3'],
    [{ query_string: { query: 'quantity:>=21 paid:true' } }, 'o1 o3'],
  ])('the query %j finds %j', async (query, ids) => {
    expect(await find(query)).toBe(ids)
    expect(await subject.store.count(subject.place, { query })).toBe(ids === '' ? 0 : ids.split(' ').length)
  })

  test.each([
    [{ nopes: {} }, 'nopes'],
    [{ term: { city: 'a', quantity: 1 } }, 'term'],
    [{ term: { city: { value: 'a', fuzzy: 1 } } }, 'fuzzy'],
    [{ match: { note: { query: 'a', fuzziness: 'AUTO' } } }, 'fuzziness'],
    [{ range: { quantity: { from: 1 } } }, 'from'],
    [{ range: { at: { gte: 'some day' } } }, 'some day'],
    [{ bool: { must: [{ script: {} }] } }, 'script'],
    [{ bool: { musty: [] } }, 'musty'],
    [{ regexp: { city: '(' } }, 'city'],
    [{ query_string: { query: 'a~2' } }, '~2'],
    [{ query_string: { query: '(a' } }, '('],
    [{ term: { quantity: 'many' } }, 'many'],
    ['text', 'query'],
  ])('the query %j is refused, and %j is named', async (query, name) => {
    await expect(find(query)).rejects.toMatchObject({
      id: 'services.storage.unexpected_bad_request', status: 400, message: expect.stringContaining(name),
    })
  })

  test('filters of the realtime language find the same as they let through', async () => {
    const { store, place } = subject
    const query = { and: [{ equals: { city: 'Hue' } }, { range: { quantity: { gte: 10 } } }] }
    expect(idsOf((await store.search(place, { query }, { lang: 'koncorde' })).hits)).toBe('o3')
    const near = { geoDistance: { place: { lat: 16, lon: 107 }, distance: '100km' } }
    expect(idsOf((await store.search(place, { query: near }, { lang: 'koncorde' })).hits)).toBe('o3')
    await expect(store.search(place, { query: { equalz: { city: 'Hue' } } }, { lang: 'koncorde' }))
      .rejects.toMatchObject({ id: 'services.storage.unexpected_bad_request', status: 400, message: expect.stringContaining('equalz') })
  })

  test('a thousand alternatives are no more than a long query', async () => {
    const should = Array.from({ length: 1500 }, (_, index) => ({ term: { quantity: index } }))
    expect(await find({ bool: { should } })).toBe('o1 o2 o3 o4')
  })

  test('SQL in names and values is data', async () => {
    const evil = `'); drop table collections; --`
    expect(await find({ term: { [evil]: evil } })).toBe('')
    expect(await find({ exists: { field: `a'b` } })).toBe('')
    await subject.store.create(subject.place, { _id: 'evil', body: { [evil]: evil } })
    expect(await find({ term: { [evil]: evil } })).toBe('evil')
    expect((await subject.store.search(subject.place, { sort: [{ [evil]: 'asc' }] })).hits[0]!._id).toBe('evil')
  })
}

function describePages(subject: Subject): void {
  const search = async (body: SearchBody): Promise<string> => idsOf((await subject.store.search(subject.place, body)).hits)

  test('hits carry place and score, and the total counts what is on no page', async () => {
    const { store, place } = subject
    const { hits, total } = await store.search(place, { query: { term: { city: 'Hue' } } }, { size: 1 })
    expect(total).toBe(2)
    expect(hits).toEqual([{ _id: 'o1', _score: 1, _source: orders[0]!.body, _version: 1, index: place.index, collection: 'orders' }])
    expect(await store.search(place, {}, { size: 0 })).toEqual({ hits: [], total: 5 })
  })

  test.each<[unknown, string]>([
    ['quantity', 'o1 o2 o4 o3 o5'],
    [{ quantity: 'desc' }, 'o3 o2 o4 o1 o5'],
    [[{ quantity: { order: 'desc' } }, { _id: 'desc' }], 'o3 o4 o2 o1 o5'],
    [['city', { quantity: 'desc' }], 'o2 o3 o1 o4 o5'],
    [{ _id: 'desc' }, 'o5 o4 o3 o2 o1'],
    [[{ paid: 'desc' }, '_doc'], 'o1 o2 o3 o4 o5'],
    ['_score', 'o1 o2 o3 o4 o5'],
  ])('sort %j, what is missing last', async (sort, ids) => {
    expect(await search({ sort })).toBe(ids)
    expect(await search({ sort, from: 1, size: 2 })).toBe(ids.split(' ').slice(1, 3).join(' '))
  })

  test.each<[unknown]>([[['quantity', '_id']], [[{ quantity: 'desc' }, '_id']], [[{ city: 'asc' }, { quantity: 'desc' }]], [[{ city: 'desc' }, '_id']], [[{ mixed: 'desc' }, '_id']], [['mixed', '_id']]])(
    'search_after with sort %j walks through all hits, each once', async (sort) => {
      const { store, place } = subject
      await store.mUpdate(place, [{ _id: 'o1', body: { mixed: 'x' } }, { _id: 'o2', body: { mixed: 2 } }, { _id: 'o3', body: { mixed: 'a' } }, { _id: 'o4', body: { mixed: 1 } }])
      const all = await search({ sort })
      const walked: string[] = []
      let after: unknown[] | undefined
      for (let page = 0; page < 6; page++) {
        const { hits, total } = await store.search(place, { sort, size: 1, search_after: after })
        expect(total).toBe(5)
        if (hits.length === 0) break
        walked.push(hits[0]!._id)
        after = hits[0]!.sort
      }
      expect(walked.join(' ')).toBe(all)
    },
  )

  test.each<[unknown, object]>([
    [false, {}],
    ['quantity', { quantity: 3 }],
    [['quantity', 'items.name'], { quantity: 3, items: [{ name: 'pen' }, { name: 'ink' }] }],
    [{ includes: ['q*', 'paid'], excludes: 'paid' }, { quantity: 3 }],
    [{ excludes: ['items', 'note', 't*', 'at'] }, { city: 'Hue', quantity: 3, paid: true }],
  ])('_source %j selects %j', async (_source, selected) => {
    const { hits } = await subject.store.search(subject.place, { _source, query: { ids: { values: ['o1'] } } })
    expect(hits[0]!._source).toEqual(selected)
  })

  test('a scroll shows what was there when it began, page by page, and its last page is empty', async () => {
    const { store, place } = subject
    let page = await store.search(place, { sort: [{ quantity: 'desc' }] }, { size: 2, scroll: '5s' })
    const seen: string[] = []
    expect(page.remaining).toBe(3)
    while (page.hits.length > 0) {
      seen.push(...page.hits.map(({ _id }) => _id))
      await store.create(place, { body: { quantity: 10 } })
      page = await store.scroll(page.scrollId!, { scroll: '5s' })
    }
    expect([seen.join(' '), page.remaining, page.total]).toEqual(['o3 o2 o4 o1 o5', 0, 5])
    await expect(store.scroll('nope')).rejects.toMatchObject({ id: 'services.storage.unknown_scroll_id', status: 404 })
  })

  test.each([['10 s', 'invalid_argument'], ['soon', 'invalid_argument'], ['9h', 'scroll_duration_too_great']])('a scroll of %j is refused', async (scroll, id) => {
    await expect(subject.store.search(subject.place, {}, { scroll })).rejects.toMatchObject({ id: `services.storage.${id}`, status: 400 })
  })

  test.each([[{ from: 1 }], [{ size: 0 }]])('a scroll with %j, which could not walk through everything, is refused', async (page) => {
    const { store, place } = subject
    const refusal = { id: 'services.storage.unexpected_bad_request', message: expect.stringContaining(Object.keys(page)[0]!) }
    await expect(store.search(place, {}, { ...page, scroll: '1m' })).rejects.toMatchObject(refusal)
    await expect(store.search(place, page, { scroll: '1m' })).rejects.toMatchObject(refusal)
  })

  test('a place that is named twice is searched once', async () => {
    const { store, place } = subject
    expect(await store.search([place, place, { ...place }], {})).toMatchObject({ total: 5, hits: { length: 5 } })
  })

  test('several places are searched as one', async () => {
    const { store, place } = subject
    const other = { ...place, collection: 'archive' }
    await store.createCollection(other)
    await store.create(other, { _id: 'old', body: { city: 'Hue', quantity: 5 } })
    const { hits, total } = await store.search([other, place], { query: { term: { city: 'Hue' } }, sort: 'quantity' })
    expect(hits.map(({ _id, collection }) => `${collection}/${_id}`)).toEqual(['orders/o1', 'archive/old', 'orders/o3'])
    expect(total).toBe(3)
    let page = await store.search([other, place], {}, { size: 4, scroll: '5s' })
    page = await store.scroll(page.scrollId!)
    expect(idsOf(page.hits)).toBe('o4 o5')
  })

  test.each([[{ highlight: {} }, 'highlight'], [{ suggest: {} }, 'suggest']])('the body %j is refused by name', async (body, props) => {
    await expect(subject.store.search(subject.place, body as never)).rejects.toMatchObject({ id: 'services.storage.invalid_search_query', props: [props] })
  })

  test.each([[true], [null], [1.5], ['x'], [-1e308], ['\0']])('search_after %j is a place in the order, or a bad request', async (value) => {
    for (const sort of ['_id', '_doc', 'city', 'quantity', 'paid', 'note.keyword', 'at']) {
      const found = await subject.store.search(subject.place, { sort: [sort, '_id'], search_after: [value, 'o1'] }).catch((error: unknown) => error)
      expect([sort, found]).toEqual([sort, expect.objectContaining((found as { status?: number }).status === 400 ? { status: 400 } : { total: 5 })])
    }
    for (const text of ['a\0', 'a\ud800']) await expect(subject.store.search(subject.place, { sort: '_id', search_after: [text] })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('search_after') })
    await expect(subject.store.search(subject.place, { sort: '_id', search_after: [true] })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('needs a string') })
  })

  test.each([[{ from: -1 }], [{ size: 1.5 }], [{ sort: 3 }], [{ sort: { a: 'up' } }], [{ sort: 'city', search_after: [1, 2, 3, 4] }], [{ _source: 3 }],
    [{ sort: 'city', search_after: [] }], [{ sort: 'city', search_after: 'x' }], [{ aggs: {}, aggregations: {} }], [{ aggs: { a: { terms: { field: 'city' }, aggs: {}, aggregations: {} } } }]])(
    'the body %j is a bad request', async (body) => {
      await expect(subject.store.search(subject.place, body as never)).rejects.toMatchObject({ status: 400 })
    },
  )
}
