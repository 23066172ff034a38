import { once } from 'node:events'
import { createConnection } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { defineAction, defineController, openSocket, startDoors, type Doors } from '../../../../test/support/start-doors.js'
import { isStream, streamOf } from './stream-result.js'

let source: Readable
const streamer = defineController(
  'streamer',
  defineAction('bare', () => source, 'GET /bare'),
  defineAction('wrapped', (request) => {
    request.response.configure({ headers: { 'Content-Type': 'text/csv' } })
    return { readableStream: source, totalBytes: 6 }
  }, 'GET /wrapped'),
  defineAction('unknownLength', () => ({ stream: source, totalBytes: -1 }), 'GET /unknownLength'),
)

let doors: Doors
beforeAll(async () => { doors = await startDoors({ plugins: [streamer] }) })
afterAll(() => doors.close())
beforeEach(() => { source = Readable.from(['abc', 'def']) })

describe('a result that is a stream', () => {
  test('is told by its shape', () => {
    expect(isStream(source)).toBe(true)
    expect(streamOf({ readableStream: source, totalBytes: 6 })).toEqual({ readable: source, totalBytes: 6 })
    expect(streamOf({ stream: source, totalBytes: -1 })).toEqual({ readable: source, totalBytes: undefined })
    expect([null, undefined, 'text', 5, {}, { stream: 'text' }, { readableStream: {} }, []].some(isStream)).toBe(false)
  })

  test('is sent as it comes', async () => {
    const answer = await fetch(`${doors.url}/bare`)
    expect(await answer.text()).toBe('abcdef')
    expect(answer.headers.get('transfer-encoding')).toBe('chunked')
    expect(answer.headers.get('access-control-allow-methods')).toContain('GET')
  })

  test('has a length and a type when the action knows them', async () => {
    const answer = await fetch(`${doors.url}/wrapped`)
    expect(answer.headers.get('content-length')).toBe('6')
    expect(answer.headers.get('content-type')).toBe('text/csv')
    expect(await answer.text()).toBe('abcdef')
  })

  test('is chunked when its length is unknown', async () => {
    expect(await (await fetch(`${doors.url}/unknownLength`)).text()).toBe('abcdef')
  })

  test('may be empty', async () => {
    source = Readable.from([])
    const answer = await fetch(`${doors.url}/bare`)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
  })

  test('is sent whole when it is larger than any buffer', async () => {
    source = Readable.from((function* () { for (let index = 0; index < 200; index++) yield Buffer.alloc(65_536, index) })())
    expect((await (await fetch(`${doors.url}/bare`)).arrayBuffer()).byteLength).toBe(200 * 65_536)
  })

  test('that fails before its first byte is a proper error', async () => {
    source = new Readable({ read() { this.destroy(new Error('disk on fire')) } })
    const answer = await fetch(`${doors.url}/bare`)
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({ id: 'network.http.stream_errored', status: 500, message: expect.stringContaining('disk on fire') })
  })

  test('that had failed already is a proper error', async () => {
    source = new Readable({ read() {} })
    source.on('error', () => undefined)
    source.destroy(new Error('disk on fire'))
    expect(await (await fetch(`${doors.url}/bare`)).json()).toMatchObject({ id: 'network.http.stream_errored' })
  })

  test('that was closed already is a proper error', async () => {
    source.destroy()
    expect(await (await fetch(`${doors.url}/bare`)).json()).toMatchObject({ id: 'network.http.stream_closed', status: 500 })
  })

  test('that closes without a word is a proper error', async () => {
    source = new Readable({ read() { this.destroy() } })
    expect(await (await fetch(`${doors.url}/bare`)).json()).toMatchObject({ id: 'network.http.stream_closed' })
  })

  test('that fails half-way ends the connection, so that nobody takes half for the whole', async () => {
    source = Readable.from((function* () {
      yield 'x'.repeat(100)
      throw new Error('disk on fire')
    })())
    await expect(fetch(`${doors.url}/bare`).then((answer) => answer.text())).rejects.toThrow()
    expect(doors.logger.textsOf('error').join()).toContain('disk on fire')
    source = Readable.from(['fine'])
    expect(await (await fetch(`${doors.url}/bare`)).text()).toBe('fine')
  })

  test('is destroyed when its reader goes away', async () => {
    source = new Readable({ read() { this.push(Buffer.alloc(65_536)) } })
    const isClosed = new Promise((resolve) => source.once('close', resolve))
    const socket = createConnection(doors.port, '127.0.0.1')
    socket.write('GET /bare HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    await isClosed
    expect(source.destroyed).toBe(true)
  })

  test('is destroyed when its reader goes away before its first byte', async () => {
    const isAsked = new Promise<void>((resolve) => { source = new Readable({ read: () => resolve() }) })
    const isClosed = new Promise((resolve) => source.once('close', resolve))
    const socket = createConnection(doors.port, '127.0.0.1')
    socket.write('GET /bare HTTP/1.1\r\nhost: x\r\n\r\n')
    await isAsked
    socket.destroy()
    await isClosed
    expect(source.destroyed).toBe(true)
  })

  test('cannot be sent over a socket, and is destroyed', async () => {
    const client = await openSocket(doors.port)
    expect(await client.ask({ controller: 'streamer', action: 'bare', requestId: 'r' })).toMatchObject({
      status: 500, room: 'r', result: null, error: { id: 'api.assert.forbidden_stream' },
    })
    expect(source.destroyed).toBe(true)
    client.socket.terminate()
  })
})
