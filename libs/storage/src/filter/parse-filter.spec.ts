import { describe, expect, test } from '@jest/globals'
import { ApiError } from '@mortise/sdk'
import fc from '../../../../test/support/property-testing.js'
import { filterSource } from '../../../../test/support/filter-arbitraries.js'
import { countConditions, parseFilter } from './index.js'

function faultOf(source: unknown): ApiError {
  try {
    parseFilter(source)
  } catch (error) {
    if (ApiError.is(error)) return error
    throw error
  }
  throw new Error('the filter was accepted')
}

describe('a filter is read', () => {
  test.each<[string, unknown, unknown]>([
    ['as everything when empty', {}, { type: 'everything' }],
    ['nothing', { nothing: {} }, { type: 'nothing' }],
    ['equals', { equals: { 'a.b': null } }, { type: 'equals', field: 'a.b', value: null }],
    ['in', { in: { a: [1, '1', true, null] } }, { type: 'in', field: 'a', values: [1, '1', true, null] }],
    ['range', { range: { a: { gt: -1, lte: 2.5 } } }, { type: 'range', field: 'a', gt: -1, lte: 2.5 }],
    ['exists', { exists: 'a.b' }, { type: 'exists', field: 'a.b' }],
    ['exists, the older way', { exists: { field: 'a' } }, { type: 'exists', field: 'a' }],
    ['exists in an array', { exists: 'a.b["x]["]' }, { type: 'exists', field: 'a.b', element: 'x][' }],
    ['exists in an array, null', { exists: { field: 'a[null]' } }, { type: 'exists', field: 'a', element: null }],
    ['missing', { missing: 'a[3.14]' }, { type: 'not', filter: { type: 'exists', field: 'a', element: 3.14 } }],
    ['ids', { ids: { values: ['x'] } }, { type: 'ids', ids: ['x'] }],
    ['regexp', { regexp: { a: '^g\\w+' } }, { type: 'regexp', field: 'a', pattern: '^g\\w+', flags: '' }],
    ['regexp with flags', { regexp: { a: { value: 'x', flags: 'gmi' } } }, { type: 'regexp', field: 'a', pattern: 'x', flags: 'im' }],
    ['match', { match: { a: [{ b: 1 }] } }, { type: 'match', field: 'a', value: [{ b: 1 }] }],
    ['select', { select: { field: 'a', index: -1, query: { equals: { value: 1 } } } }, { type: 'select', field: 'a', index: -1, filter: { type: 'equals', field: 'value', value: 1 } }],
    ['a box with its sides exchanged', { geoBoundingBox: { p: { top: -3, left: 170, bottom: 3, right: -170 } } }, { type: 'geoBoundingBox', field: 'p', top: 3, left: 170, bottom: -3, right: -170 }],
    ['a circle', { geoDistance: { p: [1, 2], distance: '1 km' } }, { type: 'geoDistance', field: 'p', center: { lat: 1, lon: 2 }, distance: 1000 }],
    ['a ring', { geoDistanceRange: { p: '1,2', from: 0, to: '10 kilometers' } }, { type: 'geoDistanceRange', field: 'p', center: { lat: 1, lon: 2 }, from: 0, to: 10_000 }],
    ['a polygon across the antimeridian', { geoPolygon: { p: { points: [[0, 170], [0, -170], [9, 180]] } } }, { type: 'geoPolygon', field: 'p', points: [{ lat: 0, lon: 170 }, { lat: 0, lon: 190 }, { lat: 9, lon: 180 }] }],
    ['bool', { bool: { should: [{}], must_not: [{ nothing: 1 }] } }, { type: 'and', filters: [{ type: 'or', filters: [{ type: 'everything' }] }, { type: 'not', filter: { type: 'or', filters: [{ type: 'nothing' }] } }] }],
    ['names that mean something elsewhere', JSON.parse('{"equals": {"__proto__": 1}}'), { type: 'equals', field: '__proto__', value: 1 }],
  ])('%s', (_, source, expected) => {
    expect(parseFilter(source)).toEqual(expected)
  })

  test('and no filter changes while it is read', () => {
    fc.assert(fc.property(filterSource, (source) => {
      const before = structuredClone(source)
      parseFilter(source)
      expect(source).toEqual(before)
    }))
  })

  test('into plain data that shares no object with the source', () => {
    const wanted = [{ b: 1 }]
    const filter = parseFilter({ match: { a: wanted } })
    wanted[0]!.b = 2
    expect(filter).toEqual({ type: 'match', field: 'a', value: [{ b: 1 }] })
  })

  test('and its conditions are counted, a list as one', () => {
    expect(countConditions(parseFilter({ and: [{ in: { a: [1, 2] } }, { not: { or: [{ exists: 'b' }, { exists: 'c' }] } }] }))).toBe(3)
  })
})

describe('a filter is refused', () => {
  test.each<[unknown, string]>([
    [{ equalz: {} }, '"equalz": unknown keyword'],
    [{ and: [{ exists: 'a' }, { not: { rnage: {} } }] }, '"and[1].not.rnage": unknown keyword'],
    [{ constructor: {} }, '"constructor": unknown keyword'],
    [JSON.parse('{"__proto__": {}}'), '"__proto__": unknown keyword'],
    [null, '"filter": must be an object'],
    [[], '"filter": must be an object'],
    ['x', '"filter": must be an object'],
    [{ equals: { a: 1 }, exists: 'b' }, '"filter": has 2 keywords (equals, exists), of which it can have only one'],
    [{ equals: {} }, '"equals": names no field'],
    [{ equals: { a: 1, b: 2 } }, '"equals": names 2 fields, of which it can test only one'],
    [{ equals: { '': 1 } }, '"equals.": must be a string that is not empty'],
    [{ missing: { field: `${'a.'.repeat(300)}["x"]` } }, '"missing.field": names a field by 600 characters, of which at most 500 are allowed'],
    [{ ['word'.repeat(100)]: {} }, `"${'word'.repeat(49)}wor…": unknown keyword`],
    [{ equals: { a: [1] } }, '"equals.a": must be a string, a number, a boolean or null'],
    [{ equals: { a: NaN } }, '"equals.a": must be a string, a number, a boolean or null'],
    [{ in: { a: [] } }, '"in.a": must not be empty'],
    [{ in: { a: 1 } }, '"in.a": must be an array'],
    [{ in: { a: [1, {}] } }, '"in.a[1]": must be a string, a number, a boolean or null'],
    [{ range: { a: {} } }, '"range.a": has no bound: needs at least one of gt, gte, lt, lte'],
    [{ range: { a: { gt: '1' } } }, '"range.a.gt": must be a number'],
    [{ range: { a: { gt: 1, gte: 1 } } }, '"range.a": has both "gt" and "gte"'],
    [{ range: { a: { lt: 1, lte: 1 } } }, '"range.a": has both "lt" and "lte"'],
    [{ range: { a: { gt: 2, lt: 1 } } }, '"range.a": leaves no number between its bounds'],
    [{ range: { a: { gt: 1, lte: 1 } } }, '"range.a": leaves no number between its bounds'],
    [{ range: { a: { from: 1 } } }, '"range.a.from": unknown property, known are gt, gte, lt, lte'],
    [{ exists: '' }, '"exists": must be a string that is not empty'],
    [{ exists: ['a'] }, '"exists": must be a string that is not empty'],
    [{ exists: { name: 'a' } }, '"exists.name": unknown property, known are field'],
    [{ exists: '[1]' }, '"exists": names no field before "["'],
    [{ exists: 'a[1' }, '"exists": has a "[" that no "]" closes at its end'],
    [{ missing: 'a[word]' }, '"missing": searches an array for [word], which is no scalar in JSON'],
    [{ missing: 'a[{}]' }, '"missing": searches an array for [{}], which is no scalar in JSON'],
    [{ ids: { values: [1] } }, '"ids.values[0]": must be a string that is not empty'],
    [{ regexp: { a: '(' } }, '"regexp.a": the pattern never closes the group that opens at 0'],
    [{ regexp: { a: '(?=x)' } }, '"regexp.a": the pattern uses a look-ahead at 0, which cannot be matched in linear time'],
    [{ regexp: { a: { value: 'x', flags: 'y' } } }, '"regexp.a.flags": must be made of the flags g, i, m, s, u'],
    [{ regexp: { a: 'x'.repeat(1001) } }, '"regexp.a": has a pattern of 1001 characters, of which at most 1000 are allowed'],
    [{ match: { a: undefined } }, '"match.a": must be a JSON value'],
    [{ match: { a: Array.from({ length: 1001 }, () => 1) } }, '"match.a": has more than 1000 values'],
    [{ select: { field: 'a', index: 0.5, query: {} } }, '"select.index": must be a whole number'],
    [{ select: { field: 'a', index: 0, query: { equals: {} } } }, '"select.query.equals": names no field'],
    [{ and: [] }, '"and": must not be empty'],
    [{ or: { exists: 'a' } }, '"or": must be an array'],
    [{ not: [] }, '"not": must be an object'],
    [{ bool: {} }, '"bool": needs at least one of must, must_not, should, should_not'],
    [{ bool: { shuold: [] } }, '"bool.shuold": unknown property, known are must, must_not, mustNot, should, should_not, shouldNot'],
    [{ geoDistance: { p: [0, 0] } }, '"geoDistance.distance": must be a distance: metres, or a number and a unit such as "1.5 km" or "300 ft"'],
    [{ geoDistance: { distance: 1 } }, '"geoDistance": names no field'],
    [{ geoDistanceRange: { p: [0, 0], from: 2, to: 1 } }, '"geoDistanceRange": leaves no distance between 2 m and 1 m'],
    [{ geoBoundingBox: { p: { top: 91, left: 0, bottom: 0, right: 0 } } }, '"geoBoundingBox.p.top": must lie within 90° of zero'],
    [{ geoBoundingBox: { p: { topLeft: [0, 0], bottom_right: [0, 0] } } }, '"geoBoundingBox.p.bottom_right": unknown property, known are topLeft, bottomRight'],
    [{ geoPolygon: { p: { points: [[0, 0], [1, 1], [0, 0]] } } }, '"geoPolygon.p": has fewer than three different corners'],
    [{ geoPolygon: { p: { points: [[80, 0], [80, 120], [80, -120]] } } }, '"geoPolygon.p": runs round a pole, so it has no inside'],
  ])('%j: %s', (source, message) => {
    expect(faultOf(source)).toMatchObject({ id: 'api.assert.koncorde_dsl_error', status: 400, message, props: [message] })
  })

  test.each<[unknown, string | undefined]>([
    [{ equalz: {} }, 'Did you mean "equals"?'], [{ and: [{ geodistance: {} }] }, 'Did you mean "geoDistance"?'], [{ range: { a: { gtt: 1 } } }, 'Did you mean "gt"?'],
    [{ somethingElse: {} }, undefined], [{ ['x'.repeat(1e6)]: {} }, undefined],
  ])('with the nearest word as a hint, if there is one', (source, hint) => {
    expect(faultOf(source).hint).toBe(hint)
  })

  test('when it is nested too deep, however deep', () => {
    let source: unknown = { exists: 'a' }
    for (let depth = 0; depth < 100_000; depth++) source = depth % 2 ? { not: source } : { and: [source] }
    expect(faultOf(source).message).toMatch(/is nested more than 64 deep$/)
  })

  test('when it has too many conditions or values', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ exists: 'a' }))
    expect(faultOf({ or: [{ and: many(500) }, { and: many(500) }] }).message).toBe('"or[1].and[497].exists": is one condition too many: at most 1000 are allowed')
    expect(faultOf({ and: many(10_001) }).message).toBe('"and": has 10001 entries, of which at most 10000 are allowed')
    expect(faultOf({ in: { a: many(10_001) } }).message).toBe('"in.a": has 10001 entries, of which at most 10000 are allowed')
  })

  test('or accepted, but whatever JSON it is made of it never fails otherwise', () => {
    const keywords = ['and', 'or', 'not', 'bool', 'must', 'equals', 'in', 'range', 'exists', 'ids', 'regexp', 'match', 'select', 'geoDistance', 'geoPolygon', 'points', 'value']
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 }, fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('a', 'a[1]', '(', '1 km', '1,2'),
        fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keywords), tie('value'), { maxKeys: 2 }),
      ),
    })).value
    fc.assert(fc.property(json, (source) => {
      try {
        parseFilter(source)
      } catch (error) {
        expect(error).toMatchObject({ id: 'api.assert.koncorde_dsl_error' })
      }
    }), { numRuns: 3000 })
  })
})
