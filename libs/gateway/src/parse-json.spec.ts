import { describe, expect, test } from '@jest/globals'
import { parseJson } from './parse-json.js'

describe('JSON of strangers', () => {
  test.each([
    ['{"a":1}', { a: 1 }],
    ['[1,"two",null]', [1, 'two', null]],
    ['null', null],
    ['"text"', 'text'],
    [' {"a" : { "b": [] } } ', { a: { b: [] } }],
  ])('%s is parsed as it stands', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  test.each(['', '{', '{"a":}', 'undefined', "{'a':1}", '{"a":1}x'])('%j is no JSON', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })

  test.each([
    '{"__proto__":{"polluted":true},"kept":1}',
    '{"\\u005f_proto__":{"polluted":true},"kept":1}',
    '{"\\u005F\\u005Fproto\\u005f_":{"polluted":true},"kept":1}',
    '{"__\\u0070roto__":{"polluted":true},"kept":1}',
    '{"__pr\\u006fto__":{"polluted":true},"kept":1}',
  ])('the key __proto__ is dropped however it is written: %s', (text) => {
    const value = parseJson(text) as object
    expect(Object.keys(value)).toEqual(['kept'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  test('the key __proto__ is dropped at any depth', () => {
    const value = parseJson('{"a":[{"b":{"__proto__":{"polluted":true},"c":1}}]}')
    expect(value).toEqual({ a: [{ b: { c: 1 } }] })
    expect(Object.assign({}, (value as { a: { b: object }[] }).a[0]?.b)).not.toHaveProperty('polluted')
  })

  test('the word __proto__ as a value stays', () => {
    expect(parseJson('{"word":"__proto__"}')).toEqual({ word: '__proto__' })
  })

  test('escapes that have nothing to hide are understood', () => {
    expect(parseJson('{"a\\u0020b":"\\u00e9"}')).toEqual({ 'a b': 'é' })
  })

  const nested = (depth: number, inner = ''): string => '['.repeat(depth) + inner + ']'.repeat(depth)

  test('a thousand levels of nesting are parsed, one more is refused', () => {
    let value = parseJson(nested(1000))
    let levels = 0
    for (; Array.isArray(value); value = value[0]) levels++
    expect(levels).toBe(1000)
    expect(() => parseJson(nested(1001))).toThrow(SyntaxError)
  })

  test.each([10_000, 100_000])('%i levels of objects and lists are refused, with or without the key __proto__', (depth) => {
    expect(() => parseJson(`${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`)).toThrow('nested deeper')
    expect(() => parseJson(nested(depth, '{"__proto__":1}'))).toThrow('nested deeper')
  })

  test('many objects beside each other are no depth, and neither are brackets in strings', () => {
    const flat = JSON.stringify(Array.from({ length: 5000 }, (_, n) => ({ n, text: '[{\\"['.repeat(3) })))
    expect(parseJson(flat)).toHaveLength(5000)
    expect(parseJson(JSON.stringify({ text: '['.repeat(5000) }))).toEqual({ text: '['.repeat(5000) })
  })
})
