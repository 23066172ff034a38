import { describe, expect, test } from '@jest/globals'
import { isInBox } from '@app/storage'
import fc from '../../../../test/support/property-testing.js'
import { GeoGrid } from './geo-grid.js'

const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, 0, 45, 90))
const longitude = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, -90, 0, 90, 180))
const corner = fc.record({ lat: latitude, lon: longitude })
const size = fc.constantFrom(0, 1e-7, 0.001, 0.1, 1, 30, 170)

const box = fc.tuple(corner, size, size).map(([{ lat, lon }, height, width]) => ({
  bottom: lat, top: Math.min(90, lat + height), left: lon, right: lon + width > 180 ? lon + width - 360 : lon + width,
}))

function found(grid: GeoGrid<object>, point: { lat: number; lon: number }): Set<object> {
  const members = new Set<object>()
  grid.visit(point, {}, (member) => members.add(member))
  return members
}

describe('a geo grid', () => {
  test('finds every box that contains a point, across the antimeridian and at the poles too', () => {
    fc.assert(fc.property(box, corner, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (one, elsewhere, across, up) => {
      const grid = new GeoGrid<object>()
      grid.add(one, one)
      const width = one.left <= one.right ? one.right - one.left : one.right - one.left + 360
      const lon = one.left + across * width
      const inside = { lat: one.bottom + up * (one.top - one.bottom), lon: lon > 180 ? lon - 360 : lon }
      for (const point of [inside, elsewhere, { lat: one.top, lon: one.right }, { lat: one.bottom, lon: one.left }]) {
        if (isInBox(one, point)) expect(found(grid, point)).toEqual(new Set([one]))
      }
      grid.remove(one, one)
      expect(grid.isEmpty).toBe(true)
    }), { numRuns: 5000 })
  })

  test('enters a box in at most four squares, so that far points do not find it', () => {
    const grid = new GeoGrid<object>()
    const paris = { bottom: 48.8, top: 48.9, left: 2.2, right: 2.4 }
    grid.add(paris, paris)
    expect(found(grid, { lat: 48.85, lon: 2.3 }).size).toBe(1)
    expect(found(grid, { lat: 47.2, lon: 2.3 }).size).toBe(0)
    expect(found(grid, { lat: 48.85, lon: -2.3 }).size).toBe(0)
    expect(grid.crowd(paris)).toBe(1)
  })
})
