import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { exchangeBytes, openSocket } from '../support/start-doors.js'
import { startHost, type StartedHost } from '../support/start-host.js'

let host: StartedHost
let client: Awaited<ReturnType<typeof openSocket>>

beforeAll(async () => {
  host = await startHost({ enabled: ['sample'] })
  await host.ask('PUT', '/shop/notes', { body: {} })
  client = await openSocket(host.port)
})
afterAll(async () => {
  client.socket.close()
  await host.close()
})

/** Whatever was asked, the same host goes on to answer over both doors, and objects inherit what they always did. */
afterEach(async () => {
  expect((await host.ask('GET', '/_/sample/echo/Ann')).body.result.args.name).toBe('Ann')
  expect(await client.ask({ controller: 'server', action: 'now', requestId: 'still-there' })).toMatchObject({ status: 200, room: 'still-there' })
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

const echo = (body: string, headers = {}) => host.ask('POST', '/_/sample/echo/Ann', { body, headers })
const create = (body: string) => host.ask('POST', '/shop/notes/_create', { body })

describe('a body', () => {
  test('of null is no body', async () => {
    expect((await echo('null')).body).toMatchObject({ status: 200, result: { body: null } })
    expect((await create('null')).body.error).toMatchObject({ status: 400, id: 'api.assert.body_required' })
  })

  test('that is an array reaches actions that take one, and is no document', async () => {
    expect((await echo('[1,2]')).body.result.body).toEqual([1, 2])
    expect((await create('[1,2]')).status).toBe(400)
  })

  test.each(['"text"', '7', 'true'])('that is neither object nor array is refused: %s', async (body) => {
    expect((await echo(body)).body.error).toMatchObject({ status: 400 })
  })

  test.each(['{"a":', '', '{', '{"a":1}}', '\u0000', '{\'a\':1}'])('that is no JSON is refused, or taken for none: %j', async (body) => {
    const { status, body: answer } = await echo(body)
    if (body === '') expect(answer.result.body).toBeNull()
    else expect([status, answer.id]).toEqual([400, 'network.http.body_parse_failed'])
  })

  test('of 2 MB is refused with 413, however it says how long it is', async () => {
    const text = JSON.stringify({ a: 'x'.repeat(2 * 1024 * 1024) })
    expect((await echo(text)).body).toMatchObject({ status: 413, id: 'network.http.request_too_large' })
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const head = 'POST /_/sample/echo/Ann HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
    const answer = await exchangeBytes(host.port, head + chunk.repeat(32), (soFar) => soFar.includes('request_too_large'))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  test.each([
    '{"__proto__":{"isAdmin":true}}',
    '{"\\u005f_proto__":{"isAdmin":true}}',
    '{"list":[{"deep":{"__proto__":{"isAdmin":true}}}]}',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
  ])('changes what no object inherits: %s', async (body) => {
    const echoed = await echo(body)
    expect(echoed.status).toBe(200)
    expect(echoed.text).not.toMatch(/__proto__/)
    const { result } = (await create(body)).body
    expect((await host.ask('GET', `/shop/notes/${result._id}`)).text).not.toMatch(/__proto__/)
  })

  test('of an unknown type is refused', async () => {
    expect((await echo('a=1', { 'content-type': 'text/weird' })).body).toMatchObject({ status: 400, id: 'network.http.unsupported_content' })
  })
})

describe('a query string', () => {
  test.each(['?__proto__=x&__proto__[isAdmin]=true', '?constructor=x', '?hasOwnProperty=1', '?toString=1', '?%E0%A4%A=1', `?${'a=1&'.repeat(2000)}`])(
    'is only what it says: %.40s', async (query) => {
      expect((await host.ask('GET', `/_/sample/echo/Ann${query}`)).status).toBe(200)
    })
})

describe('a path', () => {
  test.each(['/%', '/%E0%A4%A/x', '/shop/../../etc/passwd', '//', '/_/sample/echo/%00', `/${'a'.repeat(8000)}`])('is found or not: %.40s', async (path) => {
    const answer = await exchangeBytes(host.port, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404|412) /)
  })
})

describe('a frame', () => {
  test.each([
    ['no JSON', 'nope{', 'network.websocket.unexpected_error'],
    ['a list', '[1]', undefined],
    ['a text', '"x"', undefined],
    ['null', 'null', undefined],
    ['an object without a request', '{}', 'api.assert.missing_argument'],
  ])('that is %s is answered with 400', async (_title, frame, id) => {
    const { status, error } = await client.ask(frame)
    expect([status, error.id]).toEqual([400, id])
  })

  test('that is empty says nothing', async () => {
    client.send('')
    expect(await client.ask('{"p":1}')).toEqual({ p: 2 })
  })

  test('that is binary is answered', async () => {
    expect(await client.ask(Buffer.from([0, 255, 1, 254]))).toMatchObject({ status: 400 })
  })

  test('with keys of the wrong type is answered with the id that it came with', async () => {
    expect(await client.ask({ controller: 'server', action: 'now', requestId: 12 })).toMatchObject({ status: 400, requestId: 12 })
    expect(await client.ask({ controller: ['server'], action: {}, requestId: 'r' })).toMatchObject({ status: 400, requestId: 'r' })
    expect(await client.ask({ controller: 'sample', action: 'echo', body: 'text', requestId: 'r' })).toMatchObject({ status: 400, requestId: 'r' })
  })

  test('that hides a prototype changes what no object inherits', async () => {
    const answer = await client.ask('{"controller":"sample","action":"echo","name":"x","__proto__":{"isAdmin":true},"body":{"__proto__":{"isAdmin":true}}}')
    expect(answer.status).toBe(200)
    expect(JSON.stringify(answer)).not.toContain('isAdmin')
  })

  test('of 2 MB closes the socket that sent it with 1009, and no other', async () => {
    const other = await openSocket(host.port)
    other.send({ controller: 'sample', action: 'echo', body: { a: 'x'.repeat(2 * 1024 * 1024) } })
    expect(await other.closed()).toBe(1009)
  })
})
