import { describe, expect, test } from '@jest/globals'
import { parsePoint } from './parse-point.js'

const montpellier = { lat: 43.6021299, lon: 3.8989713 }

describe('a point', () => {
  test.each<[unknown]>([
    [[43.6021299, 3.8989713]], ['43.6021299, 3.8989713'], ['43.6021299,3.8989713'], [' +43.6021299 ,  3.8989713 '], [montpellier],
    [{ latLon: [43.6021299, 3.8989713] }], [{ latLon: montpellier }], [{ latLon: '43.6021299, 3.8989713' }], [{ lat_lon: montpellier }],
    [{ lat_lon: [43.6021299, 3.8989713] }], [{ lat_lon: '43.6021299, 3.8989713' }], [{ ...montpellier, altitude: 27 }],
  ])('is read from %j', (notation) => {
    expect(parsePoint(notation)).toEqual(montpellier)
  })

  test.each<[unknown, number, number]>([
    ['spfb09x0ud5s', 43.6021299, 3.8989713], [{ latLon: 'SPFB09X0UD5S' }, 43.6021299, 3.8989713], ['ezs42', 42.605, -5.603],
    ['u4pruydqqvj', 57.64911, 10.40744], ['s', 22.5, 22.5], ['7zzzzzzzzzzz', 0, 0],
  ])('is read from the geohash %j', (notation, lat, lon) => {
    expect(parsePoint(notation)!.lat).toBeCloseTo(lat, 3)
    expect(parsePoint(notation)!.lon).toBeCloseTo(lon, 3)
  })

  test.each([[[90, 180]], [[-90, -180]], [[0, -180]], ['90,180']])('may lie on the border of the map: %j', (notation) => {
    expect(parsePoint(notation)).toBeDefined()
  })

  test.each<[unknown]>([
    [undefined], [null], [0], [true], [''], ['a'], ['ailo'], ['1'.repeat(25)], [[1]], [[1, 2, 3]], [['1', '2']], ['1,'], [',1'], ['1,2,3'], ['0x1,2'], ['Infinity,1'],
    [{ lat: 1 }], [{ lon: 1 }], [{ lat: '1', lon: 2 }], [{ latLon: { latLon: [1, 2] } }], [{ latLon: null }], [[90.001, 0]], [[0, 180.001]], [[NaN, 0]], [[]],
    [Object.create({ lat: 1, lon: 2 })],
  ])('is not read from %j', (notation) => {
    expect(parsePoint(notation)).toBeUndefined()
  })
})
