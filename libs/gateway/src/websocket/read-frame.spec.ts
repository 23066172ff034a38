import { describe, expect, test } from '@jest/globals'
import { BadRequestError } from '@mortise/sdk'
import { failedRequest, isPing, parseFrame, readRequest, roomOf } from './read-frame.js'

const connection = { id: 'c', protocol: 'websocket', ips: ['127.0.0.1'], headers: { cookie: 'authToken=abc' } }
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

describe('reading a frame', () => {
  test('gives a request with everything that it says', () => {
    const request = readRequest({ controller: 'c', action: 'a', requestId: 'r', index: 'i', flag: false, list: [1], body: { k: 1 }, volatile: { v: 1 }, jwt: 't' }, connection)
    expect(request.id).toBe('r')
    expect(request.input).toMatchObject({
      controller: 'c', action: 'a', jwt: 't', body: { k: 1 }, volatile: { v: 1 }, args: { index: 'i', flag: false, list: [1], requestId: 'r' },
    })
  })

  test('shows where it came from', () => {
    expect(readRequest({}, connection).context.connection).toMatchObject({ id: 'c', protocol: 'websocket', ips: ['127.0.0.1'], misc: { headers: { cookie: 'authToken=abc' } } })
  })

  test('shares nothing between two requests of a socket', () => {
    const [one, two] = [readRequest({}, connection), readRequest({}, connection)]
    one.context.connection.protocol = 'changed'
    expect(two.context.connection.protocol).toBe('websocket')
    expect(one.id).not.toBe(two.id)
  })

  test.each([[null], [undefined], [1], ['x'], [[]], [true]])('%j is no request', (frame) => {
    expect(() => readRequest(frame, connection)).toThrow(BadRequestError)
  })

  test('that is no JSON is told with the reason', () => {
    expect(() => parseFrame('nope{')).toThrow('not valid JSON')
    expect(parseFrame('{"a":1}')).toEqual({ a: 1 })
  })
})

describe('pings of the protocol', () => {
  test.each([[{ p: 1 }, true], [{ p: 2 }, false], [{ p: '1' }, false], [{ p: 1, q: 1 }, false], [{}, false], [null, false], [[1], false], ['p', false]])('%j: %p', (frame, expected) => {
    expect(isPing(frame)).toBe(expected)
  })
})

describe('a frame that failed', () => {
  const error = new BadRequestError('no')

  test.each([[{ requestId: 'r' }, 'r', 'r'], [{ requestId: 12 }, 12, undefined]])('%j is answered under its id', (frame, id, room) => {
    expect(failedRequest(frame, error).id).toBe(id)
    expect(roomOf(frame)).toBe(room)
  })

  test.each([[{}], [{ requestId: null }], [{ requestId: {} }], [{ requestId: ['r'] }], [null], [[]], ['r'], [undefined]])('%j is answered under a fresh id, and no room', (frame) => {
    expect(failedRequest(frame, error).id).toMatch(UUID)
    expect(roomOf(frame)).toBeUndefined()
  })

  test('carries the error and nothing else', () => {
    const failed = failedRequest({ requestId: 'r', controller: 'c', action: 'a' }, error)
    expect(failed).toMatchObject({ status: 400, error, result: null })
    expect(failed.input).toMatchObject({ controller: null, action: null })
  })
})
