import { describe, expect, test } from '@jest/globals'
import { NotFoundError } from '../errors/index.js'
import { PENDING, Request } from './request.js'
import type { RequestData } from './request-input.js'

const http = { connection: { protocol: 'http', misc: { verb: 'POST', headers: {} } } }
const httpGet = { connection: { protocol: 'http', misc: { verb: 'GET' } } }
const request = (data: RequestData = {}, options = {}): Request => new Request(data, options)

describe('a new request', () => {
  test('puts known keys in their place, and the rest into the arguments', () => {
    const { input } = request({ requestId: 'r1', controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: 'o1', body: { a: 1 }, volatile: { b: 2 }, jwt: 't', refresh: true })
    expect(input).toMatchObject({ controller: 'document', action: 'get', jwt: 't', volatile: { b: 2 }, body: { a: 1 } })
    expect(input.args).toEqual({ requestId: 'r1', index: 'shop', collection: 'orders', _id: 'o1', refresh: true })
  })

  test('shows id, index and collection as a resource, which may be written to', () => {
    const { input } = request({ index: 'shop', _id: 'o1' })
    input.resource.index = 'other'
    expect([input.resource._id, input.resource.index, input.resource.collection, input.args.index]).toEqual(['o1', 'other', undefined, 'other'])
  })

  test('waits, has no result, and makes up an id of its own', () => {
    const { status, result, error, id } = request()
    expect({ status, result, error }).toEqual({ status: PENDING, result: null, error: null })
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    [{ requestId: 12 }, 'Attribute requestId must be of type "string"'],
    [{ controller: 1 }, 'Attribute controller must be of type "string"'],
    [{ action: {} }, 'Attribute action must be of type "string"'],
    [{ jwt: 1 }, 'Attribute jwt must be of type "string"'],
    [{ volatile: 'x' }, 'Attribute volatile must be of type "object"'],
    [{ volatile: [] }, 'Attribute volatile must be of type "object"'],
    [{ body: 'text' }, 'Attribute body must be of type "object" or "array"'],
  ])('refuses %j', (data, message) => {
    expect(() => request(data as never)).toThrow(expect.objectContaining({ status: 400, message }))
  })

  test('takes null for what may be left out', () => {
    expect(request({ jwt: null, volatile: null, body: null, controller: null, requestId: null }).input).toMatchObject({ jwt: null, volatile: null, body: null })
  })

  test('keeps its controller and action once they are set', () => {
    const { input } = request({ controller: 'document', action: 'get' })
    input.controller = 'security'
    input.action = 'deleteUser'
    expect([input.controller, input.action]).toEqual(['document', 'get'])
  })

  test('takes no harm from names of the prototype', () => {
    const data = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":"x","controller":"a"}') as RequestData
    const { input } = request(data)
    expect((input.args as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(Object.getPrototypeOf(input.args)).toBe(Object.prototype)
    expect(input.args.constructor).toBe('x')
  })

  test('is sealed, with all its parts', () => {
    const made = request()
    for (const part of [made, made.input, made.input.resource, made.context, made.context.connection, made.response]) {
      expect(() => Object.assign(part, { extra: 1 })).toThrow(TypeError)
    }
  })

  test('keeps what a door knows of the connection, flattened in JSON', () => {
    const { context, input } = request({}, { connection: { id: 'c1', protocol: 'http', ips: ['1.2.3.4'], headers: { origin: 'x' }, verb: 'GET' } })
    expect(context.connection).toMatchObject({ id: 'c1', protocol: 'http', ips: ['1.2.3.4'], misc: { headers: { origin: 'x' }, verb: 'GET' } })
    expect(input.headers).toEqual({ origin: 'x' })
    expect(context.toJSON()).toEqual({ connection: { id: 'c1', protocol: 'http', ips: ['1.2.3.4'], headers: { origin: 'x' }, verb: 'GET' }, token: null, user: null })
    expect([context.connectionId, context.protocol]).toEqual(['c1', 'http'])
  })
})

describe('an answer', () => {
  test('is a result with status 200 unless told otherwise', () => {
    const made = request()
    made.setResult({ a: 1 })
    expect([made.result, made.status]).toEqual([{ a: 1 }, 200])
    made.setResult('later', { status: 202, headers: { 'X-A': '1' }, raw: true })
    expect(made.response.toJSON()).toMatchObject({ raw: true, status: 202, content: 'later', headers: { 'x-a': '1' } })
  })

  test('may not be an error by way of the result', () => {
    expect(() => request().setResult(new Error('no'))).toThrow('setError')
  })

  test('of an error has its status, and wraps what is none of ours', () => {
    const made = request()
    made.setError(new NotFoundError('gone'))
    expect([made.status, made.error?.message]).toEqual([404, 'gone'])
    made.setError(new Error('plain'))
    expect([made.status, made.error?.message]).toEqual([500, 'plain'])
    made.clearError()
    expect([made.status, made.error]).toEqual([200, null])
  })

  test('tells an error in an envelope even when the result was to be raw', () => {
    const made = request({ requestId: 'r' })
    made.setResult('text', { raw: true })
    made.setError(new NotFoundError('gone'))
    expect(made.response.toJSON()).toMatchObject({ raw: false, status: 404, content: { requestId: 'r', status: 404 } })
  })

  test('has the envelope of the protocol', () => {
    const made = request({ requestId: 'r', controller: 'document', action: 'get', index: 'shop', collection: 'orders', volatile: { v: 1 } })
    made.setResult(undefined)
    made.response.setHeader('Set-Cookie', 'a=1')
    made.response.setHeader('X-B', '2')
    expect(JSON.parse(JSON.stringify(made.response.toJSON().content))).toEqual({
      requestId: 'r', status: 200, error: null, controller: 'document', action: 'get', index: 'shop', collection: 'orders', volatile: { v: 1 }, headers: { 'x-b': '2' },
    })
  })
})

describe('headers of an answer', () => {
  test('collect cookies, replace what stands once, and join the rest', () => {
    const { response } = request()
    response.setHeader('Set-Cookie', 'a=1')
    response.setHeader('set-cookie', ['b=2'])
    response.setHeaders({ 'Content-Type': 'text/a', 'X-List': '1' })
    response.setHeaders({ 'content-type': 'text/b', 'x-list': '2' })
    expect(response.headers).toEqual({ 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/b', 'x-list': '1, 2' })
  })

  test('are set only if missing when asked, found in any case, and removed', () => {
    const { response } = request()
    response.setHeader('ETag', 'one')
    response.setHeaders({ etag: 'two', age: '1' }, true)
    expect([response.getHeader('etag'), response.getHeader('AGE')]).toEqual(['one', '1'])
    response.removeHeader('Etag')
    expect(response.getHeader('etag')).toBeUndefined()
  })

  test('take no harm from names of the prototype', () => {
    const { response } = request()
    response.setHeader('constructor', 'x')
    expect(response.getHeader('constructor')).toBe('x')
  })
})

describe('getters', () => {
  const made = request({ n: '12', f: 1.5, s: 'text', list: [1], o: { a: { b: 'deep' } }, when: '2024-02-29', yes: true, 'a.b': 'flat', body: { title: 't', n: 3, list: [], o: {}, b: true } })

  test('read arguments of the right type', () => {
    expect(made.getInteger('n')).toBe(12)
    expect(made.getNumber('f')).toBe(1.5)
    expect(made.getString('s')).toBe('text')
    expect(made.getArray('list')).toEqual([1])
    expect(made.getObject('o')).toEqual({ a: { b: 'deep' } })
    expect(made.getString('o.a.b')).toBe('deep')
    expect(made.getString('a.b')).toBe('flat')
    expect(made.getDate('when').toISOString()).toBe('2024-02-29T00:00:00.000Z')
    expect(made.getBoolean('yes')).toBe(true)
    expect(made.getBoolean('absent')).toBe(false)
  })

  test('read the body', () => {
    expect([made.getBodyString('title'), made.getBodyInteger('n'), made.getBodyNumber('n'), made.getBodyBoolean('b'), made.getBodyBoolean('no')]).toEqual(['t', 3, 3, true, false])
    expect([made.getBodyArray('list'), made.getBodyObject('o')]).toEqual([[], {}])
  })

  test('give the default for what is missing, even when there is no body', () => {
    expect([made.getString('no', 'd'), made.getInteger('no', 0), made.getArray('no', []), request().getBodyString('x', 'd'), request().getBody({ d: 1 })]).toEqual(['d', 0, [], 'd', { d: 1 }])
  })

  test.each([
    ['a missing argument', () => made.getString('no'), 'api.assert.missing_argument', ['no']],
    ['a missing body field', () => made.getBodyString('no'), 'api.assert.missing_argument', ['body.no']],
    ['a missing body', () => request().getBodyString('no'), 'api.assert.body_required', []],
    ['a whole missing body', () => request().getBody(), 'api.assert.body_required', []],
    ['a text that is no number', () => made.getInteger('s'), 'api.assert.invalid_type', ['s', 'integer']],
    ['a fraction for an integer', () => made.getInteger('f'), 'api.assert.invalid_type', ['f', 'integer']],
    ['a number for a text', () => made.getBodyString('n'), 'api.assert.invalid_type', ['body.n', 'string']],
    ['a list for an object', () => made.getObject('list'), 'api.assert.invalid_type', ['list', 'object']],
    ['an object for a list', () => made.getArray('o'), 'api.assert.invalid_type', ['o', 'array']],
    ['a text for a boolean', () => made.getBoolean('s'), 'api.assert.invalid_type', ['s', 'boolean']],
    ['a day that no calendar has', () => request({ d: '2023-02-30' }).getDate('d', 'YYYY-MM-DD'), 'api.assert.invalid_type', ['d', expect.any(String)]],
    ['another language', () => request({ lang: 'sql' }).getLangParam(), 'api.assert.invalid_argument', ['lang', '"elasticsearch" or "koncorde"']],
    ['a missing id', () => request().getId(), 'api.assert.missing_argument', ['_id']],
    ['an id that is no text', () => request({ _id: 1 } as never).getId(), 'api.assert.invalid_type', ['_id', 'string']],
  ])('refuse %s by name', (_, read, id, props) => {
    expect(read).toThrow(expect.objectContaining({ status: 400, id, props }))
  })

  test('over HTTP take presence for true, and JSON text for lists and objects', () => {
    const web = request({ yes: '', no: 'false', list: '[1,2]', object: '{"a":1}' }, http)
    expect([web.getBoolean('yes'), web.getBoolean('no'), web.getBoolean('absent')]).toEqual([true, true, false])
    expect([web.getArray('list'), web.getObject('object')]).toEqual([[1, 2], { a: 1 }])
    expect(web.input.args.list).toEqual([1, 2])
    expect(() => request({ list: '[1]' }).getArray('list')).toThrow('list')
  })

  test('read lists of older clients', () => {
    expect(request({ ids: 'a,b' }).getArrayLegacy('ids')).toEqual(['a', 'b'])
    expect(request({ ids: '["a"]' }).getArrayLegacy('ids')).toEqual(['a'])
    expect(request({ ids: ['a'] }).getArrayLegacy('ids')).toEqual(['a'])
  })

  test('make an id when asked to', () => {
    expect(request().getId({ ifMissing: 'generate', generator: () => 'made' })).toBe('made')
    expect(request().getId({ ifMissing: 'ignore' })).toBeNull()
    expect(request({ _id: 'given' }).getId({ ifMissing: 'generate' })).toBe('given')
  })

  test.each([[undefined, 'false'], [false, 'false'], ['false', 'false'], [null, 'false'], ['', 'wait_for'], [true, 'wait_for'], ['wait_for', 'wait_for']])(
    'read refresh %j as %s', (refresh, expected) => expect(request(refresh === undefined ? {} : { refresh }).getRefresh()).toBe(expected))

  test('read a search from the body, over GET from an argument', () => {
    expect(request({ from: '2', size: '5', scroll: '1m', body: { query: { a: 1 } } }).getSearchParams()).toEqual({ from: 2, size: 5, scrollTTL: '1m', query: { a: 1 }, searchBody: { query: { a: 1 } } })
    expect(request({ searchBody: '{"query":{"b":2}}' }, httpGet).getSearchParams()).toMatchObject({ from: 0, size: 10, query: { b: 2 } })
    expect(request({ ids: '["a"]' }, httpGet).getArrayFromBodyOrArgs('ids')).toEqual(['a'])
    expect(request({ body: { ids: ['b'] } }, http).getArrayFromBodyOrArgs('ids')).toEqual(['b'])
  })

  test('know who asks', () => {
    const asked = request({}, { user: { _id: 'ann', profileIds: ['admin'] } })
    expect([asked.getKuid(), asked.userIsAdmin(), request().getKuid(), request().userIsAdmin()]).toEqual(['ann', true, null, false])
  })
})

test('serialize gives what is needed to build the same request again', () => {
  const made = request({ controller: 'a', action: 'b', x: 1, body: { c: 1 } }, { connection: { id: 'c' }, user: { _id: 'ann', profileIds: [] } })
  made.setResult('done')
  const { data, options } = JSON.parse(JSON.stringify(made.serialize())) as ReturnType<Request['serialize']>
  const copy = new Request(data, options)
  expect([copy.id, copy.timestamp, copy.input.args.x, copy.input.body, copy.getKuid(), copy.result, copy.status]).toEqual([made.id, made.timestamp, 1, { c: 1 }, 'ann', 'done', 200])
})
