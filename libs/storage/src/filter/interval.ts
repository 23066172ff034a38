import type { RangeFilter } from './filter.js'

/** Numbers from `low` to `high`, both included; none when `low > high`. */
export interface Interval { low: number; high: number }

/** The closed interval of the numbers in a range: "more than x" starts at the next number that a double can hold. */
export function intervalOf({ gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity }: RangeFilter): Interval {
  return { low: Math.max(nextUp(gt), gte), high: Math.min(-nextUp(-lt), lte) }
}

const number = new Float64Array(1)
const bits = new Uint32Array(number.buffer)
const [upper, lower] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [1, 0] : [0, 1]

/** The bits of doubles (IEEE 754), read as an integer, count up from zero and, for negative ones, down to it. */
function nextUp(value: number): number {
  if (!Number.isFinite(value)) return value
  if (value === 0) return Number.MIN_VALUE
  number[0] = value
  const before = bits[lower]!
  if (value > 0) {
    bits[lower] = before + 1
    if (before === 0xffff_ffff) bits[upper]!++
  } else {
    bits[lower] = before - 1
    if (before === 0) bits[upper]!--
  }
  return number[0]!
}
