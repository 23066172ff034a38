import { describe, expect, test } from '@jest/globals'
import { compareExchange } from './compare-exchange.js'

const answer = (body: unknown, status = 200) => ({ status, body })

describe('comparing an answer with a recorded one', () => {
  test('finds nothing where all is the same', () => {
    expect(compareExchange(answer({ result: [1, { a: null }] }), answer({ result: [1, { a: null }] }))).toEqual([])
  })

  test('names the path of what differs', () => {
    expect(compareExchange(answer({ result: { hits: [{ _id: 'a' }] } }), answer({ result: { hits: [{ _id: 'b' }] } })))
      .toEqual(['body.result.hits[0]._id is "b" instead of "a"'])
  })

  test('counts the status, an error\'s id and its code, but not its message', () => {
    const recorded = answer({ error: { id: 'a.b.c', code: 7, message: 'one' } }, 404)
    expect(compareExchange(recorded, answer({ error: { id: 'a.b.c', code: 7, message: 'other' } }, 404))).toEqual([])
    expect(compareExchange(recorded, answer({ error: { id: 'a.b.d', code: 8, message: 'one' } }, 400))).toHaveLength(3)
  })

  test('reports keys that are missing and keys that are new', () => {
    expect(compareExchange(answer({ a: 1, b: 2 }), answer({ a: 1, c: 3 }))).toEqual(['body.b is missing', 'body.c is new'])
  })

  test('takes an undefined member for a missing one, as JSON does', () => {
    expect(compareExchange(answer({ a: 1 }), answer({ a: 1, b: undefined }))).toEqual([])
  })

  test.each([
    ['<uuid>', '6a0bd4d8-0f6b-4c2e-9d56-8c3f5a1b7e20', 'nope'],
    ['<ms since epoch>', 1_795_257_054_094, 12],
    ['kauth-<jwt>', 'kauth-a.b.c', 'a.b.c'],
    ['<auto id>', 'Q_EsHmRQAtJVlemQxaDF', 4],
    ['<scrollId>', 'x', ''],
  ])('reads the placeholder %s', (placeholder, good, bad) => {
    expect(compareExchange(answer(placeholder), answer(good))).toEqual([])
    expect(compareExchange(answer(placeholder), answer(bad))).toHaveLength(1)
  })

  test('compares only the keys of a body that was cut', () => {
    const cut = answer({ '<cut>': 59_533, keys: ['result', 'status'], head: '{' })
    expect(compareExchange(cut, answer({ result: { anything: true }, status: 200 }))).toEqual([])
    expect(compareExchange(cut, answer({ status: 200 }))).toEqual(['body.result is missing'])
  })

  test('leaves out which documents are shown when only the shape counts', () => {
    const recorded = answer({ hits: [{ _id: 'a', _source: { a: 1 } }], total: 1 })
    expect(compareExchange(recorded, answer({ hits: [{ _id: 'b', _source: { b: 1 } }], total: 2 }), 'shape')).toEqual([])
    expect(compareExchange(recorded, answer({ hits: [{ _source: {} }], total: 1 }), 'shape')).toEqual(['body.hits[0]._id is missing'])
  })

  test('compares texts to the letter', () => {
    expect(compareExchange({ status: 200, text: 'just text' }, { status: 200, text: 'just' })).toHaveLength(1)
  })
})
