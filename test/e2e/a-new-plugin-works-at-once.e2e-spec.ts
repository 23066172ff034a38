import { spawn } from 'node:child_process'
import { cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runCommand, runHost, type Outcome } from '../support/run-host.js'
import { asker, createProject } from '../support/start-host.js'

const TEMPLATES = ['typescript', 'javascript', 'protocol', 'strategy', 'worker']

/** A project as this one is, but for the plugins: what checks plugins here checks those of people. */
let root: string

beforeAll(async () => {
  root = createProject()
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  for (const path of ['eslint.config.mjs', 'test/house/floors.json']) cpSync(path, join(root, path))
  write('tsconfig.json', { extends: resolve('tsconfig.json'), compilerOptions: { rootDir: '/', incremental: false }, include: ['plugins/available/*/src', 'plugins/available/*/test'] })
  writeFileSync(join(root, 'jest.config.mjs'), `
    import config from ${JSON.stringify(resolve('jest.config.mjs'))}
    export default { ...config, rootDir: ${JSON.stringify(resolve('.'))}, roots: [${JSON.stringify(join(root, 'plugins/available'))}] }`)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const write = (path: string, value: object): void => writeFileSync(join(root, path), JSON.stringify(value))

/** Runs a tool of this project on the other. */
function runTool(tool: string, args: readonly string[], cwd = root): Promise<Outcome> {
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', resolve('node_modules', tool), ...args], { cwd })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
  return new Promise((done) => { child.on('close', (code) => done({ code, out, err })) })
}

describe('mortise new plugin', () => {
  test.each(TEMPLATES)('makes a package from "%s" that can be enabled at once', async (template) => {
    const name = `my-${template}`
    const made = await runCommand(root, ['new', 'plugin', name, '--template', template])
    expect(made).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`plugins/available/${name} is made:`) })
    expect(made.out).toContain(`npx mortise plugins enable ${name}`)
    expect(await runCommand(root, ['plugins', 'enable', name])).toMatchObject({ code: 0, out: expect.stringContaining(`"${name}" is enabled.`) })
  })

  test('makes packages that run together', async () => {
    const host = runHost(root, { env: { MORTISE_PLUGINS__MY_PROTOCOL__PORT: '0', MORTISE_PLUGINS__MY_WORKER__ISOLATION: 'process' } })
    const ask = asker(await host.listening())
    expect((await ask('GET', '/_/my-typescript/greetings/Ann')).body.result).toEqual({ greeting: 'Hello Ann', visits: 1 })
    expect((await ask('GET', '/_/my-javascript/greetings/Ann')).body.result).toEqual({ greeting: 'Hello Ann' })
    const { count, process } = (await ask('GET', '/_/my-worker/primes/100')).body.result as { count: number; process: number }
    const { code } = await host.stop()
    expect([count, code]).toEqual([25, 0])
    expect(process).not.toBe(host.pid)
  })

  test('makes packages whose tests pass', async () => {
    const { code, err } = await runTool('jest/bin/jest.js', ['--config', join(root, 'jest.config.mjs')], resolve('.'))
    expect([code, /Test Suites:.*/.exec(err)?.[0]]).toEqual([0, 'Test Suites: 5 passed, 5 total'])
  }, 180_000)

  test('makes packages of sound types', async () => {
    expect(await runTool('typescript/bin/tsc', ['--noEmit', '-p', root])).toMatchObject({ code: 0, out: '' })
  }, 180_000)

  test('makes packages that keep this house\'s rules', async () => {
    expect(await runTool('eslint/bin/eslint.js', ['plugins/available'])).toMatchObject({ code: 0, out: '' })
  }, 180_000)
})

test('a plugin that cannot be made is told why, and the process ends with an error', async () => {
  expect(await runCommand(root, ['new', 'plugin', 'GeoFence'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Did you mean "geo-fence"?') })
  expect(await runCommand(root, ['new', 'plugin', 'geo', '--template', 'cobol'])).toMatchObject({ code: 2, err: expect.stringContaining('typescript, javascript, protocol, strategy, worker') })
})
