import { describe, expect, test } from '@jest/globals'
import { createOriginRule } from './origin-rule.js'

describe('origins that may ask', () => {
  test('a star allows any', () => {
    const isAllowed = createOriginRule(['https://a.example', '*'])
    expect(isAllowed('https://anything.example')).toBe(true)
    expect(isAllowed('null')).toBe(true)
  })

  test('a list allows those it names, to the letter', () => {
    const isAllowed = createOriginRule(['https://a.example', 'http://localhost:8080'])
    expect(isAllowed('https://a.example')).toBe(true)
    expect(isAllowed('http://localhost:8080')).toBe(true)
    expect(isAllowed('http://a.example')).toBe(false)
    expect(isAllowed('https://a.example.evil.test')).toBe(false)
    expect(isAllowed('http://localhost')).toBe(false)
  })

  test('what stands between slashes is a pattern', () => {
    const isAllowed = createOriginRule(['/^https:\\/\\/[a-z]+\\.shop\\.example$/'])
    expect(isAllowed('https://eu.shop.example')).toBe(true)
    expect(isAllowed('https://shop.example')).toBe(false)
    expect(isAllowed('https://eu.shop.example.evil.test')).toBe(false)
  })

  test('an empty list allows nobody', () => {
    expect(createOriginRule([])('https://a.example')).toBe(false)
  })

  test('a pattern that is no regular expression is a fault at start-up', () => {
    expect(() => createOriginRule(['/(/'])).toThrow(SyntaxError)
  })

  test('a single slash is no pattern', () => {
    expect(createOriginRule(['/'])('https://a.example')).toBe(false)
  })
})
