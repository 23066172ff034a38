import { describe, expect, test } from '@jest/globals'
import { ApiError, BadRequestError, createError, PartialError, Request, type RequestData } from '@mortise/sdk'
import { UnreadDocument } from '@app/storage'
import { errorJson, writeEnvelope, writeError, writeJson } from './envelope.js'

const quiet = { development: false }

function request(data: RequestData = {}, result?: unknown): Request {
  const made = new Request({ requestId: 'r1', controller: 'shop', action: 'buy', ...data })
  if (result !== undefined) made.setResult(result)
  return made
}

const envelope = (of: Request, options: { development: boolean; room?: string } = quiet): Record<string, unknown> =>
  JSON.parse(writeEnvelope(of, options)) as Record<string, unknown>

describe('an envelope', () => {
  test('of a success has the result and no error', () => {
    expect(envelope(request({}, { paid: true }))).toEqual({
      requestId: 'r1', status: 200, error: null, controller: 'shop', action: 'buy', volatile: null, headers: {}, result: { paid: true },
    })
  })

  test('is what the request says of itself, to the key', () => {
    const asked = request({ index: 'i', collection: 'c', volatile: { a: 1 } }, [1, 2])
    asked.response.setHeader('X-One', '1')
    expect(envelope(asked)).toEqual(JSON.parse(JSON.stringify(asked.response.toJSON().content)))
  })

  test('of a failure has the error and a null result', () => {
    const failed = request()
    failed.setError(createError('services.storage.not_found', 'x', 'i', 'c'))
    expect(envelope(failed)).toMatchObject({
      status: 404,
      result: null,
      error: { id: 'services.storage.not_found', status: 404, props: ['x', 'i', 'c'], code: 16842763 },
    })
  })

  test('leaves index, collection and room out unless there are some', () => {
    expect(Object.keys(envelope(request({}, 1)))).toEqual(['requestId', 'status', 'error', 'controller', 'action', 'volatile', 'headers', 'result'])
    expect(envelope(request({ index: 'i', collection: 'c' }, 1), { development: false, room: 'r1' })).toMatchObject({ index: 'i', collection: 'c', room: 'r1' })
  })

  test('leaves the result out when the action returned undefined', () => {
    const answered = request()
    answered.setResult(undefined)
    expect(envelope(answered)).not.toHaveProperty('result')
  })

  test.each([[null], [false], [0], [''], ['text'], [[]], [{}]])('keeps the result %j', (result) => {
    const answered = request()
    answered.setResult(result)
    expect(envelope(answered).result).toEqual(result)
  })

  test('of a document that nobody looked into has its text as it was stored', () => {
    const stored = '{"at":1.50,"city":"Hue"}'
    expect(writeEnvelope(request({}, new UnreadDocument('o1', stored, 2)), quiet)).toContain(`"result":{"_id":"o1","_source":${stored},"_version":2}`)
  })

  test('of a document has what plugins changed in it, added to it and took from it', () => {
    const [changed, extended, bare] = [1, 2, 3].map(() => new UnreadDocument('o1', '{"city":"Hue"}', 2)) as [UnreadDocument, UnreadDocument, Partial<UnreadDocument>]
    changed._source.city = 'Hanoi'
    Object.assign(extended, { 'distance "km"': 3, gone: undefined, fault: new Error('far') })
    delete bare._source
    expect(envelope(request({}, changed)).result).toEqual({ _id: 'o1', _source: { city: 'Hanoi' }, _version: 2 })
    expect(envelope(request({}, extended)).result).toEqual({ _id: 'o1', _source: { city: 'Hue' }, _version: 2, 'distance "km"': 3, fault: {} })
    expect(envelope(request({}, bare)).result).toEqual({ _id: 'o1', _version: 2 })
  })

  test('leaves the result out when it is no JSON at all, like a function', () => {
    const answered = request()
    answered.setResult(() => 1)
    expect(envelope(answered)).not.toHaveProperty('result')
  })

  test('has null for a controller and an action that were not given', () => {
    expect(envelope(new Request({ requestId: 'r' }))).toMatchObject({ controller: null, action: null })
  })

  test('escapes whatever a client wrote', () => {
    const nasty = 'a"b\\c\n\u2028</script>'
    const asked = new Request({ requestId: nasty, controller: nasty, action: nasty, index: nasty, volatile: { [nasty]: nasty } })
    asked.setResult({ [nasty]: nasty })
    expect(envelope(asked, { development: false, room: nasty })).toMatchObject({
      requestId: nasty, controller: nasty, action: nasty, index: nasty, volatile: { [nasty]: nasty }, result: { [nasty]: nasty }, room: nasty,
    })
  })

  test('shows an index that is no text as the client sent it', () => {
    expect(envelope(request({ index: 5 as unknown as string }, 1)).index).toBe(5)
  })

  test('shows headers of the action, cookies excepted', () => {
    const answered = request({}, 1)
    answered.response.setHeaders({ 'X-One': '1', 'Set-Cookie': 'token=secret' })
    expect(envelope(answered).headers).toEqual({ 'x-one': '1' })
  })

  test('has no headers when a cookie is all there is', () => {
    const answered = request({}, 1)
    answered.response.setHeader('Set-Cookie', 'token=secret')
    expect(envelope(answered).headers).toEqual({})
  })

  test('shows deprecations in development only', () => {
    const answered = request({}, 1)
    answered.addDeprecation('2.0', 'use buyAll')
    expect(envelope(answered)).not.toHaveProperty('deprecations')
    expect(envelope(answered, { development: true }).deprecations).toEqual([{ version: '2.0', message: 'use buyAll' }])
  })
})

describe('results that are no JSON', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  let deep: unknown[] = []
  for (let level = 0; level < 100_000; level++) deep = [deep]

  test.each([
    ['a circle', circle],
    ['a bigint', { amount: 1n }],
    ['nesting beyond the depth of the engine', deep],
    ['an object whose toJSON throws', { toJSON() { throw new Error('no') } }],
  ])('%s becomes an error that says so', (_title, result) => {
    const answered = request({}, result)
    expect(envelope(answered)).toMatchObject({ status: 500, result: null, error: { id: 'plugin.controller.unserializable_response' } })
    expect(answered.status).toBe(500)
    expect(answered.error?.message).toMatch(/^The answer of "[^"]+" cannot be written as JSON: [^\n]+\.\n/)
  })
})

describe('what plugins made no JSON of', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const said = { status: 500, result: null, controller: 'document', action: 'get', error: { id: 'plugin.controller.unserializable_response' } }

  test.each<[string, (request: Request) => void]>([
    ['volatile data', (made) => { made.input.volatile = circle }],
    ['an argument', (made) => { made.input.args.index = circle as never }],
    ['headers', (made) => { made.response.headers = { odd: circle as never } }],
  ])('%s, is left out of the envelope', (_title, spoil) => {
    const made = new Request({ controller: 'document', action: 'get', requestId: 'r1' })
    spoil(made)
    expect(envelope(made)).toMatchObject({ requestId: 'r1', ...said })
  })

  test('an error is told by message and status', () => {
    const failed = request()
    failed.setError(Object.assign(new ApiError('no', 418), { props: [1n, circle] }))
    expect(envelope(failed)).toMatchObject({ status: 418, result: null, error: { message: 'no', status: 418 } })
    expect(writeError(Object.assign(new ApiError('no', 418), { props: [1n, circle] }), false)).toBe('{"message":"no","status":418}')
  })
})

describe('stacks', () => {
  test('are not shown', () => {
    expect(errorJson(new BadRequestError('no'), false)).toEqual({ message: 'no', status: 400 })
    expect(writeError(new BadRequestError('no'), false)).toBe('{"message":"no","status":400}')
  })

  test('are shown in development', () => {
    expect(errorJson(new BadRequestError('no'), true).stack).toContain('envelope.spec')
    expect(writeError(new BadRequestError('no'), true)).toContain('envelope.spec')
  })

  test('are not shown of errors within errors', () => {
    const text = writeError(new PartialError('some', [new ApiError('one', 400), { document: { stack: 'of plates' } }]), false)
    expect(text).not.toContain('envelope.spec')
    expect(JSON.parse(text)).toMatchObject({ errors: [{ message: 'one', status: 400 }, { document: { stack: 'of plates' } }] })
  })

  test('are not shown of errors within results', () => {
    const answered = request({}, { failures: [new BadRequestError('no')], shelf: { stack: 'of plates' } })
    expect(envelope(answered).result).toEqual({ failures: [{ message: 'no', status: 400 }], shelf: { stack: 'of plates' } })
  })

  test('are a word like any other in documents', () => {
    expect(writeJson({ stack: [1, 2] })).toBe('{"stack":[1,2]}')
  })

  test('hints, places and causes stay with the host', () => {
    const error = new BadRequestError(new Error('inner')).with({ hint: 'do this', place: 'there' })
    expect(errorJson(error, false)).toEqual({ message: 'inner', status: 400 })
  })
})
