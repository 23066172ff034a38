import { describe, expect, test } from '@jest/globals'
import { defaultServerConfig } from '../server-config.js'
import { addActionHeaders, AnswerHeaders, type HeaderList } from './answer-headers.js'
import type { Exchange } from './exchange.js'

const from = (origin?: string): Exchange =>
  ({ connection: { id: 'made by the host' }, message: { headers: origin === undefined ? {} : { origin } } }) as Exchange

/** Names and values in pairs, to be looked up. */
const pairsOf = (list: HeaderList): Record<string, unknown> =>
  Object.fromEntries(list.flatMap((name, index) => (index % 2 === 0 ? [[String(name), list[index + 1]]] : [])))

describe('headers of every answer', () => {
  const headers = new AnswerHeaders(defaultServerConfig.http)

  test('do not grow from one answer to the next', () => {
    const first = headers.of(from(), 'one')
    first.push('x-more', '1')
    expect(headers.of(from(), 'two')).toHaveLength(first.length - 2)
  })

  test('name the request', () => {
    expect(pairsOf(headers.of(from(), 'one'))['x-kuzzle-request-id']).toBe('one')
  })

  test.each([['a\r\nb', 'a??b'], ['é', '?'], ['\u0000', '?'], ['€uro', '?uro'], ['\ud800', '?']])('name a request called %j as %j', (id, shown) => {
    expect(pairsOf(headers.of(from(), id))['x-kuzzle-request-id']).toBe(shown)
  })

  test('speak of origins only to pages', () => {
    expect(pairsOf(headers.of(from(), 'one'))).not.toHaveProperty('access-control-allow-origin')
    expect(pairsOf(headers.of(from('http://page.example'), 'one'))).toMatchObject({ 'access-control-allow-origin': 'http://page.example', vary: 'Origin' })
  })

  test('tell caches that an origin matters even where it is refused', () => {
    const strict = new AnswerHeaders({ ...defaultServerConfig.http, accessControlAllowOrigin: ['http://mine.example'] })
    const refused = pairsOf(strict.of(from('http://page.example'), 'one'))
    expect(refused).toMatchObject({ vary: 'Origin' })
    expect(refused).not.toHaveProperty('access-control-allow-origin')
  })

  test('offer credentials only where cookies count', () => {
    expect(pairsOf(headers.of(from(), 'one'))['access-control-allow-credentials']).toBe('true')
    const without = new AnswerHeaders({ ...defaultServerConfig.http, cookieAuthentication: false })
    expect(pairsOf(without.of(from(), 'one'))).not.toHaveProperty('access-control-allow-credentials')
  })
})

describe('headers of an action', () => {
  const added = (headers: Record<string, string | string[]>): HeaderList => {
    const list: HeaderList = []
    addActionHeaders(list, headers)
    return list
  }

  test('are added, with JSON as the type unless it says another', () => {
    expect(added({})).toEqual(['content-type', 'application/json'])
    expect(added({ 'x-one': '1' })).toEqual(['x-one', '1', 'content-type', 'application/json'])
    expect(added({ 'content-type': 'text/csv' })).toEqual(['content-type', 'text/csv'])
  })

  test('leave the framing to the door', () => {
    expect(added({ 'content-length': '1', 'transfer-encoding': 'chunked' })).toEqual(['content-type', 'application/json'])
  })

  test('have a line for each cookie', () => {
    expect(added({ 'content-type': 'a/b', 'set-cookie': ['a=1', 'b=2'] })).toEqual(['content-type', 'a/b', 'set-cookie', 'a=1', 'set-cookie', 'b=2'])
  })
})
