import { once } from 'node:events'
import { createConnection } from 'node:net'
import { Readable } from 'node:stream'
import { gunzipSync, inflateSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ForbiddenError, type Request } from '@mortise/sdk'
import { defineAction, defineController, exchangeBytes, startDoors, type Doors } from '../../../../test/support/start-doors.js'

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

const echo = (request: Request): unknown => ({
  args: request.input.args,
  body: request.input.body,
  volatile: request.input.volatile,
  jwt: request.input.jwt,
  protocol: request.context.connection.protocol,
  ips: request.context.connection.ips,
})

const sample = defineController(
  'sample',
  defineAction('echo', echo, 'GET /_/sample/echo/:name', 'POST /_/sample/echo/:name', 'DELETE /_/sample/echo/:name', 'PUT /_/sample/echo/:name', 'PATCH /_/sample/echo/:name'),
  defineAction('info', () => ({ name: 'root' }), 'GET /'),
  defineAction('nothing', () => undefined, 'GET /_/sample/nothing'),
  defineAction('native', () => { throw new Error('plain failure') }, 'GET /_/sample/native'),
  defineAction('forbidden', () => { throw new ForbiddenError('not today') }, 'GET /_/sample/forbidden'),
  defineAction('status', (request) => {
    request.response.configure({ status: 206, headers: { 'X-Sample': 'yes' } })
    return { partial: true }
  }, 'GET /_/sample/status'),
  defineAction('raw', (request) => {
    request.response.configure({ format: 'raw', headers: { 'Content-Type': 'text/plain' } })
    return 'just text'
  }, 'GET /_/sample/raw'),
  defineAction('rawWith', (request) => {
    request.response.configure({ format: 'raw' })
    return { buffer: Buffer.from([1, 2, 255]), object: { a: 1 }, empty: null, circle: circle() }[request.getString('what')]
  }, 'GET /_/sample/rawWith'),
  defineAction('cookies', (request) => {
    request.response.setHeader('Set-Cookie', ['a=1; HttpOnly', 'b=2'])
    return null
  }, 'GET /_/sample/cookies'),
  defineAction('header', (request) => {
    request.response.setHeader(request.getString('header'), request.getString('value'))
    return 'sent'
  }, 'POST /_/sample/header'),
  defineAction('large', () => ({ text: 'x'.repeat(100_000) }), 'GET /_/sample/large'),
  defineAction('strangeStatus', (request) => request.response.configure({ status: Number(request.getString('status')) }), 'GET /_/sample/strangeStatus'),
  defineAction('hello', () => 'unseen', 'GET /_/sample/hello'),
)

function circle(): object {
  const made: Record<string, unknown> = {}
  made.self = made
  return made
}

interface Answer {
  status: number
  headers: Headers
  text: string
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
  body: any
}

async function ask(doors: Doors, method: string, path: string, options: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(doors.url + path, { method, ...options })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') && text !== ''
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

const json = (body: string | object, headers: Record<string, string> = {}): RequestInit =>
  ({ body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })

const withType = (type: string, body: string): RequestInit => ({ body, headers: { 'content-type': type } })

let doors: Doors
beforeAll(async () => { doors = await startDoors({ plugins: [sample] }) })
afterAll(() => doors.close())

describe('an answer over HTTP', () => {
  test('is the envelope, to the key', async () => {
    const { status, body } = await ask(doors, 'GET', '/_/sample/echo/Ann?x=1')
    expect(status).toBe(200)
    expect(body).toEqual({
      requestId: expect.stringMatching(UUID), status: 200, error: null, controller: 'sample', action: 'echo', volatile: null, headers: {},
      result: { args: { requestId: body.requestId, x: '1', name: 'Ann' }, body: null, volatile: null, jwt: null, protocol: 'http', ips: ['127.0.0.1'] },
    })
  })

  test('carries the headers of the protocol', async () => {
    const { headers, body } = await ask(doors, 'GET', '/_/sample/echo/Ann')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD',
      'access-control-allow-headers': 'Content-Type, Access-Control-Allow-Headers, Authorization, X-Requested-With, Content-Encoding, Content-Length, X-Kuzzle-Volatile',
      'access-control-allow-credentials': 'true',
      'accept-encoding': 'gzip,deflate,identity',
      'x-kuzzle-request-id': body.requestId as string,
    })
    expect(headers.has('access-control-allow-origin')).toBe(false)
    expect(headers.has('vary')).toBe(false)
  })

  test('has the status, headers and partial result that the action chose', async () => {
    const { status, headers, body } = await ask(doors, 'GET', '/_/sample/status')
    expect(status).toBe(206)
    expect(headers.get('x-sample')).toBe('yes')
    expect(body).toMatchObject({ status: 206, headers: { 'x-sample': 'yes' }, result: { partial: true } })
  })

  test('has no result when the action returned nothing', async () => {
    const { status, body } = await ask(doors, 'GET', '/_/sample/nothing')
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('result')
  })

  test('is laid out for people with ?pretty', async () => {
    const { text, body } = await ask(doors, 'GET', '/_/sample/echo/Ann?pretty')
    expect(text).toBe(JSON.stringify(body, null, 2))
    expect((await ask(doors, 'GET', '/nope?pretty=true')).text).toContain('\n  "error": {')
  })

  test('to an error of the plugin has its status, and no stack', async () => {
    const forbidden = await ask(doors, 'GET', '/_/sample/forbidden')
    expect(forbidden).toMatchObject({ status: 403, body: { status: 403, error: { message: 'not today', status: 403 }, result: null } })
    expect(forbidden.text).not.toContain('stack')
  })

  test('to a foreign error names the plugin', async () => {
    const { status, body, text } = await ask(doors, 'GET', '/_/sample/native')
    expect(status).toBe(500)
    expect(body.error).toMatchObject({ id: 'plugin.runtime.unexpected_error', props: ['plain failure'], message: expect.stringContaining('"sample"') })
    expect(text).not.toContain('stack')
  })

  test('sends each cookie on a line of its own, and none in the envelope', async () => {
    const { headers, body } = await ask(doors, 'GET', '/_/sample/cookies')
    expect(headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2'])
    expect(body.headers).toEqual({})
  })

  test.each([['99'], ['600'], ['1000'], ['NaN'], ['200.5']])('with a status of %s, which HTTP has not, is a 500', async (given) => {
    expect(await ask(doors, 'GET', `/_/sample/strangeStatus?status=${given}`)).toMatchObject({ status: 500, body: { status: 500 } })
  })

  test('with a header that HTTP cannot carry is an error, and the door goes on', async () => {
    const broken = await ask(doors, 'POST', '/_/sample/header?header=x-note&value=a%0Db')
    expect(broken).toMatchObject({ status: 500, body: { id: 'plugin.runtime.unexpected_error' } })
    expect((await ask(doors, 'POST', '/_/sample/header?header=x-note&value=fine')).headers.get('x-note')).toBe('fine')
  })

  test.each(['content-length', 'Transfer-Encoding'])('is framed by the door, whatever %s an action sets', async (header) => {
    const { status, body } = await ask(doors, 'POST', `/_/sample/header?header=${header}&value=3`)
    expect(status).toBe(200)
    expect(body.result).toBe('sent')
  })
})

describe('raw answers', () => {
  test('are sent as they are, with the content type of the action', async () => {
    const { text, headers } = await ask(doors, 'GET', '/_/sample/raw')
    expect(text).toBe('just text')
    expect(headers.get('content-type')).toBe('text/plain')
  })

  test('may be bytes', async () => {
    const answer = await fetch(`${doors.url}/_/sample/rawWith?what=buffer`)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([1, 2, 255]))
  })

  test('may be JSON or nothing', async () => {
    expect((await ask(doors, 'GET', '/_/sample/rawWith?what=object')).body).toEqual({ a: 1 })
    const empty = await ask(doors, 'GET', '/_/sample/rawWith?what=empty')
    expect(empty).toMatchObject({ status: 200, text: '' })
    expect(empty.headers.get('content-length')).toBe('0')
  })

  test('that are no JSON are an error in an envelope', async () => {
    expect(await ask(doors, 'GET', '/_/sample/rawWith?what=circle')).toMatchObject({
      status: 500, body: { status: 500, error: { id: 'plugin.controller.unserializable_response' } },
    })
  })
})

describe('where values come from', () => {
  test('query strings are texts, repeated keys lists, keys alone empty texts', async () => {
    const { body } = await ask(doors, 'POST', '/_/sample/echo/Ann?x=1&flag&list=a&list=b', json({ k: 'v' }))
    expect(body.result).toMatchObject({ args: { x: '1', flag: '', list: ['a', 'b'], name: 'Ann' }, body: { k: 'v' } })
  })

  test('the path wins over the query string', async () => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann?name=Bob')).body.result.args.name).toBe('Ann')
  })

  test('parameters of the path are decoded', async () => {
    expect((await ask(doors, 'GET', '/_/sample/echo/a%20b%2Fc')).body.result.args.name).toBe('a b/c')
  })

  test('doubled and trailing slashes mean nothing', async () => {
    expect((await ask(doors, 'GET', '//_///sample//echo/Ann/')).body.result.args.name).toBe('Ann')
  })

  test('keys of the body are never arguments', async () => {
    expect((await ask(doors, 'POST', '/_/sample/echo/Ann', json({ name: 'Bob', other: 1 }))).body.result.args).toEqual({ requestId: expect.any(String), name: 'Ann' })
  })

  test('the query string may name another action than the route', async () => {
    expect((await ask(doors, 'GET', '/_/sample/hello?controller=sample&action=echo')).body).toMatchObject({ action: 'echo', result: { protocol: 'http' } })
  })

  test('an action that the query string names and nobody has is not found', async () => {
    expect(await ask(doors, 'GET', '/_/sample/hello?controller=nope&action=x')).toMatchObject({
      status: 404, body: { controller: 'nope', action: 'x', error: { id: 'api.process.controller_not_found' } },
    })
    expect((await ask(doors, 'GET', '/_/sample/hello?action=helo')).body.error).toMatchObject({
      id: 'api.process.action_not_found', message: expect.stringContaining('Did you mean "hello"?'),
    })
  })

  test('the request id of the header is echoed', async () => {
    const { headers, body } = await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { 'x-kuzzle-request-id': 'my-id' } })
    expect(body.requestId).toBe('my-id')
    expect(headers.get('x-kuzzle-request-id')).toBe('my-id')
  })

  test('the request id of the query string wins over it', async () => {
    const { headers, body } = await ask(doors, 'GET', '/_/sample/echo/Ann?requestId=other', { headers: { 'x-kuzzle-request-id': 'my-id' } })
    expect(body.requestId).toBe('other')
    expect(headers.get('x-kuzzle-request-id')).toBe('other')
  })

  test('a request id that HTTP cannot carry is made harmless in the headers', async () => {
    const { headers, body, status } = await ask(doors, 'GET', '/_/sample/echo/Ann?requestId=a%0D%0Ax-evil:%201')
    expect(status).toBe(200)
    expect(body.requestId).toBe('a\r\nx-evil: 1')
    expect(headers.has('x-evil')).toBe(false)
    expect(headers.get('x-kuzzle-request-id')).toBe('a??x-evil: 1')
  })

  test.each(['Bearer abc', 'bearer abc', 'BEARER  abc '])('the token of "%s" is the request\'s', async (authorization) => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { authorization } })).body.result.jwt).toBe('abc')
  })

  test('other kinds of authorization are nobody\'s token', async () => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { authorization: 'Basic abc' } })).body.result.jwt).toBeNull()
  })

  test('a token may stand in the query string; the header wins', async () => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann?jwt=fromQuery')).body.result.jwt).toBe('fromQuery')
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann?jwt=fromQuery', { headers: { authorization: 'Bearer fromHeader' } })).body.result.jwt).toBe('fromHeader')
  })

  test('volatile data of the header is echoed', async () => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { 'x-kuzzle-volatile': '{"a":1}' } })).body).toMatchObject({
      volatile: { a: 1 }, result: { volatile: { a: 1 } },
    })
  })

  test('volatile data that is no JSON is refused in an envelope', async () => {
    const { status, body } = await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { 'x-kuzzle-volatile': 'nope' } })
    expect(status).toBe(400)
    expect(body).toMatchObject({ controller: null, action: null, result: null, error: { id: 'network.http.volatile_parse_failed', code: 50397195 } })
  })

  test.each(['[1]', '5', '"text"'])('volatile data that is %s is of the wrong type', async (volatile) => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { 'x-kuzzle-volatile': volatile } })).body.error).toEqual({
      message: 'Attribute volatile must be of type "object"', status: 400,
    })
  })

  test.each(['volatile=x', 'body=x', 'requestId=a&requestId=b', 'controller=a&controller=b', 'jwt=a&jwt=b'])(
    'a known key of the wrong type, as in ?%s, is refused',
    async (query) => {
      const { status, body } = await ask(doors, 'GET', `/_/sample/echo/Ann?${query}`)
      expect(status).toBe(400)
      expect(body.error.message).toContain(`Attribute ${query.split('=')[0]} must be of type`)
    },
  )

  test('addresses that proxies passed on for follow the socket\'s own', async () => {
    expect((await ask(doors, 'GET', '/_/sample/echo/Ann', { headers: { 'x-forwarded-for': '10.0.0.1, 10.0.0.2' } })).body.result.ips).toEqual(['127.0.0.1', '10.0.0.1', '10.0.0.2'])
  })

  test('?__proto__ changes nothing', async () => {
    const { status, body } = await ask(doors, 'GET', '/_/sample/echo/Ann?__proto__=a&__proto__=b&constructor=c')
    expect(status).toBe(200)
    expect(body.result.args).toEqual({ requestId: expect.any(String), constructor: 'c', name: 'Ann' })
  })
})

describe('POST /_query', () => {
  test('runs the request in its body', async () => {
    const { body } = await ask(doors, 'POST', '/_query', json({ controller: 'sample', action: 'echo', name: 'Ann', flag: true, body: { k: 1 }, requestId: 'q1', volatile: { v: 1 } }))
    expect(body).toMatchObject({ requestId: 'q1', volatile: { v: 1 }, result: { args: { name: 'Ann', flag: true }, body: { k: 1 } } })
  })

  test('uses the token of the header unless the body has one', async () => {
    const query = { controller: 'sample', action: 'echo' }
    const headers = { authorization: 'Bearer fromHeader' }
    expect((await ask(doors, 'POST', '/_query', json(query, headers))).body.result.jwt).toBe('fromHeader')
    expect((await ask(doors, 'POST', '/_query', json({ ...query, jwt: 'own' }, headers))).body.result.jwt).toBe('own')
  })

  test.each([[{}], [{ controller: 'sample' }], [[]], ['null']])('%j lacks what a request needs', async (query) => {
    expect(await ask(doors, 'POST', '/_query', json(query))).toMatchObject({ status: 400, body: { error: { id: 'api.assert.missing_argument' } } })
  })

  test('without a body lacks it as well', async () => {
    expect(await ask(doors, 'POST', '/_query')).toMatchObject({ status: 400, body: { error: { id: 'api.assert.missing_argument', props: ['controller'] } } })
  })
})

describe('bodies', () => {
  test.each([['{"a":{"b":[1,null]}}', { a: { b: [1, null] } }], ['[1,2]', [1, 2]], ['null', null], ['{}', {}], [' {"a":1} ', { a: 1 }], ['{"é":"€"}', { é: '€' }]])(
    '%s reaches the action',
    async (body, value) => expect((await ask(doors, 'POST', '/_/sample/echo/x', json(body))).body.result.body).toEqual(value),
  )

  test.each(['DELETE', 'PUT', 'PATCH'])('%s may have one', async (verb) => {
    expect((await ask(doors, verb, '/_/sample/echo/x', json({ ids: ['a'] }))).body.result.body).toEqual({ ids: ['a'] })
  })

  test('GET may have one, although few clients can send it', async () => {
    const answer = await exchangeBytes(doors.port, 'GET /_/sample/echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{"a":1}')
    expect(answer).toContain('"body":{"a":1}')
  })

  test('an empty one is none, whatever its type', async () => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', json(''))).body.result.body).toBeNull()
    expect((await ask(doors, 'POST', '/_/sample/echo/x')).body.result.body).toBeNull()
  })

  test.each(['"text"', '5', 'true'])('%s, which is neither object nor list, is refused in an envelope', async (body) => {
    expect(await ask(doors, 'POST', '/_/sample/echo/x', json(body))).toMatchObject({
      status: 400, body: { controller: null, action: null, result: null, error: { message: 'Attribute body must be of type "object" or "array"', status: 400 } },
    })
  })

  test('one that is no JSON is refused by the bare error', async () => {
    const { status, body } = await ask(doors, 'POST', '/_/sample/echo/x', json('{"a":'))
    expect(status).toBe(400)
    expect(body).toEqual({ id: 'network.http.body_parse_failed', code: 50397196, status: 400, message: expect.stringContaining('{"a":'), props: ['{"a":'] })
  })

  test('of a long one that is no JSON only the beginning is repeated', async () => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', json(`{${'x'.repeat(10_000)}`))).text.length).toBeLessThan(1_000)
  })

  test('is judged before the URL', async () => {
    expect((await ask(doors, 'POST', '/nope/nope/nope', json('{"a":'))).body.id).toBe('network.http.body_parse_failed')
  })

  test('of an unknown type is refused by the bare error', async () => {
    expect(await ask(doors, 'POST', '/_/sample/echo/x', withType('text/weird', 'a=1'))).toMatchObject({
      status: 400, body: { id: 'network.http.unsupported_content', code: 50397192, props: ['text/weird'], status: 400 },
    })
  })

  test.each(['nope', '/', 'a/b/c; d', '; charset=utf-8'])('of the type "%s", which is none, is refused the same way', async (type) => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', withType(type, 'a=1'))).body.id).toBe('network.http.unsupported_content')
  })

  test('in another charset is refused', async () => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', withType('application/json; charset=latin1', '{}'))).body).toMatchObject({
      id: 'network.http.unsupported_charset', props: ['latin1'],
    })
  })

  test('that is a form has texts and lists', async () => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', withType('application/x-www-form-urlencoded', 'a=1&b=two&b=three&c'))).body.result.body).toEqual({
      a: '1', b: ['two', 'three'], c: '',
    })
  })

  test('may name __proto__ and harm nobody', async () => {
    const { body } = await ask(doors, 'POST', '/_/sample/echo/x', json('{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}},"constructor":{"prototype":{"polluted":1}}}'))
    expect(body.result.body).toEqual({ a: {}, constructor: { prototype: { polluted: 1 } } })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('of ten thousand levels is refused, and the door goes on', async () => {
    const depth = 10_000
    const { status } = await ask(doors, 'POST', '/_/sample/echo/x', json('['.repeat(depth) + ']'.repeat(depth)))
    expect(status).toBe(400)
    expect((await ask(doors, 'GET', '/_/sample/echo/x')).status).toBe(200)
  })

  test('of as many levels as fit into a megabyte gets an answer', async () => {
    const depth = 500_000
    const { status } = await ask(doors, 'POST', '/_/sample/echo/x', json('['.repeat(depth) + ']'.repeat(depth)))
    expect([200, 400, 500]).toContain(status)
    expect((await ask(doors, 'GET', '/_/sample/echo/x')).status).toBe(200)
  })
})

describe('bodies that are too large', () => {
  const MEGABYTE = 1024 * 1024
  const filled = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`

  test('a megabyte is not', async () => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', json(filled(MEGABYTE)))).status).toBe(200)
  })

  test.each([MEGABYTE + 1, 2 * MEGABYTE])('%d bytes are refused by the bare error', async (bytes) => {
    const { status, body } = await ask(doors, 'POST', '/_/sample/echo/x', json(filled(bytes)))
    expect(status).toBe(413)
    expect(body).toMatchObject({ id: 'network.http.request_too_large', code: 50397185, props: [], status: 413 })
  })

  test('are refused while they are read when their length was not told', async () => {
    const chunk = 'x'.repeat(65_536)
    const stream = Readable.from((function* () {
      for (let sent = 0; sent < 2 * MEGABYTE; sent += chunk.length) yield Buffer.from(chunk)
    })())
    const answer = await ask(doors, 'POST', '/_/sample/echo/x', { body: Readable.toWeb(stream) as ReadableStream, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit)
    expect(answer).toMatchObject({ status: 413, body: { id: 'network.http.request_too_large' } })
  })

  test('are refused by what they announce, before they are sent', async () => {
    const answer = await exchangeBytes(doors.port, `POST /_/sample/echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: ${10 * MEGABYTE}\r\n\r\n`, (text) => text.includes('request_too_large'))
    expect(answer).toMatch(/^HTTP\/1\.1 413/)
  })

  test('the connection serves further requests afterwards', async () => {
    const large = 'x'.repeat(1_200_000)
    const answer = await exchangeBytes(
      doors.port,
      `POST /_/sample/echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: ${large.length}\r\n\r\n${large}GET /_/sample/echo/next HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    )
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  test('the limit is the configuration\'s', async () => {
    const small = await startDoors({ plugins: [sample], maxRequestSize: 100 })
    expect((await ask(small, 'POST', '/_/sample/echo/x', json(filled(100)))).status).toBe(200)
    expect((await ask(small, 'POST', '/_/sample/echo/x', json(filled(101)))).status).toBe(413)
    await small.close()
  })
})

describe('compressed bodies', () => {
  const compressed = (encoding: string, body: Buffer): RequestInit => ({ body: new Uint8Array(body), headers: { 'content-type': 'application/json', 'content-encoding': encoding } })
  const plain = Buffer.from('{"a":1}')

  test.each([
    ['gzip', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['identity', plain],
    ['gzip, deflate', deflateSync(gzipSync(plain))],
    ['gzip, identity, gzip', gzipSync(gzipSync(plain))],
  ])('%s is taken off', async (encoding, body) => {
    expect((await ask(doors, 'POST', '/_/sample/echo/x', compressed(encoding, body))).body.result.body).toEqual({ a: 1 })
  })

  test('four layers are too many', async () => {
    expect(await ask(doors, 'POST', '/_/sample/echo/x', compressed('gzip, gzip, gzip, gzip', plain))).toMatchObject({ status: 400, body: { id: 'network.http.too_many_encodings' } })
  })

  test.each(['br', 'zstd', 'nope'])('%s is not understood', async (encoding) => {
    expect(await ask(doors, 'POST', '/_/sample/echo/x', compressed(encoding, plain))).toMatchObject({ status: 400, body: { id: 'network.http.unsupported_compression', props: [encoding] } })
  })

  test('bytes that are not compressed at all are refused', async () => {
    expect(await ask(doors, 'POST', '/_/sample/echo/x', compressed('gzip', plain))).toMatchObject({ status: 400, body: { id: 'network.http.unexpected_error' } })
  })

  test('half of a compressed body is refused', async () => {
    const half = gzipSync(Buffer.alloc(10_000, 'x')).subarray(0, 20)
    expect(await ask(doors, 'POST', '/_/sample/echo/x', compressed('gzip', half))).toMatchObject({ status: 400, body: { id: 'network.http.unexpected_error' } })
  })

  test('a small body that unpacks to a hundred megabytes is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(1024 * 1024)
    expect(await ask(doors, 'POST', '/_/sample/echo/x', compressed('gzip', bomb))).toMatchObject({ status: 413, body: { id: 'network.http.request_too_large' } })
  })

  test('a bomb within a bomb is refused', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(100 * 1024 * 1024)))
    expect(await ask(doors, 'POST', '/_/sample/echo/x', compressed('gzip, gzip', bomb))).toMatchObject({ status: 413, body: { id: 'network.http.request_too_large' } })
  })
})

describe('forms with files', () => {
  test('have texts as texts and files as base64', async () => {
    const form = new FormData()
    form.append('title', 'A cat')
    form.append('photo', new Blob([new Uint8Array([1, 2, 255])], { type: 'image/png' }), 'cat.png')
    expect((await ask(doors, 'POST', '/_/sample/echo/x', { body: form })).body.result.body).toEqual({
      title: 'A cat', photo: { filename: 'cat.png', encoding: 'image/png', file: Buffer.from([1, 2, 255]).toString('base64') },
    })
  })

  test('have a list where a name stands twice', async () => {
    const form = new FormData()
    form.append('tag', 'a')
    form.append('tag', 'b')
    expect((await ask(doors, 'POST', '/_/sample/echo/x', { body: form })).body.result.body).toEqual({ tag: ['a', 'b'] })
  })

  test('may name __proto__ and harm nobody', async () => {
    const form = new FormData()
    form.append('__proto__', 'x')
    form.append('a', '1')
    expect((await ask(doors, 'POST', '/_/sample/echo/x', { body: form })).body.result.body).toEqual({ a: '1' })
  })

  test('are refused when a file is too large', async () => {
    const small = await startDoors({ plugins: [sample], http: { maxFormFileSize: 10 } })
    const form = new FormData()
    form.append('photo', new Blob([new Uint8Array(11)]), 'cat.png')
    expect(await ask(small, 'POST', '/_/sample/echo/x', { body: form })).toMatchObject({ status: 413, body: { id: 'network.http.file_too_large', status: 413 } })
    await small.close()
  })

  test.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['that end before their end', 'multipart/form-data; boundary=B', '--B\r\ncontent-disposition: form-data; name="a"\r\n\r\nunfinished'],
  ])('%s are refused', async (_title, type, body) => {
    expect(await ask(doors, 'POST', '/_/sample/echo/x', withType(type, body))).toMatchObject({ status: 400, body: { id: 'network.http.unexpected_error' } })
  })
})

describe('verbs and URLs', () => {
  test('an unknown URL is told in an envelope, with the nearest route', async () => {
    const { status, body } = await ask(doors, 'GET', '/_/sampel/native')
    expect(status).toBe(404)
    expect(body).toMatchObject({
      status: 404, controller: null, action: null, result: null,
      error: { id: 'network.http.url_not_found', code: 50397191, props: ['/_/sampel/native'], message: expect.stringContaining('Did you mean "GET /_/sample/native"?') },
    })
  })

  test('a known URL with another verb is told which it answers', async () => {
    expect((await ask(doors, 'POST', '/_/sample/native', json({}))).body.error.message).toContain('It answers GET, HEAD, not POST.')
  })

  test('a URL whose percent-encoding is broken is refused', async () => {
    const answer = await exchangeBytes(doors.port, 'GET /_/sample/echo/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect(answer).toContain('network.http.unexpected_error')
  })

  test.each(['PROPFIND', 'TRACE', 'LOCK'])('%s is not supported', async (verb) => {
    const answer = await exchangeBytes(doors.port, `${verb} /_/sample/raw HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect(answer).toContain(`"id":"network.http.unsupported_verb"`)
  })

  test('HEAD / is always 200', async () => {
    const bare = await startDoors()
    expect(await ask(bare, 'HEAD', '/')).toMatchObject({ status: 200, text: '' })
    await bare.close()
  })

  test('HEAD is GET without the body', async () => {
    const head = await ask(doors, 'HEAD', '/_/sample/large')
    const got = await ask(doors, 'GET', '/_/sample/large', { headers: { 'accept-encoding': 'identity' } })
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers.get('content-type')).toBe('application/json')
    expect(got.text.length).toBeGreaterThan(100_000)
    expect((await ask(doors, 'HEAD', '/nope/nope')).status).toBe(404)
  })

  test('the full URL in the request line is understood', async () => {
    const answer = await exchangeBytes(doors.port, 'GET http://shop.example/_/sample/raw HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200/)
    expect(answer).toContain('just text')
  })

  test.each(['/_healthcheck', '/_ready'])('GET %s says 200 without an action', async (path) => {
    expect(await ask(doors, 'GET', path)).toMatchObject({ status: 200, body: { controller: null, action: null, error: null, result: {} } })
  })

  test('GET /_ready says 503 when the host is not', async () => {
    let isReady = false
    const busy = await startDoors({ isReady: () => isReady })
    expect(await ask(busy, 'GET', '/_ready')).toMatchObject({ status: 503, body: { error: { id: 'api.process.overloaded' } } })
    expect((await ask(busy, 'GET', '/_healthcheck')).status).toBe(200)
    isReady = true
    expect((await ask(busy, 'GET', '/_ready')).status).toBe(200)
    await busy.close()
  })
})

describe('pages of other origins', () => {
  test('are answered with their origin', async () => {
    const { headers } = await ask(doors, 'GET', '/_/sample/raw', { headers: { origin: 'http://page.example' } })
    expect(headers.get('access-control-allow-origin')).toBe('http://page.example')
    expect(headers.get('vary')).toContain('Origin')
  })

  test.each(['/_/sample/raw', '/', '/nope/nope', '*'])('may ask before they ask: OPTIONS %s', async (path) => {
    const answer = await exchangeBytes(doors.port, `OPTIONS ${path} HTTP/1.1\r\nhost: x\r\norigin: http://page.example\r\naccess-control-request-method: POST\r\nconnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200/)
    expect(answer).toContain('access-control-allow-origin: http://page.example')
    expect(answer).toContain('"result":{}')
  })

  test('also learn why their body was refused', async () => {
    const { headers, status } = await ask(doors, 'POST', '/_/sample/echo/x', json('{', { origin: 'http://page.example' }))
    expect(status).toBe(400)
    expect(headers.get('access-control-allow-origin')).toBe('http://page.example')
  })

  test('that are not allowed are not named', async () => {
    const strict = await startDoors({ plugins: [sample], http: { accessControlAllowOrigin: ['http://mine.example'], cookieAuthentication: false } })
    const foreign = await ask(strict, 'GET', '/_/sample/raw', { headers: { origin: 'http://page.example' } })
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false)
    expect(foreign.headers.has('access-control-allow-credentials')).toBe(false)
    const own = await ask(strict, 'GET', '/_/sample/raw', { headers: { origin: 'http://mine.example' } })
    expect(own.headers.get('access-control-allow-origin')).toBe('http://mine.example')
    await strict.close()
  })
})

describe('compressed answers', () => {
  const bytesOf = async (path: string, accept: string): Promise<{ head: string; body: Buffer }> => {
    const answer = Buffer.from(await exchangeBytes(doors.port, `GET ${path} HTTP/1.1\r\nhost: x\r\naccept-encoding: ${accept}\r\nconnection: close\r\n\r\n`), 'latin1')
    const end = answer.indexOf('\r\n\r\n')
    return { head: answer.subarray(0, end).toString(), body: answer.subarray(end + 4) }
  }

  test.each([['gzip', gunzipSync], ['deflate, gzip;q=0.5', gunzipSync], ['deflate', inflateSync], ['gzip;q=0, deflate', inflateSync]])('a long one is, for a client that accepts %s', async (accept, unpack) => {
    const { head, body } = await bytesOf('/_/sample/large', accept)
    expect(head).toMatch(/content-encoding: (gzip|deflate)/)
    expect(head).toContain('vary: Accept-Encoding')
    expect(JSON.parse(unpack(body).toString())).toMatchObject({ result: { text: 'x'.repeat(100_000) } })
  })

  test.each([['/_/sample/large', 'identity'], ['/_/sample/large', 'br'], ['/_/sample/large', 'gzip;q=0'], ['/_/sample/raw', 'gzip']])('%s is not for a client that accepts %s', async (path, accept) => {
    expect((await bytesOf(path, accept)).head).not.toContain('content-encoding')
  })
})

describe('clients that misbehave', () => {
  const get = (name: string): string => `GET /_/sample/echo/${name} HTTP/1.1\r\nhost: x\r\n\r\n`

  test('requests sent at once are answered in order', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
    const answer = await exchangeBytes(doors.port, names.map(get).join(''), (text) => text.includes('"name":"n19"'))
    expect([...answer.matchAll(/"name":"(n\d+)"/g)].map(([, name]) => name)).toEqual(names)
  })

  test('one that leaves in the middle of its body disturbs nobody, and its connection is forgotten', async () => {
    const socket = createConnection(doors.port, '127.0.0.1')
    await once(socket, 'connect')
    const isReading = once(doors.app.server, 'request')
    socket.write('POST /_/sample/echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a":')
    await isReading
    const isGone = new Promise((resolve) => { doors.gateway.entryPoint.onGone(resolve) })
    socket.destroy()
    await isGone
    expect((await ask(doors, 'GET', '/_/sample/raw')).status).toBe(200)
    expect(doors.gateway.entryPoint.connections.counts).toEqual({})
  })

  test('one that sends its body byte by byte is served', async () => {
    const socket = createConnection(doors.port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.setEncoding('utf8')
    const body = '{"a":"é"}'
    const bytes = Buffer.from(body)
    socket.write(`POST /_/sample/echo/x HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes.length}\r\n\r\n`)
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]))
      await new Promise(setImmediate)
    }
    const [answer] = await once(socket, 'data') as [string]
    expect(answer).toContain(`"body":${body}`)
    socket.destroy()
  })

  test('one whose chunks are no chunks is cut off', async () => {
    const answer = await exchangeBytes(doors.port, 'POST /_/sample/echo/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nnope\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect((await ask(doors, 'GET', '/_/sample/raw')).status).toBe(200)
  })

  test('one that sends no HTTP at all is cut off', async () => {
    expect(await exchangeBytes(doors.port, 'hello?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/)
    expect((await ask(doors, 'GET', '/_/sample/raw')).status).toBe(200)
  })

  test('one with headers beyond all measure is refused', async () => {
    expect(await exchangeBytes(doors.port, `GET /_/sample/raw HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/)
  })

  test('headers that stand twice are harmless', async () => {
    const answer = await exchangeBytes(
      doors.port,
      'GET /_/sample/echo/x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer one\r\nauthorization: Bearer two\r\nx-kuzzle-request-id: a\r\nx-kuzzle-request-id: b\r\nx-forwarded-for: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\nconnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200/)
    expect(answer).toContain('"jwt":"one"')
    expect(answer).toContain('"ips":["127.0.0.1","1.1.1.1","2.2.2.2"]')
  })
})
