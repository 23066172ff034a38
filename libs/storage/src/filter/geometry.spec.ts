import { describe, expect, test } from '@jest/globals'
import fc from '../../../../test/support/property-testing.js'
import type { GeoFilter, Point } from './filter.js'
import { boxAround, distanceBetween, earthRadius, isInBox, isInPolygon, unrollRing } from './geometry.js'
import { matchesFilter } from './matches-filter.js'

const at = (lat: number, lon: number): Point => ({ lat, lon })
const anywhere = fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lon: fc.double({ min: -180, max: 180, noNaN: true }) })

describe('the distance between two points', () => {
  test.each<[string, Point, Point, number]>([
    ['Paris and London', at(48.8566, 2.3522), at(51.5074, -0.1278), 343_556],
    ['both sides of the antimeridian', at(0, 179.5), at(0, -179.5), 111_195],
    ['a pole and itself by another meridian', at(90, 0), at(90, 135), 0],
    ['the poles', at(90, 0), at(-90, 50), Math.PI * earthRadius],
    ['antipodes', at(0, 0), at(0, 180), Math.PI * earthRadius],
  ])('of %s', (_, one, other, metres) => {
    expect(Math.abs(distanceBetween(one, other) - metres)).toBeLessThan(1)
    expect(distanceBetween(other, one)).toBe(distanceBetween(one, other))
  })
})

describe('a box', () => {
  const pacific = { top: 10, bottom: -10, left: 170, right: -170 }

  test.each<[Point, boolean]>([[at(0, 175), true], [at(0, -175), true], [at(0, 180), true], [at(0, -180), true], [at(10, 170), true], [at(0, 169.9), false], [at(0, 0), false], [at(11, 180), false]])(
    'across the antimeridian: %j is inside: %j', (point, expected) => {
      expect(isInBox(pacific, point)).toBe(expected)
    })

  test('that ends at 180 has the points at −180 on its border', () => {
    expect(isInBox({ top: 1, bottom: -1, left: 170, right: 180 }, at(0, -180))).toBe(true)
    expect(isInBox({ top: 1, bottom: -1, left: -180, right: -170 }, at(0, 180))).toBe(true)
  })
})

describe('a polygon', () => {
  test.each<[string, Point[], Point, boolean]>([
    ['a corner', [at(0, 0), at(0, 10), at(10, 10)], at(0, 0), true],
    ['a side', [at(0, 0), at(0, 10), at(10, 10)], at(5, 5), true],
    ['the inside', [at(0, 0), at(0, 10), at(10, 10)], at(4, 5), true],
    ['the outside', [at(0, 0), at(0, 10), at(10, 10)], at(6, 5), false],
    ['the bay of a concave one', [at(0, 0), at(10, 0), at(2, 5), at(10, 10), at(0, 10)], at(8, 5), false],
    ['beyond 180°', [at(-10, 170), at(10, 170), at(10, -170), at(-10, -170)], at(0, 179), true],
    ['beyond −180°', [at(-10, 170), at(10, 170), at(10, -170), at(-10, -170)], at(0, -179), true],
    ['the other side of the world', [at(-10, 170), at(10, 170), at(10, -170), at(-10, -170)], at(0, 0), false],
  ])('%s', (_, corners, point, expected) => {
    expect(isInPolygon(unrollRing(corners)!, point)).toBe(expected)
  })

  test('that runs round a pole is none, and one that repeats its first corner is closed', () => {
    expect(unrollRing([at(80, 0), at(80, 120), at(80, -120)])).toBeUndefined()
    expect(unrollRing([at(0, 0), at(0, 1), at(1, 1), at(0, 0)])).toHaveLength(3)
  })
})

test('the box around a filter holds every point that the filter matches', () => {
  const filter = fc.oneof(
    fc.record({ center: anywhere, distance: fc.double({ min: 0, max: 2.1e7, noNaN: true }) }).map((circle): GeoFilter => ({ type: 'geoDistance', field: 'p', ...circle })),
    fc.array(anywhere, { minLength: 3, maxLength: 6 }).map(unrollRing).filter((ring) => ring !== undefined).map((points): GeoFilter => ({ type: 'geoPolygon', field: 'p', points })),
  )
  fc.assert(fc.property(filter, anywhere, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (geo, somewhere, isNear, fraction) => {
    const p = isNear && geo.type === 'geoDistance' ? at(Math.max(-90, Math.min(90, geo.center.lat + (fraction * geo.distance) / 111_195)), geo.center.lon) : somewhere
    if (matchesFilter(geo, { p })) expect(isInBox(boxAround(geo), p)).toBe(true)
  }), { numRuns: 5000 })
})
