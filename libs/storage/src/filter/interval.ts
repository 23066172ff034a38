import type { RangeFilter } from './filter.js'

/** Numbers from `low` to `high`, both included; none when `low > high`. */
export interface Interval { low: number; high: number }

/** The closed interval of the numbers in a range: "more than x" starts at the next number that a double can hold. */
export function intervalOf({ gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity }: RangeFilter): Interval {
  return { low: Math.max(nextUp(gt), gte), high: Math.min(-nextUp(-lt), lte) }
}

const number = new Float64Array(1)
const bits = new BigInt64Array(number.buffer)

/** The bits of doubles (IEEE 754), read as an integer, count up from zero and, for negative ones, down to it. */
function nextUp(value: number): number {
  if (!Number.isFinite(value)) return value
  if (value === 0) return Number.MIN_VALUE
  number[0] = value
  bits[0]! += value > 0 ? 1n : -1n
  return number[0]!
}
