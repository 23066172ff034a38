import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

/** Whoever sends a request a byte at a time is sent away with 408, holds up nobody, and leaves nothing behind. */
const REQUEST_TIMEOUT = 400
const CLIENTS = 40
const START = 'POST /_query HTTP/1.1\r\nHost: localhost\r\n'
const HEADERS = `${START}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n`

let host: StartedHost
let clients: SlowClient[]

beforeEach(async () => {
  host = await startHost({ config: { server: { http: { requestTimeout: REQUEST_TIMEOUT } }, limits: { concurrentRequests: 2, requestsBufferSize: 0 } } })
  clients = []
})
afterEach(async () => {
  for (const { socket } of clients) socket.destroy()
  await host.close()
})

interface SlowClient { socket: Socket; answer: string; isClosed: boolean }

/** Sends `start` at once, and then `drip` for ever. */
function dawdle(start: string, drip: string): SlowClient {
  const socket = connect(host.port, '127.0.0.1')
  const client = { socket, answer: '', isClosed: false }
  socket.setEncoding('latin1').on('data', (text: string) => { client.answer += text })
  socket.on('error', () => undefined)
  socket.write(start)
  const timer = setInterval(() => socket.write(drip), 20)
  socket.on('close', () => {
    clearInterval(timer)
    client.isClosed = true
  })
  clients.push(client)
  return client
}

const closed = (client: SlowClient): Promise<unknown> => until(() => client.isClosed, Boolean, 20_000)

test.each([
  ['headers', START, 'X-Slow: 1\r\n'],
  ['a request line', 'GET /', 'a'],
  ['a body', `${HEADERS}{"a":"`, 'x'],
  ['a chunked body', `${START}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, '1\r\n \r\n'],
])('%s without an end: 408, and others are answered meanwhile', async (_what, start, drip) => {
  const slow = Array.from({ length: CLIENTS }, () => dawdle(start, drip))
  let answers = 0
  while (!slow.every(({ isClosed }) => isClosed)) {
    expect((await host.ask('GET', '/_now')).status).toBe(200)
    answers++
  }
  expect(answers).toBeGreaterThan(0)
  for (const { answer } of slow) expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  expect((await host.ask('GET', '/_now')).status).toBe(200)
})

test('the answer is an error in the protocol\'s shape', async () => {
  const slow = dawdle(HEADERS, 'x')
  await closed(slow)
  const [head = '', body = ''] = slow.answer.split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application\/json/)
  expect(JSON.parse(body)).toEqual({ status: 408, message: 'The request did not arrive in time.' })
})

test('connections of slow clients are forgotten', async () => {
  const slow = Array.from({ length: CLIENTS }, () => dawdle(HEADERS, 'x'))
  const { connections } = host.host.rooms.gateway.entryPoint
  await until(() => connections.counts.http ?? 0, (count) => count > 0)
  await Promise.all(slow.map(closed))
  await until(() => connections.counts, (counts) => counts.http === undefined)
})

test('a slow client on a connection that was used before is sent away as well', async () => {
  const client = dawdle('GET /_now HTTP/1.1\r\nHost: localhost\r\n\r\n', '')
  await until(() => client.answer, (answer) => answer.includes('"result"'))
  client.socket.write(HEADERS)
  await closed(client)
  expect(client.answer).toMatch(/HTTP\/1\.1 408 /)
})

test('headers without end in number are refused with 431', async () => {
  const client = dawdle(START, `X-Long: ${'x'.repeat(4000)}\r\n`)
  await closed(client)
  expect(client.answer).toMatch(/^HTTP\/1\.1 431 /)
})

test('a connection may lie idle for longer than proxies keep theirs, which is a minute', async () => {
  const client = dawdle('GET /_now HTTP/1.1\r\nHost: localhost\r\n\r\n', '')
  const answer = await until(() => client.answer, (text) => text.includes('\r\n\r\n'), 20_000)
  expect(Number(/^Keep-Alive: timeout=(\d+)/mi.exec(answer)?.[1])).toBeGreaterThan(60)
})
