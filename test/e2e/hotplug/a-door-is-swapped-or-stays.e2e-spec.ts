import { createServer, connect, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { createHotProject, type HotProject } from '../../support/hot-project.js'
import { runHost, type HostProcess } from '../../support/run-host.js'
import { asker, type WireAnswer } from '../../support/start-host.js'

// Processes are started one after another.
jest.setTimeout(120_000)

let project: HotProject
let host: HostProcess
let ask: ReturnType<typeof asker>
let port: number

/** A port that is free just now. */
async function freePort(): Promise<number> {
  const server = await take(0)
  const { port: free } = server.address() as AddressInfo
  await new Promise((done) => { server.close(done) })
  return free
}

const take = (wanted: number): Promise<Server> =>
  new Promise((done, fail) => { const server = createServer().once('error', fail).listen(wanted, '127.0.0.1', () => done(server)) })

/** The plugin with a door, which says its word to whoever connects, and counts those that are in. */
const door = (word: string, at: number, onStart = ''): void => project.write('stamp', {
  word,
  more: `
    import { createServer } from 'node:net'
    import { Protocol } from '@mortise/sdk'
    class Door {
      async start(entryPoint) {
        ${onStart}
        this.server = createServer((socket) => socket.on('error', () => undefined).end(${JSON.stringify(word)}))
        await new Promise((done, fail) => { this.server.once('error', fail).listen(${at}, '127.0.0.1', done) })
      }
      stop() { return new Promise((done) => { this.server ? this.server.close(done) : done() }) }
      broadcast() {}
      notify() {}
      joinChannel() {}
      leaveChannel() {}
      disconnect() {}
    }
    Protocol('line')(Door)`,
  providers: ['Door'],
})

/** What the door says; the fault's code where nobody opens. */
const heard = (at = port): Promise<string> => new Promise((done) => {
  let text = ''
  connect(at, '127.0.0.1').on('data', (chunk: Buffer) => { text += chunk.toString() }).on('error', (error: NodeJS.ErrnoException) => done(String(error.code))).on('close', () => done(text))
})

const reload = (): Promise<WireAnswer> => ask('POST', '/_plugins/stamp/_reload')
const stamped = async (): Promise<unknown> => (await ask('GET', '/_now')).body.result.word

beforeAll(async () => {
  project = createHotProject()
  port = await freePort()
  door('zero', port)
  project.link('stamp')
  host = runHost(project.root, { env: { NODE_ENV: 'development', MORTISE_PLUGINS__WATCH: 'false' } })
  ask = asker(await host.listening())
})
afterAll(async () => {
  await host.stop('SIGKILL')
  project.remove()
})

test('a new door takes the port of the one before', async () => {
  expect([await heard(), await stamped()]).toEqual(['zero', 'zero'])
  door('one', port)
  expect((await reload()).body.error).toBeNull()
  expect([await heard(), await stamped()]).toEqual(['one', 'one'])
})

test('where the new door does not open, the old plugin is back whole, door and pipe and route', async () => {
  const squatter = await take(0)
  door('two', (squatter.address() as AddressInfo).port)
  const { status, body } = await reload()
  expect([status, body.error.message]).toEqual([412, expect.stringContaining('EADDRINUSE')])
  expect(body.error.message).toContain('Plugin "stamp" stays as it was.')
  expect([await heard(), await stamped(), (await ask('GET', '/_/stamp/word')).body.result]).toEqual(['one', 'one', 'one'])
  squatter.close()
  door('three', port, 'throw new Error("it is jammed")')
  expect((await reload()).body.error.message).toContain('it is jammed')
  expect([await heard(), await stamped()]).toEqual(['one', 'one'])
  door('four', port)
  expect((await reload()).status).toBe(200)
  expect([await heard(), await stamped()]).toEqual(['four', 'four'])
})

test('a door goes with its plugin, and comes with it again', async () => {
  expect((await ask('POST', '/_plugins/stamp/_disable')).status).toBe(200)
  expect(await heard()).toBe('ECONNREFUSED')
  expect((await ask('POST', '/_plugins/stamp/_enable')).status).toBe(200)
  expect(await heard()).toBe('four')
})
