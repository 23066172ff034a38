import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { runCommand, runHost, type HostProcess } from '../support/run-host.js'
import { asker, createProject } from '../support/start-host.js'

let root: string
let host: HostProcess | undefined
beforeEach(() => {
  root = createProject(['hello-world'])
})
afterEach(async () => {
  await host?.stop('SIGKILL')
  host = undefined
  rmSync(root, { recursive: true, force: true })
})

const configure = (text: string, file = 'mortise.config.json'): void => writeFileSync(join(root, file), text)

describe('a start', () => {
  test('tells where it listens, what it loaded and how long that took, and what is open to whom', async () => {
    host = runHost(root)
    const url = await host.listening()
    expect(host.out).toMatch(/listens on http:\/\/localhost:\d+ and ws:\/\/localhost:\d+/)
    expect(host.out).toMatch(/hello-world {2}\S+ {2}decorated {2}[\d.]+ ms {2}plugins\/enabled\/hello-world/)
    expect(host.out).toMatch(/^access {3}open: everybody may do everything/m)
    expect((await asker(url)('GET', '/_/hello-world/hello/Ann')).body.result).toBe('Hello Ann')
  })

  test('on a port that is taken says so and ends with 1', async () => {
    const other = createServer()
    await new Promise<void>((done) => { other.listen(0, '0.0.0.0', done) })
    const { port } = other.address() as AddressInfo
    const { code, err } = await runHost(root, { env: { MORTISE_SERVER__PORT: String(port) } }).ended
    other.close()
    expect(code).toBe(1)
    expect(err).toContain(String(port))
    expect(err).not.toMatch(/^\s+at /m)
  })

  test('on a file that is no store says so and ends with 1', async () => {
    configure('{ "storage": { "path": "notes.txt" } }')
    writeFileSync(join(root, 'notes.txt'), 'remember the milk, '.repeat(100))
    const { code, err } = await runHost(root).ended
    expect(code).toBe(1)
    expect(err).toContain('The file is no SQLite database. Set another path')
    expect(err).not.toMatch(/^\s+at .*:\d+/m)
  })
})

describe('configuration', () => {
  test('is a file with comments, and the environment goes over it', async () => {
    configure('{\n  // for the door\n  "plugins": { "hello-world": { "greeting": "Hi" }, },\n  "server": { "port": 1 }\n}')
    host = runHost(root)
    expect((await asker(await host.listening())('GET', '/_/hello-world/hello/Ann')).body.result).toBe('Hi Ann')
  })

  test('may lie in another file, and a plugin\'s section in a variable', async () => {
    configure('{ "logging": { "level": "error" } }', 'other.json')
    host = runHost(root, { args: ['--config', 'other.json'], env: { MORTISE_PLUGINS__HELLO_WORLD__GREETING: 'Ahoy' } })
    expect((await asker(await host.listening())('GET', '/_/hello-world/hello/Ann')).body.result).toBe('Ahoy Ann')
  })

  test('that is wrong is refused as a whole: each key with the nearest right one', async () => {
    configure('{ "server": { "prot": 80, "host": 7 }, "storge": {}, "plugins": { "common": { "pipeTimout": 1 } } }')
    const { code, err } = await runHost(root).ended
    expect(code).toBe(1)
    for (const words of ['server.prot: there is no such key. Did you mean "port"?', 'storge: there is no such key. Did you mean "storage"?', 'plugins.common.pipeTimout: there is no such key. Did you mean "pipeTimeout"?', 'server.host: ']) expect(err).toContain(words)
  })

  test('keeps secrets where nobody sees them', async () => {
    host = runHost(root, { env: { MORTISE_SECRETS__HELLO_WORLD__API_KEY: 'hush-hush-7', MORTISE_LOGGING__LEVEL: 'silly' } })
    const ask = asker(await host.listening())
    for (const path of ['/_getConfig', '/_serverInfo', '/']) expect((await ask('GET', path)).text).not.toContain('hush-hush-7')
    const { out, err } = await host.stop()
    expect(out + err).not.toContain('hush-hush-7')
  })
})

describe('SIGTERM', () => {
  test('ends what is at work, answers it, and ends with 0', async () => {
    const folder = join(root, 'plugins/slow')
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "name": "slow", "version": "1.0.0", "main": "index.js" }')
    writeFileSync(join(folder, 'index.js'), `
      module.exports = class Slow {
        init (config, context) {
          this.api = { slow: { actions: { work: { handler: () => { context.log.warn('at work'); return new Promise(done => setTimeout(() => done('done'), 300)) } } } } }
        }
      }`)
    symlinkSync(folder, join(root, 'plugins/enabled/slow'))
    host = runHost(root)
    const answer = asker(await host.listening())('GET', '/_/slow/work')
    await host.said(/at work/)
    const ended = host.stop()
    expect((await answer).body.result).toBe('done')
    expect((await ended).code).toBe(0)
  })
})

describe('mortise plugins', () => {
  beforeEach(() => {
    mkdirSync(join(root, 'plugins/available'))
    for (const name of ['created-at', 'stock-guard']) symlinkSync(resolve('plugins/available', name), join(root, 'plugins/available', name))
  })

  test('enables, lists and disables in the folder that it is called in', async () => {
    expect(await runCommand(root, ['plugins', 'enable', 'created-at'])).toMatchObject({ code: 0, out: expect.stringContaining('"created-at" is enabled. A restart brings:') })
    expect((await runCommand(root, ['plugins', 'list'])).out).toMatch(/created-at/)
    expect(await runCommand(root, ['plugins', 'disable', 'created-at'])).toMatchObject({ code: 0, out: expect.stringContaining('"created-at" is disabled. A restart takes away:') })
    expect(existsSync(join(root, 'plugins/enabled/created-at'))).toBe(false)
  })

  test('refuses an unknown name with 1 and the nearest one', async () => {
    const { code, err } = await runCommand(root, ['plugins', 'enable', 'stock-gaurd'])
    expect(code).toBe(1)
    expect(err).toContain('Did you mean "stock-guard"?')
  })
})

describe('a plugin that calls process.exit', () => {
  const start = (atStart: boolean): HostProcess => {
    symlinkSync(resolve('test/fixtures/plugins/that-ends-the-process'), join(root, 'plugins/enabled/that-ends-the-process'))
    configure(JSON.stringify({ plugins: { 'that-ends-the-process': { atStart } } }))
    return runHost(root)
  }

  test('while the host starts is told with its line, and is no success', async () => {
    const { code, out } = await start(true).ended
    expect(out).toMatch(/new Ends \([^)]*that-ends-the-process\/index\.js:6.*"msg":"process\.exit\(0\) was called, which ends the host/)
    expect(code).toBe(1)
  })

  test('later is told by its name', async () => {
    host = start(false)
    await fetch(`${await host.listening()}/_now`).catch(() => undefined)
    const { code, out } = await host.ended
    expect(out).toMatch(/"plugin":"that-ends-the-process".*"msg":"process\.exit\(3\) was called/)
    expect(code).toBe(3)
  })
})
