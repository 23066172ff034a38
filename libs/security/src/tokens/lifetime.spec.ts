import { describe, expect, test } from '@jest/globals'
import { endOf, readLifetime } from './lifetime.js'

describe('a lifetime', () => {
  test.each([
    [1000, 1000], ['1000', 1000], ['1s', 1000], ['1h', 3_600_000], ['2 days', 172_800_000], ['1.5h', 5_400_000], [0.6, 1], [-1, -1], ['-1', -1],
  ])('%j is %j milliseconds', (given, expected) => {
    expect(readLifetime(given)).toBe(expected)
  })

  test.each([0, '0', -2, '-2', 0.4, 'soon', '', ' ', '1 fortnight', null, undefined, true, {}, [], ['1h'], Number.NaN, Number.POSITIVE_INFINITY, 1e300, '9'.repeat(50), 'x'.repeat(1000), '-1h'])('%p is none', (given) => {
    expect(() => readLifetime(given)).toThrow(expect.objectContaining({ id: 'security.token.invalid_expiration', status: 400 }))
  })

  test('may be no longer than allowed', () => {
    expect(readLifetime('1h', 3_600_000)).toBe(3_600_000)
    for (const given of ['61m', 3_600_001, -1]) {
      expect(() => readLifetime(given, 3_600_000)).toThrow(expect.objectContaining({ id: 'security.token.ttl_exceeded', status: 400 }))
    }
  })

  test('that is endless has no end', () => {
    expect(endOf(-1)).toBe(-1)
    expect(endOf(1000)).toBeGreaterThan(Date.now())
  })
})
