import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { runHost, type HostProcess } from '../support/run-host.js'
import { asker, createProject } from '../support/start-host.js'

let root: string
let host: HostProcess
let url: string
let ask: ReturnType<typeof asker>

beforeAll(async () => {
  root = createProject(['that-misbehaves', 'sample'])
  host = runHost(root)
  url = await host.listening()
  ask = asker(url)
  await ask('PUT', '/shop/notes', { body: {} })
})
afterAll(async () => {
  await host.stop()
  rmSync(root, { recursive: true, force: true })
})
afterEach(async () => {
  expect((await ask('GET', '/_now')).status).toBe(200)
})

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

describe('an error that nobody catches', () => {
  test.each([
    ['thrown', 'throwAstray', 'thrown into the void'],
    ['rejected', 'rejectAstray', 'rejected into the void'],
  ])('is logged under the name of the plugin that has %s it', async (_how, action, words) => {
    expect((await ask('GET', `/_/that-misbehaves/acts/${action}`)).body).toMatchObject({ status: 200, result: 'done' })
    const line = await host.said(new RegExp(`^(.*${words}.*)$`, 'm'))
    expect(JSON.parse(line)).toMatchObject({ level: 50, plugin: 'that-misbehaves', msg: words })
  })
})

describe('a body nested 10,000 levels deep', () => {
  test.each(['/_/sample/echo/Ann', '/shop/notes/_create'])('is refused by its depth: POST %s', async (path) => {
    expect(await ask('POST', path, { body: nested(10_000) })).toMatchObject({ status: 400, body: { id: 'network.http.body_parse_failed' } })
  })

  test('leaves nothing in the store', async () => {
    expect((await ask('POST', '/shop/notes/_count', { body: {} })).body.result).toEqual({ count: 0 })
  })

  test('is refused when it hides a prototype', async () => {
    expect((await ask('POST', '/_/sample/echo/Ann', { body: `{"__proto__":${nested(10_000)}}` })).status).toBe(400)
  })

  test('is refused over WebSocket, too', async () => {
    const socket = new WebSocket(url.replace('http', 'ws'))
    await once(socket, 'open')
    socket.send(`{"controller":"sample","action":"echo","requestId":"deep","body":${nested(10_000)}}`)
    const [frame] = await once(socket, 'message') as [Buffer]
    expect(JSON.parse(frame.toString())).toMatchObject({ error: { id: 'network.websocket.unexpected_error', message: expect.stringContaining('nested deeper') } })
    socket.close()
  })
})
