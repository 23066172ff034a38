import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { HostProcess, runCommand } from '../support/run-host.js'
import { until } from '../support/until.js'
import { asker, createProject } from '../support/start-host.js'

// TypeScript takes its time for a first look at everything.
jest.setTimeout(180_000)

const KEY = { MORTISE_SECRETS_KEY: 'a key that nobody guesses in a hurry' }

let root: string
let dev: HostProcess
/** Where the host listens that was started first. */
let url: string

beforeAll(async () => {
  root = createProject()
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions: { rootDir: '/', incremental: false }, include: ['plugins/available/*/src'] }))
  await runCommand(root, ['new', 'plugin', 'geo'])
  await runCommand(root, ['plugins', 'enable', 'geo'])
  dev = new HostProcess('cli', { cwd: root, args: ['dev'], env: { MORTISE_SERVER__PORT: '0', ...KEY } })
  url = await dev.listening()
})
afterAll(async () => {
  await dev.stop('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

/** Changes a source of the plugin, as an editor does when a person saves. */
function edit(file: string, from: string, to: string): void {
  const path = join(root, 'plugins/available/geo/src', file)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
}

const greet = async (at = url): Promise<unknown> => (await asker(at)('GET', '/_/geo/greetings/Ann')).body.result.greeting

/** Resolves once changes have been taken up so many times. */
const reloaded = (times: number): Promise<string> => dev.said(new RegExp('geo: compiled in \\d+ ms, reloaded in \\d+ ms[^]*'.repeat(times)))

/** Resolves once so many hosts have been started; the last is the one to ask. */
async function listens(times: number): Promise<void> {
  const port = await dev.said(new RegExp(`(?:listens on http[^]*){${times - 1}}listens on http://localhost:(\\d+)[^]*access .*\\n`))
  url = `http://127.0.0.1:${port}`
}

/** How many hosts have been started. */
const starts = (): number => dev.out.match(/listens on http/g)?.length ?? 0

test('mortise dev runs the host and shows each request', async () => {
  expect(await greet()).toBe('Hello Ann')
  expect(await dev.said(/info {2}request {6}http (geo\/greetings:greet 200)/)).toBe('geo/greetings:greet 200')
})

test('a request is shown with the listeners that it came by, beside what the plugin logs', async () => {
  const ask = asker(url)
  await ask('PUT', '/shop')
  await ask('PUT', '/shop/notes')
  await ask('POST', '/shop/notes/one/_create', { body: { title: 'milk' } })
  await ask('DELETE', '/shop/notes/one')
  expect(await dev.said(/http document:create 200 [\d.]+ ms {2}#\w+\n {2}by {4}(pipe document:beforeCreate {2}geo GeoPlugin\.check) [\d.]+ ms\n/)).toBe('pipe document:beforeCreate  geo GeoPlugin.check')
  const tag = await dev.said(/info {2}geo {10}shop\/notes: one is gone {2}#(\w+)\n/)
  await dev.said(new RegExp(`http document:delete 200 [\\d.]+ ms {2}#${tag}\n {2}by {4}hook document:afterDelete {2}geo GeoPlugin\\.log [\\d.]+ ms\n`))
})

test('a change is compiled and served by the same process', async () => {
  edit('settings.ts', 'Hello', 'Salut')
  await reloaded(1)
  expect([await greet(), starts()]).toEqual(['Salut Ann', 1])
})

test('what cannot be compiled is told, and the host goes on with what it has', async () => {
  edit('settings.ts', 'z.object({', 'z.object({{')
  await dev.said(/"geo" cannot be compiled:\nsrc\/settings\.ts: /)
  expect(await greet()).toBe('Salut Ann')
  edit('settings.ts', 'z.object({{', 'z.object({')
  await reloaded(2)
  expect([await greet(), starts()]).toEqual(['Salut Ann', 1])
})

test('what cannot be loaded is told, and the plugin before goes on', async () => {
  edit('settings.ts', 'import', 'throw new Error("not today")\nimport')
  await dev.said(/Plugin "geo" stays as it was\.[^]*not today/)
  expect(await greet()).toBe('Salut Ann')
  edit('settings.ts', 'throw new Error("not today")\n', '')
  await reloaded(3)
})

test('an error of types is shown with its place, and keeps nothing from running', async () => {
  edit('greetings.ts', 'count(): Promise<number>', 'count(): Promise<string>')
  expect(await dev.said(/plugins\/available\/geo\/src\/greetings\.ts\(\d+,\d+\): error (TS2322)/)).toBe('TS2322')
  await reloaded(4)
  expect([await greet(), starts()]).toEqual(['Salut Ann', 1])
})

test('a plugin that takes the host down is told, and mended by the next change', async () => {
  edit('settings.ts', 'import', 'process.exit(7)\nimport')
  await dev.said(/The host has ended with 7\. It starts anew at the next change\./)
  edit('settings.ts', 'process.exit(7)\n', '')
  await listens(2)
  expect([await greet(), starts()]).toEqual(['Salut Ann', 2])
})

test('a configuration that is wrong is told, and one that is right is what the host starts anew with', async () => {
  const file = join(root, 'mortise.config.json')
  writeFileSync(file, '{ "plugins": { "geo": { "greeting": "Ahoy" } }, "sever": {} }')
  await dev.said(/sever[^]*"server"[^]*The host goes on as it was configured\./)
  expect([await greet(), starts()]).toEqual(['Salut Ann', 2])
  writeFileSync(file, '{ "plugins": { "geo": { "greeting": "Ahoy" } } }')
  await dev.said(/mortise\.config\.json has changed: the host starts anew/)
  await listens(3)
  expect([await greet(), starts()]).toEqual(['Ahoy Ann', 3])
})

test('secrets are followed as the configuration is, and one that cannot be read is told', async () => {
  const file = join(root, 'mortise.secrets')
  writeFileSync(file, 'no secrets')
  await dev.said(/mortise\.secrets[^]*The host goes on as it was configured\.\n(?![^]*The host goes on)/)
  expect([await greet(), starts()]).toEqual(['Ahoy Ann', 3])
  rmSync(file)
  await listens(4)
  const typed = new HostProcess('cli', { cwd: root, args: ['secrets', 'set', 'geo', 'key'], env: KEY })
  typed.type('open sesame')
  expect(await typed.ended).toMatchObject({ code: 0 })
  await listens(5)
  expect(await greet()).toBe('Ahoy Ann')
  await dev.said(/(?:mortise\.secrets has changed: the host starts anew[^]*){2}/)
})

test('it ends with everything that it has started', async () => {
  expect((await dev.stop('SIGINT')).code).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

test('when it is killed, the host that it has started ends by itself', async () => {
  dev = new HostProcess('cli', { cwd: root, args: ['dev'], env: { MORTISE_SERVER__PORT: '0', ...KEY } })
  url = await dev.listening()
  expect(await greet()).toBe('Ahoy Ann')
  await dev.stop('SIGKILL')
  await until(() => greet().then(() => true, () => false), (isThere) => !isThere)
})
