import { describe, expect, test } from '@jest/globals'
import { parseDistance } from './parse-distance.js'

describe('a distance', () => {
  test.each<[unknown]>([
    [1000], ['1000'], ['1000 m'], ['1km'], ['1 KM'], ['1 kilometer'], ['0.001 Mm'], ['1000000mm'], ['3280.839895013123 ft'], ['3280.839895013123FT'],
    ['39370.078740157485 inches'], ['39370.078740157485 inch'], ['39370.078740157485 in'], ['1 093,6132983377079 yd'], ['1 000,0 metres'], ['0,001 megameters'],
  ])('of one kilometre is read from %j', (notation) => {
    expect(parseDistance(notation)).toBe(1000)
  })

  test.each<[unknown, number]>([
    ['192.3in', 4.88442], ['3 456,58 kilometers', 3_456_580], ['1 mile', 1609.344], ['2 mi', 3218.688], ['1 nautical mile', 1852], ['5nmi', 9260], ['3 feets', 0.9144],
    ['1 foot', 0.3048], ['0', 0], ['1,000 m', 1], ['1 µm', 0.000001], ['1 dam', 10], ['1 min', 0.000025],
  ])('%j is %d metres', (notation, metres) => {
    expect(parseDistance(notation)).toBe(metres)
  })

  test.each<[unknown]>([
    [undefined], [null], [{}], [[1]], [-1], ['-1 m'], [NaN], [Infinity], [''], ['km'], ['1 parsec'], ['1.2.3 m'], ['1,000.5 m'], ['1e3'], ['1 km/h'], ['1 toString'], ['1'.repeat(200)],
  ])('is not read from %j', (notation) => {
    expect(parseDistance(notation)).toBeUndefined()
  })
})
