import { describe, expect, test } from '@jest/globals'
import { isPattern, partsOf, patternsOf } from './event-pattern.js'

describe('patternsOf', () => {
  test('goes from the event itself to everything', () => {
    expect(patternsOf('document:beforeCreate')).toEqual(['document:beforeCreate', 'document:before*', 'document:*', '*:*'])
    expect(patternsOf('document:afterGet')).toEqual(['document:afterGet', 'document:after*', 'document:*', '*:*'])
    expect(patternsOf('server:errorNow')).toEqual(['server:errorNow', 'server:*', '*:*'])
  })

  test('takes everything before the last colon as the scope, and the first word as an older one', () => {
    expect(patternsOf('generic:document:beforeWrite'))
      .toEqual(['generic:document:beforeWrite', 'generic:document:before*', 'generic:document:*', 'generic:*', '*:*'])
  })

  test('names a plugin controller by its whole name', () => {
    expect(patternsOf('hello-world/hello:beforeSayHello')).toContain('hello-world/hello:before*')
  })
})

test('an event without a colon is its own scope', () => {
  expect(partsOf('odd')).toEqual({ scope: 'odd', firstScope: 'odd', name: '' })
})

test('only what ends in a star is a pattern', () => {
  expect(isPattern('document:*')).toBe(true)
  expect(isPattern('document:beforeCreate')).toBe(false)
})
