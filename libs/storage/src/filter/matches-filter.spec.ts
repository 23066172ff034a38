import { describe, expect, test } from '@jest/globals'
import { matchesFilter, parseFilter } from './index.js'

type Row = [source: unknown, document: Record<string, unknown>, expected: boolean]

const grace = { firstName: 'Grace', lastName: 'Hopper', age: 85, hobbies: ['compiler', 'COBOL'], alive: false, home: { city: 'NYC', at: { lat: 40.7, lon: -74 } } }

describe.each<[string, Row[]]>([
  ['equals', [
    [{ equals: { firstName: 'Grace' } }, grace, true],
    [{ equals: { firstName: 'grace' } }, grace, false],
    [{ equals: { 'home.city': 'NYC' } }, grace, true],
    [{ equals: { alive: false } }, grace, true],
    [{ equals: { alive: 0 } }, grace, false],
    [{ equals: { age: '85' } }, grace, false],
    [{ equals: { hobbies: 'COBOL' } }, grace, false],
    [{ equals: { a: null } }, { a: null }, true],
    [{ equals: { a: null } }, {}, false],
    [{ equals: { a: 0 } }, { a: -0 }, true],
    [{ equals: { 'a.b': 1 } }, { 'a.b': 1 }, false],
    [{ equals: { 'a.0': 1 } }, { a: [1] }, false],
    [{ equals: { 'a.b': 1 } }, { a: null }, false],
    [{ equals: { 'a.length': 3 } }, { a: 'abc' }, false],
    [{ equals: { é: 'Ünï' } }, { é: 'Ünï' }, true],
    [{ equals: { é: 'e\u0301' } }, { é: 'é' }, false],
  ]],
  ['in', [
    [{ in: { firstName: ['Ada', 'Grace'] } }, grace, true],
    [{ in: { age: ['85'] } }, grace, false],
    [{ in: { a: [null] } }, {}, false],
    [{ in: { a: [1] } }, { a: [1] }, false],
  ]],
  ['exists', [
    [{ exists: 'alive' }, grace, true],
    [{ exists: 'home' }, grace, true],
    [{ exists: 'home.street' }, grace, false],
    [{ exists: 'a' }, { a: null }, true],
    [{ exists: 'a' }, { a: undefined }, false],
    [{ exists: 'a' }, { a: [] }, true],
    [{ exists: 'hobbies["COBOL"]' }, grace, true],
    [{ exists: 'hobbies["cobol"]' }, grace, false],
    [{ exists: 'firstName["Grace"]' }, grace, false],
    [{ exists: 'a[1]' }, { a: ['1'] }, false],
    [{ exists: 'a[null]' }, { a: [null] }, true],
    [{ exists: 'a[null]' }, { a: [] }, false],
    [{ exists: 'toString' }, {}, false],
  ]],
  ['missing', [
    [{ missing: 'age' }, grace, false],
    [{ missing: 'x.y.z' }, grace, true],
    [{ missing: 'hobbies["radium"]' }, grace, true],
    [{ missing: 'firstName["Grace"]' }, grace, true],
    [{ missing: 'none["Grace"]' }, grace, true],
  ]],
  ['range', [
    [{ range: { age: { lt: 85 } } }, grace, false],
    [{ range: { age: { lte: 85 } } }, grace, true],
    [{ range: { age: { gt: 85 } } }, grace, false],
    [{ range: { age: { gte: 85, lt: 85.1 } } }, grace, true],
    [{ range: { a: { gt: 1 } } }, { a: '2' }, false],
    [{ range: { a: { gt: -1 } } }, { a: null }, false],
    [{ range: { a: { gt: -1 } } }, { a: [0] }, false],
    [{ range: { a: { gt: -1 } } }, {}, false],
  ]],
  ['regexp', [
    [{ regexp: { firstName: { value: '^g\\w+', flags: 'i' } } }, grace, true],
    [{ regexp: { firstName: '^g\\w+' } }, grace, false],
    [{ regexp: { lastName: 'opp' } }, grace, true],
    [{ regexp: { age: '85' } }, grace, false],
    [{ regexp: { hobbies: 'COBOL' } }, grace, false],
  ]],
  ['match', [
    [{ match: { a: [1, 2, 3] } }, { a: [0, 1, 4, 2, 3] }, true],
    [{ match: { a: [1, 2, 3] } }, { a: [0, 0, 1, 2] }, false],
    [{ match: { a: { x: 5 } } }, { a: { x: 5, y: 8 } }, true],
    [{ match: { a: { x: 5 } } }, { a: { y: 5 } }, false],
    [{ match: { a: [{ x: 5 }, { z: 'ok', y: 8 }] } }, { a: [{ y: 8, z: 'ok' }, { x: 5, z: 'ko' }] }, true],
    [{ match: { a: [{ x: 5 }] } }, { a: [{ y: 5 }] }, false],
    [{ match: { a: {} } }, { a: [] }, false],
    [{ match: { a: {} } }, { a: { x: 1 } }, true],
    [{ match: { a: [] } }, { a: [1] }, true],
    [{ match: { a: [] } }, { a: {} }, false],
    [{ match: { a: null } }, {}, false],
    [{ match: { a: { 'x.y': 1 } } }, { a: { 'x.y': 1 } }, true],
  ]],
  ['select', [
    [{ select: { field: 'hobbies', index: -1, query: { equals: { value: 'COBOL' } } } }, grace, true],
    [{ select: { field: 'hobbies', index: 0, query: { equals: { value: 'COBOL' } } } }, grace, false],
    [{ select: { field: 'hobbies', index: 9, query: { missing: 'value' } } }, grace, false],
    [{ select: { field: 'a', index: 0, query: { equals: { 'value.b': 1 } } } }, { a: [{ b: 1 }] }, true],
    [{ select: { field: 'firstName', index: 0, query: {} } }, grace, false],
  ]],
  ['geo clauses', [
    [{ geoDistance: { 'home.at': '40.7,-74', distance: 0 } }, grace, true],
    [{ geoDistance: { p: [51.5029017, -0.1606903], distance: '10km' } }, { p: { lat: 51.519291, lon: -0.149817 } }, true],
    [{ geoDistance: { p: [51.5029017, -0.1606903], distance: '10km' } }, { p: '32.692742, -97.114127' }, false],
    [{ geoDistance: { p: [0, 179.99], distance: '5 km' } }, { p: [0, -179.99] }, true],
    [{ geoDistance: { p: [89.99, 0], distance: '5 km' } }, { p: { latLon: [89.99, 180] } }, true],
    [{ geoDistanceRange: { p: [51.5029017, -0.1606903], from: '1km', to: '10 kilometers' } }, { p: [51.519291, -0.149817] }, true],
    [{ geoDistanceRange: { p: [0, 0], from: 1, to: 2 } }, { p: [0, 0] }, false],
    [{ geoBoundingBox: { p: { top: 44, left: 3, bottom: 43, right: 4 } } }, { p: 'spfb09x0ud5s' }, true],
    [{ geoBoundingBox: { p: { top: 44, left: 3, bottom: 43, right: 4 } } }, { p: 'no geohash' }, false],
    [{ geoPolygon: { p: { points: [{ lat: 51.523029, lon: -0.160793 }, [51.522842, -0.145043], '51.518303, -0.146116', { latLon: { lat: 51.516487, lon: -0.162295 } }, 'gcpvh6uxh60x1'] } } }, { p: [51.519291, -0.149817] }, true],
    [{ not: { geoDistance: { p: [0, 0], distance: '1 km' } } }, { p: 'nowhere' }, true],
  ]],
  ['combinations', [
    [{ and: [{ exists: 'age' }, { missing: 'age' }] }, grace, false],
    [{ or: [{ exists: 'age' }, { missing: 'age' }] }, grace, true],
    [{ not: { equals: { 'x.y': 1 } } }, grace, true],
    [{ not: {} }, grace, false],
    [{ bool: { must: [{ exists: 'age' }], must_not: [{ exists: 'x' }, { equals: { age: 1 } }], should: [{ exists: 'x' }, { exists: 'alive' }] } }, grace, true],
    [{ bool: { must_not: [{ exists: 'x' }, { equals: { age: 85 } }] } }, grace, false],
    [{ bool: { should_not: [{ exists: 'x' }, { equals: { age: 85 } }] } }, grace, true],
    [{ bool: { shouldNot: [{ exists: 'age' }, { equals: { age: 85 } }] } }, grace, false],
    [{ nothing: {} }, grace, false],
    [{}, {}, true],
  ]],
])('%s', (_, rows) => {
  test.each(rows)('%j of %j is %j', (source, document, expected) => {
    expect(matchesFilter(parseFilter(source), document)).toBe(expected)
  })
})

test('ids looks at the id of the document, not at its content, and never holds of a message without one', () => {
  const filter = parseFilter({ ids: { values: ['x', 'y'] } })
  expect(matchesFilter(filter, {}, 'y')).toBe(true)
  expect(matchesFilter(filter, {}, 'z')).toBe(false)
  expect(matchesFilter(filter, { _id: 'x' })).toBe(false)
})
