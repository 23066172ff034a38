import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { HostProcess, runCommand } from '../support/run-host.js'
import { asker, createProject } from '../support/start-host.js'

// TypeScript takes its time for a first look at everything.
jest.setTimeout(180_000)

let root: string
let dev: HostProcess

beforeAll(async () => {
  root = createProject()
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions: { rootDir: '/', incremental: false }, include: ['plugins/available/*/src'] }))
  await runCommand(root, ['new', 'plugin', 'geo'])
  await runCommand(root, ['plugins', 'enable', 'geo'])
  dev = new HostProcess('cli', { cwd: root, args: ['dev'], env: { MORTISE_SERVER__PORT: '0' } })
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

/** Where the host listens that was started last, once it was started so many times. */
const listening = async (times: number): Promise<string> =>
  `http://127.0.0.1:${await dev.said(new RegExp(`${'listens on http[^]*'.repeat(times - 1)}listens on http://localhost:(\\d+)[^]*access .*\\n`))}`

const greet = async (url: string): Promise<unknown> => (await asker(url)('GET', '/_/geo/greetings/Ann')).body.result.greeting

test('mortise dev runs the host and shows each request', async () => {
  expect(await greet(await listening(1))).toBe('Hello Ann')
  expect(await dev.said(/info {2}request {6}http (geo\/greetings:greet 200)/)).toBe('geo/greetings:greet 200')
})

test('a change is compiled, and the host starts anew with it', async () => {
  edit('settings.ts', 'Hello', 'Salut')
  await dev.said(/geo: compiled in \d+ ms, the host starts anew/)
  expect(await greet(await listening(2))).toBe('Salut Ann')
})

test('what cannot be compiled is told, and the host goes on with what it has', async () => {
  const url = await listening(2)
  edit('settings.ts', 'z.object({', 'z.object({{')
  await dev.said(/"geo" cannot be compiled:\nsrc\/settings\.ts: /)
  expect(await greet(url)).toBe('Salut Ann')
  edit('settings.ts', 'z.object({{', 'z.object({')
  expect(await greet(await listening(3))).toBe('Salut Ann')
})

test('an error of types is shown with its place, and keeps nothing from running', async () => {
  edit('greetings.ts', 'count(): Promise<number>', 'count(): Promise<string>')
  expect(await dev.said(/plugins\/available\/geo\/src\/greetings\.ts\(\d+,\d+\): error (TS2322)/)).toBe('TS2322')
  expect(await greet(await listening(4))).toBe('Salut Ann')
})

test('it ends with everything that it has started', async () => {
  const url = await listening(4)
  expect((await dev.stop('SIGINT')).code).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})
