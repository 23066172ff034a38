import { describe, expect, test } from '@jest/globals'
import { parseFields } from './parse-fields.js'

describe('fields of query strings and forms', () => {
  test.each([
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1&b=two', { a: '1', b: 'two' }],
    ['flag', { flag: '' }],
    ['flag=', { flag: '' }],
    ['=x', { '': 'x' }],
    ['a=1=2', { a: '1=2' }],
    ['&&a=1&', { a: '1' }],
    ['a+b=c+d', { 'a b': 'c d' }],
    ['a%20b=c%2Fd%26', { 'a b': 'c/d&' }],
    ['%C3%A9=%E2%82%AC', { é: '€' }],
    ['a=%2B', { a: '+' }],
  ])('%j', (text, fields) => {
    expect(parseFields(text)).toEqual(fields)
  })

  test('a repeated key has a list, in order', () => {
    expect(parseFields('list=a&x=1&list=b&list=c')).toEqual({ list: ['a', 'b', 'c'], x: '1' })
  })

  test('an empty value in a list counts', () => {
    expect(parseFields('a&a=1')).toEqual({ a: ['', '1'] })
  })

  test.each(['a=%', 'a=%zz', 'a=%E0%A4%A', '%=1'])('broken percent-encoding in %j is no reason to fail', (text) => {
    expect(Object.keys(parseFields(text))).toHaveLength(1)
  })

  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('%s is a key like any other', (key) => {
    expect(parseFields(`${key}=1`)).toEqual({ [key]: '1' })
    expect(parseFields(`${key}=1&${key}=2`)).toEqual({ [key]: ['1', '2'] })
  })

  test.each(['__proto__=1', '__proto__=1&__proto__=2', '__pro%74o__=1', '%5F_proto__[x]=1&__proto__=y'])('%j changes no prototype', (text) => {
    const fields = parseFields(text)
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
    expect(Object.hasOwn(fields, '__proto__')).toBe(false)
  })

  test('a megabyte of keys is parsed', () => {
    expect(parseFields('a=1&'.repeat(250_000)).a).toHaveLength(250_000)
  })
})
