import { describe, expect, test } from '@jest/globals'
import fc from '../../../../test/support/property-testing.js'
import { document, documentId, filterSource } from '../../../../test/support/filter-arbitraries.js'
import { distributeFilter } from './distribute-filter.js'
import { filterId, matchesFilter, normalizeFilter, parseFilter } from './index.js'

const normal = (source: unknown) => normalizeFilter(parseFilter(source))
const idOf = (source: unknown) => filterId('shop', 'orders', parseFilter(source))

describe('the normal form', () => {
  test('matches exactly what the filter matches', () => {
    fc.assert(fc.property(filterSource, document, documentId, (source, content, id) => {
      const filter = parseFilter(source)
      expect(matchesFilter(normalizeFilter(filter), content, id)).toBe(matchesFilter(filter, content, id))
    }), { numRuns: 3000 })
  })

  test('and the disjunctive form do too', () => {
    fc.assert(fc.property(filterSource, document, documentId, (source, content, id) => {
      const filter = normal(source)
      expect(matchesFilter(distributeFilter(filter), content, id)).toBe(matchesFilter(filter, content, id))
    }), { numRuns: 1000 })
  })

  test('of a normal form is itself', () => {
    fc.assert(fc.property(filterSource, (source) => {
      const form = normal(source)
      expect(normalizeFilter(structuredClone(form))).toEqual(form)
    }), { numRuns: 1000 })
  })

  test('of a filter and of its double negation are equal', () => {
    fc.assert(fc.property(filterSource, (source) => {
      expect(idOf({ not: { not: source } })).toBe(idOf(source))
    }))
  })

  test('does not depend on the order or the nesting of alternatives', () => {
    fc.assert(fc.property(filterSource, filterSource, filterSource, fc.constantFrom('and', 'or'), (one, two, three, kind) => {
      expect(idOf({ [kind]: [one, { [kind]: [two, three] }] })).toBe(idOf({ [kind]: [{ [kind]: [three, one, three] }, two] }))
    }))
  })

  test('leaves the filter as it was', () => {
    const filter = parseFilter({ or: [{ in: { a: [2, 1, 2] } }, { not: { and: [{ exists: 'b' }, {}] } }] })
    const before = structuredClone(filter)
    normalizeFilter(filter)
    expect(filter).toEqual(before)
  })
})

describe('filters that say the same share an id', () => {
  test.each<[string, unknown, unknown]>([
    ['an in with one value', { in: { a: [1] } }, { equals: { a: 1 } }],
    ['values in another order, repeated', { in: { a: [2, 1, 2] } }, { in: { a: [1, 2] } }],
    ['alternatives of one field', { or: [{ equals: { a: 1 } }, { equals: { a: 2 } }] }, { in: { a: [1, 2] } }],
    ['exclusions of one field', { and: [{ not: { equals: { a: 1 } } }, { not: { equals: { a: 2 } } }] }, { not: { in: { a: [2, 1] } } }],
    ['missing', { missing: 'a' }, { not: { exists: { field: 'a' } } }],
    ['bool', { bool: { must: [{ exists: 'a' }], must_not: [{ exists: 'b' }] } }, { and: [{ missing: 'b' }, { exists: 'a' }] }],
    ['should_not', { bool: { should_not: [{ exists: 'a' }, { exists: 'b' }] } }, { or: [{ missing: 'a' }, { missing: 'b' }] }],
    ['De Morgan', { and: [{ not: { in: { f: ['foo', 'bar'] } } }, { missing: 'g' }] }, { not: { or: [{ or: [{ equals: { f: 'foo' } }, { equals: { f: 'bar' } }] }, { exists: 'g' }] } }],
    ['two halves of a range', { and: [{ range: { a: { gte: 1 } } }, { range: { a: { lt: 5 } } }] }, { range: { a: { lt: 5, gte: 1 } } }],
    ['a range of one number', { range: { a: { gte: 5, lte: 5 } } }, { equals: { a: 5 } }],
    ['a match of scalars', { match: { a: { b: 1, c: [2] } } }, { and: [{ equals: { 'a.b': 1 } }, { exists: 'a.c[2]' }] }],
    ['an absorbed part', { or: [{ exists: 'a' }, { and: [{ exists: 'a' }, { exists: 'b' }] }] }, { exists: 'a' }],
    ['a contradiction', { and: [{ exists: 'a' }, { missing: 'a' }] }, { nothing: {} }],
    ['two values at once', { and: [{ equals: { a: 1 } }, { equals: { a: 2 } }] }, { nothing: {} }],
    ['a tautology', { or: [{ exists: 'a' }, { missing: 'a' }] }, {}],
    ['ids in another order', { ids: { values: ['y', 'x'] } }, { ids: ['x', 'y', 'x'] }],
    ['points and distances', { geoDistance: { p: '43.6, 3.9', distance: '1km' } }, { geo_distance: { p: { lat_lon: [43.6, 3.9] }, distance: '3280.839895013123 ft' } }],
    ['boxes', { geoBoundingBox: { p: { topLeft: [2, 1], bottomRight: '0, 3' } } }, { geoBoundingBox: { p: { bottom: 0, top: 2, left: 1, right: 3 } } }],
    ['rings', { geoPolygon: { p: { points: [[0, 0], [0, 9], [9, 9]] } } }, { geoPolygon: { p: { points: [[9, 9], [0, 9], [0, 0], [9, 9]] } } }],
    ['a lone bound written twice', { and: [{ range: { a: { gt: 1 } } }, { range: { a: { gte: 1 } } }] }, { range: { a: { gt: 1 } } }],
    ['flags that change nothing', { regexp: { a: { value: 'x', flags: 'gmiu' } } }, { regexp: { a: { value: 'x', flags: 'im' } } }],
  ])('%s', (_, one, other) => {
    expect(normal(one)).toEqual(normal(other))
    expect(idOf(one)).toBe(idOf(other))
  })

  test.each<[string, unknown, unknown]>([
    ['an and of ors, multiplied out', { and: [{ exists: 'a' }, { or: [{ exists: 'b' }, { exists: 'c' }] }] }, { or: [{ and: [{ exists: 'a' }, { exists: 'b' }] }, { and: [{ exists: 'c' }, { exists: 'a' }] }] }],
    ['a list beside a condition, multiplied out', { and: [{ exists: 'a' }, { in: { b: [1, 2] } }] }, { or: [{ and: [{ exists: 'a' }, { equals: { b: 2 } }] }, { and: [{ exists: 'a' }, { equals: { b: 1 } }] }] }],
  ])('%s', (_, one, other) => {
    expect(idOf(one)).toBe(idOf(other))
  })

  test('though multiplying out a large filter would take for ever, which then is not done', () => {
    const large = { and: Array.from({ length: 30 }, (_, at) => ({ or: [{ exists: `a${at}` }, { exists: `b${at}` }] })) }
    const form = normal(large)
    expect(distributeFilter(form)).toBe(form)
    expect(idOf(large)).toBe(idOf({ not: { not: large } }))
  })

  test('while another type, field, index or collection makes another id', () => {
    const ids = [
      idOf({ equals: { a: 1 } }), idOf({ equals: { a: '1' } }), idOf({ equals: { b: 1 } }), idOf({ exists: 'a' }), idOf({ exists: 'a[1]' }),
      filterId('shop2', 'orders', parseFilter({ exists: 'a' })), filterId('shop', 'orders2', parseFilter({ exists: 'a' })),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})
