import { describe, expect, test } from '@jest/globals'
import { readTarget } from './request-target.js'

describe('the target of a request line', () => {
  test.each([
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a/b/', '/a/b'],
    ['//a///b//', '/a/b'],
    ['////', '/'],
    ['/a%20b/c%2Fd', '/a%20b/c%2Fd'],
    ['http://shop.example/a/b', '/a/b'],
    ['https://shop.example:7512', '/'],
    ['*', '/*'],
    ['', '/'],
    ['a/b', '/a/b'],
  ])('%j has the path %j', (url, path) => {
    expect(readTarget(url)).toEqual({ path, query: undefined })
  })

  test('the query string begins at the first question mark', () => {
    expect(readTarget('/a?b=1&c=?')).toEqual({ path: '/a', query: { b: '1', c: '?' } })
  })

  test('slashes in the query string are nobody\'s business', () => {
    expect(readTarget('/a/?next=//b//')).toEqual({ path: '/a', query: { next: '//b//' } })
  })

  test('an empty query string has no keys', () => {
    expect(readTarget('/a?')).toEqual({ path: '/a', query: {} })
  })

  test('the query string of a full URL is kept', () => {
    expect(readTarget('http://shop.example?a=1')).toEqual({ path: '/', query: { a: '1' } })
  })
})
