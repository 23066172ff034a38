import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import { openLog } from '../../src/logger.js'
import { startMortise, type RunningMortise } from '../../src/start-mortise.js'

const FIXTURES = fileURLToPath(new URL('../fixtures/plugins', import.meta.url))
const PLUGINS = ['classic-that-is-a-function', 'classic-with-an-api', 'classic-that-calls-in', 'classic-that-stores', 'that-greets']

let root: string
let running: RunningMortise
let client: Kuzzle

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mortise-classic-e2e-'))
  mkdirSync(join(root, 'plugins/enabled'), { recursive: true })
  for (const plugin of PLUGINS) symlinkSync(join(FIXTURES, plugin), join(root, 'plugins/enabled', plugin))
  const config = { server: { port: 0, host: '127.0.0.1' }, plugins: { 'classic-that-is-a-function': { greeting: 'Good evening' } } }
  running = await startMortise({ root, config, logger: openLog('silent') })
  client = new Kuzzle(new WebSocket('127.0.0.1', { port: running.port }))
  await client.connect()
})
afterAll(async () => {
  client.disconnect()
  await running.close()
  rmSync(root, { recursive: true, force: true })
})

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`http://127.0.0.1:${running.port}${path}`, init)
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type'), text, json: () => JSON.parse(text) as Record<string, unknown> }
}

describe('a classic plugin', () => {
  test('answers on its own routes', async () => {
    const answer = await get('/_plugin/classic-that-is-a-function/hello/Ada')
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ controller: 'classic-that-is-a-function/greetings', action: 'hello', result: 'Good evening Ada' })
  })

  test('answers on paths that no plugin\'s name stands in', async () => {
    expect((await get('/apples/7')).json()).toMatchObject({ result: { picked: '7', by: 'ClassicWithAnApi' } })
    expect((await get('/_/apples/red/count-all')).json()).toMatchObject({ result: 3 })
  })

  test('answers over WebSocket', async () => {
    await expect(client.query({ controller: 'classic-that-is-a-function/greetings', action: 'hello', name: 'Eve' })).resolves.toMatchObject({ result: 'Good evening Eve' })
  })

  test.each([
    ['raw-by-switch', 200, 'text/plain', 'raw'],
    ['raw-by-configuration', 201, 'text/csv', 'a,b'],
    ['raw-by-result', 202, null, 'raw'],
  ])('answers raw: %s', async (action, status, type, text) => {
    const answer = await get(`/_/answers/${action}`)
    expect(answer).toMatchObject({ status, text })
    if (type) expect(answer.type).toContain(type)
  })

  test('tells its own errors, with whatever it added to them', async () => {
    const [declared, extended] = [await get('/_/failures/declared'), await get('/_/failures/with-property')]
    expect(declared.status).toBe(412)
    expect(declared.json().error).toMatchObject({ id: 'plugin.classic-with-an-api.rotten', message: 'The apple has been rotten for 3 days.', status: 412 })
    expect(extended.json().error).toMatchObject({ status: 401, resetToken: 'r1' })
    await expect(client.query({ controller: 'failures', action: 'declared' })).rejects.toMatchObject({ id: 'plugin.classic-with-an-api.rotten', status: 412 })
  })

  test('is told of a client\'s requests and changes them', async () => {
    await client.server.now({})
    const seen = await get('/_plugin/classic-that-is-a-function/seen', { method: 'POST' })
    expect(seen.json().result).toContainEqual(['server:afterNow'])
  })

  test('is listed beside the decorated ones', async () => {
    const { result } = await client.query({ controller: 'server', action: 'info' })
    expect(Object.keys((result as { serverInfo: { kuzzle: { plugins: object } } }).serverInfo.kuzzle.plugins)).toEqual(expect.arrayContaining(PLUGINS))
  })
})
