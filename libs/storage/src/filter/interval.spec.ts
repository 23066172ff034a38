import { describe, expect, test } from '@jest/globals'
import fc from '../../../../test/support/property-testing.js'
import { intervalOf } from './interval.js'

const above = (value: number): number => intervalOf({ type: 'range', field: 'n', gt: value }).low

describe('the interval of a range', () => {
  test.each([
    [0, Number.MIN_VALUE], [-0, Number.MIN_VALUE], [1, 1 + Number.EPSILON], [-1, -1 + Number.EPSILON / 2], [-Number.MIN_VALUE, -0],
    [Number.MAX_VALUE, Infinity], [-Number.MAX_VALUE, -(Number.MAX_VALUE - 2 ** 970)], [2 ** 53, 2 ** 53 + 2], [2 ** -1022 - 2 ** -1074, 2 ** -1022],
    // The lower half of the bits is all ones, or all zeros.
    [1 + (2 ** 32 - 1) * Number.EPSILON, 1 + 2 ** 32 * Number.EPSILON], [-(1 + 2 ** 32 * Number.EPSILON), -(1 + (2 ** 32 - 1) * Number.EPSILON)],
  ])('begins right after what it must exceed: %j', (value, next) => {
    expect(above(value)).toBe(next)
    expect(intervalOf({ type: 'range', field: 'n', lt: -value }).high).toBe(-next)
  })

  test('holds every number but its open ends', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const next = above(value)
      expect(next > value).toBe(true)
      // No number lies between: the middle is one of the two.
      const middle = value / 2 + next / 2
      expect(!Number.isFinite(next) || middle <= value || middle >= next).toBe(true)
    }), { numRuns: 2000 })
  })
})
