import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ForbiddenError, type ClientConnection, type Request } from '@mortise/sdk'
import { WebSocket } from 'ws'
import { defineAction, defineController, exchangeBytes, openSocket, startDoors, type Doors } from '../../../../test/support/start-doors.js'

const held: (() => void)[] = []
const sample = defineController(
  'sample',
  defineAction('echo', ({ input, context }: Request) => ({
    args: input.args, body: input.body, jwt: input.jwt, protocol: context.connection.protocol, ips: context.connection.ips, headers: context.connection.misc.headers,
  })),
  defineAction('forbidden', () => { throw new ForbiddenError('not today') }),
  defineAction('raw', (request) => {
    request.response.configure({ format: 'raw' })
    return 'just text'
  }),
  defineAction('hold', () => new Promise((resolve) => held.push(() => resolve('released')))),
  defineAction('large', () => 'x'.repeat(100_000)),
  defineAction('deep', (request) => request.input.body as unknown),
)

const echo = { controller: 'sample', action: 'echo' }

let doors: Doors
beforeAll(async () => { doors = await startDoors({ plugins: [sample] }) })
afterAll(() => doors.close())

/** Resolves once the host has as many sockets as told. */
async function countReaches(host: Doors, count: number): Promise<void> {
  while ((host.gateway.entryPoint.connections.counts.websocket ?? 0) !== count) await new Promise(setImmediate)
}

/** Counts how often the host hands a socket something to write. */
function countWrites(stream: Socket): () => number {
  let count = 0
  for (const name of ['_write', '_writev'] as const) {
    const write = stream[name]!.bind(stream) as (...args: unknown[]) => void
    Object.assign(stream, { [name]: (...args: unknown[]) => { count++; write(...args) } })
  }
  return () => count
}

describe('a request over a socket', () => {
  test('is answered by its envelope and room', async () => {
    const client = await openSocket(doors.port)
    const answer = await client.ask({ ...echo, requestId: 'r1', index: 'i', collection: 'c', _id: 'x', flag: true, list: [1], body: { k: 'v' }, volatile: { a: 1 }, jwt: 'token' })
    expect(answer).toEqual({
      requestId: 'r1', room: 'r1', status: 200, error: null, controller: 'sample', action: 'echo', index: 'i', collection: 'c', volatile: { a: 1 }, headers: {},
      result: {
        args: { requestId: 'r1', index: 'i', collection: 'c', _id: 'x', flag: true, list: [1] },
        body: { k: 'v' }, jwt: 'token', protocol: 'websocket', ips: ['127.0.0.1'], headers: expect.objectContaining({ upgrade: 'websocket' }),
      },
    })
    client.socket.terminate()
  })

  test('without an id gets one, which is its room as well', async () => {
    const client = await openSocket(doors.port)
    const answer = await client.ask(echo)
    expect(answer.requestId).toMatch(/^[\da-f-]{36}$/)
    expect(answer.room).toBe(answer.requestId)
    client.socket.terminate()
  })

  test('that fails is answered by its error, without a stack', async () => {
    const client = await openSocket(doors.port)
    expect(await client.ask({ controller: 'sample', action: 'forbidden', requestId: 'r' })).toEqual({
      requestId: 'r', room: 'r', status: 403, error: { message: 'not today', status: 403 }, controller: 'sample', action: 'forbidden', volatile: null, headers: {}, result: null,
    })
    client.socket.terminate()
  })

  test('for a raw result is answered by that alone', async () => {
    const client = await openSocket(doors.port)
    expect(await client.ask({ controller: 'sample', action: 'raw', requestId: 'r' })).toBe('just text')
    client.socket.terminate()
  })

  test('for an action that nobody has is not found', async () => {
    const client = await openSocket(doors.port)
    expect(await client.ask({ controller: 'sample', action: 'ecko', requestId: 'r' })).toMatchObject({
      status: 404, room: 'r', error: { id: 'api.process.action_not_found', message: expect.stringContaining('Did you mean "echo"?') },
    })
    client.socket.terminate()
  })

  test('does not wait for one that came before', async () => {
    const client = await openSocket(doors.port)
    client.send({ controller: 'sample', action: 'hold', requestId: 'slow' })
    expect((await client.ask({ ...echo, requestId: 'quick' })).room).toBe('quick')
    held.splice(0).forEach((release) => release())
    expect(await client.receive()).toMatchObject({ room: 'slow', result: 'released' })
    client.socket.terminate()
  })

  test('may come in a thousand at once', async () => {
    const client = await openSocket(doors.port)
    for (let index = 0; index < 1_000; index++) client.send({ ...echo, requestId: `r${index}` })
    const rooms = new Set<string>()
    for (let index = 0; index < 1_000; index++) rooms.add((await client.receive()).room as string)
    expect(rooms.size).toBe(1_000)
    client.socket.terminate()
  })

  test('may come in pieces', async () => {
    const client = await openSocket(doors.port)
    const text = JSON.stringify({ ...echo, requestId: 'pieces', word: 'é' })
    client.socket.send(text.slice(0, 10), { fin: false })
    client.socket.send(text.slice(10, 20), { fin: false })
    client.socket.send(text.slice(20), { fin: true })
    expect(await client.receive()).toMatchObject({ room: 'pieces', result: { args: { word: 'é' } } })
    client.socket.terminate()
  })
})

describe('frames that are no requests', () => {
  test('an application ping is answered', async () => {
    const client = await openSocket(doors.port)
    expect(await client.ask('{"p":1}')).toEqual({ p: 2 })
    expect(await client.ask(' { "p" : 1 } ')).toEqual({ p: 2 })
    client.socket.terminate()
  })

  test.each([['{"p":2}'], ['{"p":1,"controller":"sample"}'], ['{"p":"1"}']])('%s is no ping', async (frame) => {
    const client = await openSocket(doors.port)
    expect(await client.ask(frame)).toMatchObject({ status: 400, error: { id: 'api.assert.missing_argument' } })
    client.socket.terminate()
  })

  test('a ping frame is answered by a pong frame', async () => {
    const client = await openSocket(doors.port)
    client.socket.ping('here?')
    expect(String((await once(client.socket, 'pong'))[0])).toBe('here?')
    client.socket.terminate()
  })

  test('an empty one is ignored', async () => {
    const client = await openSocket(doors.port)
    client.send('')
    expect(await client.ask({ ...echo, requestId: 'next' })).toMatchObject({ room: 'next' })
    client.socket.terminate()
  })

  test.each(['nope{', '{', 'undefined', '{"a":1}}'])('%j, which is no JSON, is answered by an error without a room', async (frame) => {
    const client = await openSocket(doors.port)
    const answer = await client.ask(frame)
    expect(answer).toMatchObject({ status: 400, controller: null, action: null, result: null, error: { id: 'network.websocket.unexpected_error', code: 50528257 } })
    expect(answer).not.toHaveProperty('room')
    expect(answer.requestId).toMatch(/^[\da-f-]{36}$/)
    client.socket.terminate()
  })

  test.each(['[1]', '"x"', '5', 'null', 'true'])('%s, which is no object, is a bad request', async (frame) => {
    const client = await openSocket(doors.port)
    expect(await client.ask(frame)).toMatchObject({ status: 400, controller: null, error: { status: 400, message: expect.stringContaining('object') } })
    client.socket.terminate()
  })

  test('an empty object lacks a controller', async () => {
    const client = await openSocket(doors.port)
    const answer = await client.ask({})
    expect(answer).toMatchObject({ status: 400, error: { id: 'api.assert.missing_argument', props: ['controller'] } })
    expect(answer.room).toBe(answer.requestId)
    client.socket.terminate()
  })

  test.each([
    ['controller', 5], ['action', {}], ['jwt', 1], ['volatile', 'x'], ['volatile', [1]], ['body', 'x'], ['body', 5],
  ])('the wrong type of %s (%j) is told to whoever asked', async (key, value) => {
    const client = await openSocket(doors.port)
    expect(await client.ask({ ...echo, requestId: 'r', [key]: value })).toMatchObject({
      requestId: 'r', room: 'r', status: 400, error: { status: 400, message: expect.stringContaining(`Attribute ${key} must be of type`) },
    })
    client.socket.terminate()
  })

  test('a request id that is no text is given back, and is no room', async () => {
    const client = await openSocket(doors.port)
    const answer = await client.ask({ ...echo, requestId: 12 })
    expect(answer).toMatchObject({ requestId: 12, status: 400, error: { message: 'Attribute requestId must be of type "string"', status: 400 } })
    expect(answer).not.toHaveProperty('room')
    client.socket.terminate()
  })

  test('binary ones are read as UTF-8', async () => {
    const client = await openSocket(doors.port)
    expect(await client.ask(Buffer.from(JSON.stringify({ ...echo, requestId: 'é' })))).toMatchObject({ room: 'é', status: 200 })
    expect(await client.ask(Buffer.from([0, 255, 254, 1]))).toMatchObject({ status: 400, error: { id: 'network.websocket.unexpected_error' } })
    client.socket.terminate()
  })

  test('text that is no UTF-8 closes the socket', async () => {
    const client = await openSocket(doors.port)
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect(await client.closed()).toBe(1007)
  })

  test('__proto__ in them harms nobody', async () => {
    const client = await openSocket(doors.port)
    const answer = await client.ask('{"controller":"sample","action":"echo","requestId":"r","__proto__":{"polluted":1},"body":{"__proto__":{"polluted":1},"k":1}}')
    expect(answer.result).toMatchObject({ args: { requestId: 'r' }, body: { k: 1 } })
    expect(answer.result.args).not.toHaveProperty('polluted')
    client.socket.terminate()
  })

  test('a hundred thousand levels of nesting are refused', async () => {
    const client = await openSocket(doors.port)
    const depth = 100_000
    const answer = await client.ask(`{"controller":"sample","action":"deep","requestId":"r","body":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect(answer).toMatchObject({ error: { status: 400, id: 'network.websocket.unexpected_error', message: expect.stringContaining('nested deeper') } })
    client.socket.terminate()
  })

  test('one that is too large closes the socket, and only that', async () => {
    const client = await openSocket(doors.port)
    const other = await openSocket(doors.port)
    client.send({ ...echo, filler: 'x'.repeat(1024 * 1024) })
    expect(await client.closed()).toBe(1009)
    expect(await other.ask({ ...echo, requestId: 'r' })).toMatchObject({ room: 'r' })
    other.socket.terminate()
  })
})

describe('opening a socket', () => {
  test('works on any path', async () => {
    const client = await openSocket(doors.port, '/any/path?x=1')
    expect(await client.ask({ ...echo, requestId: 'r' })).toMatchObject({ room: 'r' })
    client.socket.terminate()
  })

  test('shows its headers to every request, the cookie among them', async () => {
    const client = await openSocket(doors.port, '/', { headers: { cookie: 'authToken=abc' }, origin: 'http://page.example' })
    expect((await client.ask(echo)).result.headers).toMatchObject({ cookie: 'authToken=abc', origin: 'http://page.example' })
    client.socket.terminate()
  })

  test('accepts the sub-protocol that is asked for', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${doors.port}`, ['one', 'two'])
    await once(socket, 'open')
    expect(socket.protocol).toBe('one')
    socket.terminate()
  })

  test('is left to others on other paths when one is configured', async () => {
    const host = await startDoors({ plugins: [sample], websocket: { path: '/ws' } })
    const client = await openSocket(host.port, '/ws')
    expect(await client.ask({ ...echo, requestId: 'r' })).toMatchObject({ room: 'r' })
    expect(await exchangeBytes(host.port, upgradeTo('/other'))).toMatch(/^HTTP\/1\.1 404/)
    host.app.server.on('upgrade', (message, socket) => {
      if (message.url === '/other') socket.end('HTTP/1.1 418 I am somebody else\r\n\r\n')
    })
    expect(await exchangeBytes(host.port, upgradeTo('/other'))).toMatch(/^HTTP\/1\.1 418/)
    client.socket.terminate()
    await host.close()
  })

  const asking = (head: string, body = ''): string =>
    `${head} HTTP/1.1\r\nhost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const last = 'GET /_query HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'

  test.each([
    ['a request', asking('POST /_query', JSON.stringify({ ...echo, body: { k: 'v' } })) + last, /"body":\{"k":"v"\}/],
    ['one without a body', asking('GET /nowhere') + last, /API URL not found: \/nowhere/],
  ])('for another protocol is declined, and answered over HTTP: %s', async (_what, bytes, answer) => {
    const said = await exchangeBytes(doors.port, bytes)
    expect(said).toMatch(answer)
    // The connection goes on: whatever came after it is answered, too.
    expect(said.match(/HTTP\/1\.1 \d+/g)).toHaveLength(2)
    expect(said).not.toMatch(/"http2-settings"|"upgrade"/i)
  })

  test('for another protocol is left to others who listen', async () => {
    const host = await startDoors({ plugins: [sample] })
    host.app.server.on('upgrade', (message, socket) => {
      if (message.headers.upgrade === 'h2c') socket.end('HTTP/1.1 418 I am somebody else\r\n\r\n')
    })
    expect(await exchangeBytes(host.port, asking('GET /nowhere'))).toMatch(/^HTTP\/1\.1 418/)
    await host.close()
  })

  test('is not possible when it is switched off', async () => {
    const host = await startDoors({ websocket: { enabled: false } })
    expect(host.gateway.protocols.names).toEqual(['http'])
    await expect(openSocket(host.port)).rejects.toThrow()
    await host.close()
  })

  test('with a broken handshake is refused', async () => {
    expect(await exchangeBytes(doors.port, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/)
  })
})

const upgradeTo = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`

describe('connections', () => {
  test('are announced, counted, and taken leave of', async () => {
    const heard: string[] = []
    const host = await startDoors({ plugins: [sample, {
      ...sample, name: 'listener', controllers: [],
      hooks: ['connection:new', 'connection:remove'].map((event) => ({
        event, name: 'listen', handler: (connection: unknown) => heard.push(`${event} ${(connection as ClientConnection).protocol}`),
      })),
    }] })
    const one = await openSocket(host.port)
    const two = await openSocket(host.port)
    expect(host.gateway.entryPoint.connections.counts).toEqual({ websocket: 2 })
    one.socket.close()
    two.socket.terminate()
    await countReaches(host, 0)
    expect(heard).toEqual(['connection:new websocket', 'connection:new websocket', 'connection:remove websocket', 'connection:remove websocket'])
    await host.close()
  })

  test('dropped in the middle of a request leave nothing behind', async () => {
    const host = await startDoors({ plugins: [sample] })
    const client = await openSocket(host.port)
    client.send({ controller: 'sample', action: 'hold', requestId: 'r' })
    while (held.length === 0) await new Promise(setImmediate)
    client.socket.terminate()
    await countReaches(host, 0)
    held.splice(0).forEach((release) => release())
    const next = await openSocket(host.port)
    expect(await next.ask({ ...echo, requestId: 'r' })).toMatchObject({ room: 'r' })
    next.socket.terminate()
    await host.close()
  })

  test('that say too much in a second are told, and may go on in the next', async () => {
    const host = await startDoors({ plugins: [sample], websocket: { rateLimit: 3 } })
    const client = await openSocket(host.port)
    for (let index = 0; index < 20; index++) client.send({ ...echo, requestId: `r${index}` })
    const answers: { status: number; room: string; error: { id: string } | null }[] = []
    for (let index = 0; index < 20; index++) answers.push(await client.receive())
    const refused = answers.filter(({ status }) => status === 429)
    // The twenty may fall on both sides of a full second.
    expect(refused.length).toBeGreaterThanOrEqual(14)
    expect(refused[0]).toMatchObject({ room: expect.stringMatching(/^r\d+$/), error: { id: 'network.websocket.ratelimit_exceeded' } })
    expect(client.socket.readyState).toBe(WebSocket.OPEN)
    client.socket.terminate()
    await host.close()
  })

  test('that are half-open are dropped, and those that answer pings are not', async () => {
    const host = await startDoors({ plugins: [sample], websocket: { idleTimeout: 60 } })
    const silent = await openSocket(host.port, '/', { autoPong: false })
    const lively = await openSocket(host.port)
    expect(await silent.closed()).toBe(1006)
    expect(await lively.ask({ ...echo, requestId: 'r' })).toMatchObject({ room: 'r' })
    expect(host.gateway.entryPoint.connections.counts).toEqual({ websocket: 1 })
    lively.socket.terminate()
    await host.close()
  })

  test('are written to once for all that is ready in one turn, and more often for what is much', async () => {
    const host = await startDoors({ plugins: [sample] })
    const connected = once(host.app.server, 'connection') as Promise<[Socket]>
    const client = await openSocket(host.port)
    const writes = countWrites((await connected)[0])
    const answersOf = async (action: string): Promise<number> => {
      const before = writes()
      const answers = Array.from({ length: 8 }, (_, index) => client.ask({ controller: 'sample', action, requestId: `${action}${index}` }))
      while (action === 'hold' && held.length < 8) await new Promise(setImmediate)
      for (const release of held.splice(0)) release()
      await Promise.all(answers)
      return writes() - before
    }
    expect(await answersOf('hold')).toBe(1)
    expect(await answersOf('large')).toBeGreaterThanOrEqual(8)
    client.socket.terminate()
    await host.close()
  })

  test('that read too slowly are cut off, and others are served', async () => {
    const host = await startDoors({ plugins: [sample], websocket: { maxBufferedBytes: 100_000 } })
    const slow = await openSocket(host.port)
    const quick = await openSocket(host.port)
    slow.socket.pause()
    const connections = host.gateway.entryPoint.connections
    while (connections.counts.websocket === 2) {
      if (slow.socket.readyState === WebSocket.OPEN) for (let index = 0; index < 20; index++) slow.send({ controller: 'sample', action: 'large' })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(await quick.ask({ ...echo, requestId: 'r' })).toMatchObject({ room: 'r' })
    slow.socket.terminate()
    quick.socket.terminate()
    await host.close()
  })
})

describe('notifications', () => {
  const idOf = (host: Doors): Promise<string> => new Promise((resolve) => {
    const { entryPoint } = host.gateway
    const announce = entryPoint.newConnection.bind(entryPoint)
    entryPoint.newConnection = (connection) => {
      announce(connection)
      entryPoint.newConnection = announce
      resolve(connection.id)
    }
  })

  async function openKnown(host: Doors) {
    const id = idOf(host)
    const client = await openSocket(host.port)
    return { ...client, id: await id }
  }

  test('reach everybody on the channel, and nobody else', async () => {
    const { protocols } = doors.gateway
    const [ann, bob, eve] = [await openKnown(doors), await openKnown(doors), await openKnown(doors)]
    protocols.joinChannel('news', ann.id)
    protocols.joinChannel('news', bob.id)
    protocols.joinChannel('sport', eve.id)
    protocols.broadcast({ channels: ['news', 'nobody'], payload: { type: 'document', n: 1 } })
    expect(await ann.receive()).toEqual({ type: 'document', n: 1, room: 'news' })
    expect(await bob.receive()).toEqual({ type: 'document', n: 1, room: 'news' })
    expect(await eve.ask('{"p":1}')).toEqual({ p: 2 })
    for (const { socket } of [ann, bob, eve]) socket.terminate()
  })

  test('come once for each channel that a socket is on', async () => {
    const { protocols } = doors.gateway
    const client = await openKnown(doors)
    protocols.joinChannel('a', client.id)
    protocols.joinChannel('b', client.id)
    protocols.broadcast({ channels: ['a', 'b'], payload: { n: 1 } })
    expect([await client.receive(), await client.receive()]).toEqual([{ n: 1, room: 'a' }, { n: 1, room: 'b' }])
    client.socket.terminate()
  })

  test('stop with the channel', async () => {
    const { protocols } = doors.gateway
    const client = await openKnown(doors)
    protocols.joinChannel('a', client.id)
    protocols.leaveChannel('a', client.id)
    protocols.broadcast({ channels: ['a'], payload: { n: 1 } })
    expect(await client.ask('{"p":1}')).toEqual({ p: 2 })
    client.socket.terminate()
  })

  test('can be for one socket alone', async () => {
    const { protocols } = doors.gateway
    const [ann, bob] = [await openKnown(doors), await openKnown(doors)]
    protocols.notify({ connectionId: ann.id, channels: ['kuzzle:notification:server'], payload: { type: 'TokenExpired' } })
    expect(await ann.receive()).toEqual({ type: 'TokenExpired', room: 'kuzzle:notification:server' })
    expect(await bob.ask('{"p":1}')).toEqual({ p: 2 })
    for (const { socket } of [ann, bob]) socket.terminate()
  })

  test('keep the order in which they were sent', async () => {
    const client = await openKnown(doors)
    doors.gateway.protocols.joinChannel('order', client.id)
    for (let n = 0; n < 500; n++) doors.gateway.protocols.broadcast({ channels: ['order'], payload: { n } })
    for (let n = 0; n < 500; n++) expect((await client.receive()).n).toBe(n)
    client.socket.terminate()
  })

  test('to sockets that are gone are nobody\'s', async () => {
    const { protocols } = doors.gateway
    const client = await openKnown(doors)
    protocols.joinChannel('a', client.id)
    client.socket.terminate()
    while (doors.gateway.entryPoint.connections.get(client.id)) await new Promise(setImmediate)
    protocols.broadcast({ channels: ['a'], payload: {} })
    protocols.notify({ connectionId: client.id, channels: ['a'], payload: {} })
    protocols.joinChannel('a', client.id)
    protocols.leaveChannel('a', client.id)
    protocols.disconnect(client.id)
    expect(doors.logger.textsOf('error')).toEqual([])
  })

  test('a socket can be sent away with a reason', async () => {
    const client = await openKnown(doors)
    const isClosed = once(client.socket, 'close')
    doors.gateway.protocols.disconnect(client.id, 'go away')
    const [code, reason] = await isClosed as [number, Buffer]
    expect([code, reason.toString()]).toEqual([1011, 'go away'])
  })
})
