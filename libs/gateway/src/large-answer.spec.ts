import { describe, expect, test } from '@jest/globals'
import { createError, Request } from '@mortise/sdk'
import { UnreadDocument } from '@app/storage'
import { writeEnvelope } from './envelope.js'
import { isLarge, writeLargeEnvelope } from './large-answer.js'

const options = { development: false, room: 'r1' }
const many = Array.from({ length: 2_000 }, (_, n) => n)

function answer(result: unknown): Request {
  const request = new Request({ requestId: 'r1', controller: 'document', action: 'search', index: 'i', collection: 'c' })
  request.setResult(result)
  return request
}

const inTurns = async (request: Request): Promise<unknown> => JSON.parse((await writeLargeEnvelope(request, options)).toString()) as unknown
const atOnce = (request: Request): unknown => JSON.parse(writeEnvelope(request, options)) as unknown

describe('an answer', () => {
  test.each<[string, unknown]>([
    ['a long list', many],
    ['a long list among others', { total: 2_000, hits: many.map((n) => ({ _id: `é${n}`, _source: { n } })), errors: [], none: undefined, act: () => 1 }],
    ['a long list deep within', { aggregations: { cities: { buckets: many.map((key) => ({ key })) } }, total: 1 }],
    ['a long list of what is no JSON', { list: many.map((n) => [undefined, Symbol('s'), () => n, NaN, new Date(n), { toJSON: () => n }][n % 6]) }],
    ['errors that hold their stack', { errors: many.map((n) => createError('services.storage.not_found', String(n), 'i', 'c')) }],
  ])('with %s is written as it is at once', async (_, result) => {
    expect(isLarge(answer(result))).toBe(true)
    expect(await inTurns(answer(result))).toEqual(atOnce(answer(result)))
  })

  test('with many documents that nobody looked into shows them as they were stored', async () => {
    const request = answer({ successes: many.map((n) => new UnreadDocument(String(n), `{"n":${n}}`, 1)) })
    expect(await inTurns(request)).toMatchObject({ result: { successes: many.map((n) => ({ _id: String(n), _source: { n }, _version: 1 })) } })
  })

  test('whose long list cannot be written says so, as any other', async () => {
    const request = (): Request => answer({ hits: [...many, 1n] })
    expect(await inTurns(request())).toMatchObject({ status: 500, error: { id: 'plugin.controller.unserializable_response' }, result: null })
    expect(await inTurns(request())).toEqual(atOnce(request()))
  })

  test.each<[string, unknown]>([
    ['nothing', null], ['one document', { _id: 'a', _source: { tags: [1, 2, 3] } }], ['an unread one', new UnreadDocument('a', '{}', 1)], ['a page', { hits: many.slice(0, 10) }],
    ['its own JSON', { list: many, toJSON: () => 'short' }],
  ])('with %s is not large', (_, result) => {
    expect(isLarge(answer(result))).toBe(false)
  })

  test('that takes long lets others have their turn', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await writeLargeEnvelope(answer({ hits: Array.from({ length: 100_000 }, (_, n) => ({ _id: `document ${n}`, _source: { text: 'x'.repeat(200) } })) }), options)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
  })
})
