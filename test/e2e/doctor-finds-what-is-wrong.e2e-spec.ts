import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { NODE } from '../../src/examine.js'
import { runCommand, type Outcome } from '../support/run-host.js'
import { createProject } from '../support/start-host.js'

let root: string
beforeEach(() => { root = createProject(['hello-world']) })
afterEach(() => rmSync(root, { recursive: true, force: true }))

const doctor = (env: Record<string, string> = {}, ...words: string[]): Promise<Outcome> => runCommand(root, ['doctor', ...words], { MORTISE_SERVER__PORT: '0', ...env })

test('a sound installation has no problem, and nothing is made by looking at it', async () => {
  const { code, out, err } = await doctor({}, '--json')
  expect([code, err]).toEqual([0, ''])
  expect((JSON.parse(out) as { about: string; state: string }[]).map(({ about, state }) => `${about} ${state}`)).toEqual(['Node ok', 'configuration ok', 'port ok', 'store ok', 'plugins ok', 'secrets ok'])
  expect(existsSync(join(root, 'data/mortise.sqlite'))).toBe(false)
})

test('each thing that is wrong is told with its remedy, without colours, and the process ends with 1', async () => {
  const other = createServer()
  await new Promise<void>((done) => { other.listen(0, '0.0.0.0', done) })
  symlinkSync('../available/gone', join(root, 'plugins/enabled/gone'))
  writeFileSync(join(root, 'notes.txt'), 'remember the milk, '.repeat(100))
  const { code, out, err } = await doctor({
    MORTISE_SERVER__PORT: String((other.address() as AddressInfo).port), MORTISE_STORAGE__PATH: 'notes.txt', MORTISE_SECRETS__HELLO_WORLD__KEY: 'changeme',
  })
  other.close()
  for (const words of ['cannot be listened on: EADDRINUSE', 'set server.port to another', 'The file is no SQLite database', 'the link leads to', 'mortise plugins disable gone', '"key" of "hello-world" is a word that everybody tries first', 'MORTISE_SECRETS__HELLO_WORLD__KEY']) {
    expect(out).toContain(words)
  }
  expect(out).not.toContain('changeme')
  expect(out).not.toContain('\u001b[')
  expect([code, err]).toEqual([1, 'There are 4 problems.\n'])
})

test('a configuration that cannot be read is the first thing to mend', async () => {
  writeFileSync(join(root, 'mortise.config.json'), '{ "server": { "prot": 80 } }')
  expect(await doctor()).toMatchObject({ code: 1, out: expect.stringContaining('server.prot: there is no such key. Did you mean "port"?') })
})

test('a secret that a plugin asks for and nobody has set is a warning, and no problem', async () => {
  for (const name of ['checkout', 'auth-local']) symlinkSync(resolve('plugins/available', name), join(root, 'plugins/enabled', name))
  const { code, out } = await doctor({}, '--json')
  // A collection that a plugin calls "secrets" holds none of these.
  expect(out).not.toContain('is asked for by \"auth-local\"')
  expect(JSON.parse(out)).toContainEqual({ about: 'secrets', state: 'warning', message: '"key" is asked for by "checkout" and not set.', remedy: 'Set MORTISE_SECRETS__CHECKOUT__KEY if it is needed.' })
  expect(code).toBe(0)
})

test('a store that cannot be reached or made is a problem, and names its place', async () => {
  expect(await doctor({ MORTISE_STORAGE__URL: 'postgres://nobody@127.0.0.1:9/none' })).toMatchObject({ code: 1, out: expect.stringMatching(/problem +store [^]*at +storage\.url/) })
  writeFileSync(join(root, 'notes.txt'), 'remember the milk')
  expect(await doctor({ MORTISE_STORAGE__PATH: 'notes.txt/mortise.sqlite' })).toMatchObject({ code: 1, out: expect.stringMatching(/problem +store +notes\.txt\/mortise\.sqlite cannot be made in .*\/notes\.txt\.\n +Let the host write there/) })
})

test('a plugin that cannot be loaded is a problem, with the report of the boot', async () => {
  symlinkSync(resolve('test/fixtures/plugins/that-throws-in-init'), join(root, 'plugins/enabled/that-throws-in-init'))
  expect(await doctor()).toMatchObject({ code: 1, out: expect.stringMatching(/problem +plugins [^]*that-throws-in-init/) })
})

test('the versions of Node are those of the package', () => {
  expect((JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }).engines.node).toBe(NODE)
})
