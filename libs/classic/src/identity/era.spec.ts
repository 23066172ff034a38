import { describe, expect, test } from '@jest/globals'
import { eraOf, isServed } from './era.js'

const signs = { range: undefined, hasManifest: true, isModern: false }

describe('the era of a classic plugin', () => {
  test.each([
    ['>=1.0.0 <2.0.0', 1],
    ['^1.2.x', 1],
    ['>=1.0.0 <3.0.0', 2],
    ['>=2.16.9 <3', 2],
  ])('of range %s is generation %i', (range, generation) => {
    expect(eraOf({ ...signs, range }).generation).toBe(generation)
  })

  test('of a manifest without a range is the first generation, unless the plugin is written for the second', () => {
    expect(eraOf(signs).generation).toBe(1)
    expect(eraOf({ ...signs, isModern: true }).generation).toBe(2)
  })

  test('is before 1.5 without a manifest, or with a range that ends there', () => {
    expect(eraOf({ ...signs, hasManifest: false }).isEarly).toBe(true)
    expect(eraOf({ ...signs, range: '~1.4.0' }).isEarly).toBe(true)
    expect(eraOf(signs).isEarly).toBe(false)
    expect(eraOf({ ...signs, hasManifest: false, isModern: true }).isEarly).toBe(false)
  })

  test.each([['>=2.0.0 <3.0.0-0', true], ['1.12.0', true], ['>=3.0.0', false], ['<1.0.0', false]])('a host range of %s is served: %s', (range, served) => {
    expect(isServed(range)).toBe(served)
  })
})
