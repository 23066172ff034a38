import { describe, expect, test } from '@jest/globals'
import { BadRequestError } from '@mortise/sdk'
import { rawContent } from './raw-content.js'

describe('raw answers', () => {
  test.each([[null, ''], [undefined, ''], ['', ''], ['just text', 'just text'], [5, '5'], [0, '0'], [true, 'true'], [12n, '12']])('%p is sent as %j', (result, body) => {
    expect(rawContent(result)).toBe(body)
  })

  test('bytes are sent as they are', () => {
    expect(rawContent(Buffer.from([0, 255, 128]))).toEqual(Buffer.from([0, 255, 128]))
    expect(rawContent(new Uint8Array([1, 2, 3]).subarray(1))).toEqual(Buffer.from([2, 3]))
  })

  test('the JSON form of a buffer is sent as its bytes', () => {
    expect(rawContent(Buffer.from('abc').toJSON())).toEqual(Buffer.from('abc'))
  })

  test('objects and lists are sent as JSON', () => {
    expect(rawContent({ a: [1] })).toBe('{"a":[1]}')
    expect(rawContent([1, 2])).toBe('[1,2]')
    expect(rawContent({ type: 'Buffer' })).toBe('{"type":"Buffer"}')
  })

  test('errors in them show no stack', () => {
    expect(rawContent({ failure: new BadRequestError('no') })).toBe('{"failure":{"message":"no","status":400}}')
  })

  test('a circle cannot be sent', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(() => rawContent(circle)).toThrow(TypeError)
  })
})
