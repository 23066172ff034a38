import { describe, expect, test } from '@jest/globals'
import fc from '../../../../test/support/property-testing.js'
import { IntervalGrid } from './interval-grid.js'

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, -0, 2 ** 53, -(2 ** 53), 1e300, -1e300, 5e-324))
const interval = fc.oneof(
  fc.tuple(number, number).map(([one, other]) => ({ low: Math.min(one, other), high: Math.max(one, other) })),
  fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 9 })).map(([low, width]) => ({ low, high: low + width })),
).filter((each) => IntervalGrid.takes(each))

const create = () => new IntervalGrid<object>({ accepts: () => false, create: () => { throw new Error('nobody goes deeper') } })

function found(grid: IntervalGrid<object>, value: number): Set<object> {
  const members = new Set<object>()
  grid.visit(value, {}, (member) => members.add(member))
  return members
}

describe('an interval grid', () => {
  test('finds every interval that contains a number, however long or far out', () => {
    fc.assert(fc.property(fc.array(interval, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), number, (intervals, part, elsewhere) => {
      const grid = create()
      for (const each of intervals) grid.add(each, each)
      for (const value of [...intervals.flatMap(({ low, high }) => [low, high, low + (high - low) * part]), elsewhere]) {
        const members = found(grid, value)
        for (const each of intervals) if (each.low <= value && value <= each.high) expect(members.has(each)).toBe(true)
        expect(grid.crowd(value)).toBeGreaterThanOrEqual(members.size)
      }
      for (const each of intervals) grid.remove(each, each)
      expect(grid.isEmpty).toBe(true)
    }), { numRuns: 600 })
  })

  test('does not find those that are further away than they are long', () => {
    const grid = create()
    grid.add({ low: 100, high: 107 }, { name: 'short' })
    expect([found(grid, 104).size, found(grid, 80).size, found(grid, 130).size]).toEqual([1, 0, 0])
  })

  test.each([[{ low: -Infinity, high: 1 }], [{ low: 1, high: Infinity }], [{ low: 2, high: 1 }], [{ low: -1.7e308, high: 1.7e308 }]])('takes no interval without an end, or that holds nothing: %j', (each) => {
    expect(IntervalGrid.takes(each)).toBe(false)
  })
})
