import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { NpmRegistry, pack, writePackage } from '../support/npm-registry.js'
import { runCommand, runHost, type HostProcess, type Outcome } from '../support/run-host.js'
import { asker, createProject } from '../support/start-host.js'

/** A classic plugin whose answer and listeners a test chooses. */
const geo = (version: string, answer: string, hook: string) => ({
  'package.json': JSON.stringify({ name: 'geo', version, main: 'index.js', dependencies: { dep: '1.0.0' }, scripts: { postinstall: 'echo run > was-run' } }),
  'manifest.json': '{ "name": "geo", "kuzzleVersion": ">=2.0.0 <3.0.0" }',
  'index.js': `
    const dep = require('dep')
    module.exports = class Geo {
      init (config, context) {
        this.secret = context.secrets.apiKey
        this.api = { geo: { actions: { ask: { handler: async () => ${JSON.stringify(answer)} + dep, http: [{ verb: 'get', path: 'geo/ask' }] } } } }
        this.hooks = { '${hook}': () => fetch('http://localhost/') }
      }
    }`,
})

// Installing is npm's work, in a process of its own.
jest.setTimeout(120_000)

const registry = new NpmRegistry()
const scratch = mkdtempSync(join(tmpdir(), 'mortise-packages-'))
let root: string
let host: HostProcess | undefined

beforeAll(async () => {
  await registry.start()
  registry.publish(writePackage(join(scratch, 'dep'), { 'package.json': '{ "name": "dep", "version": "1.0.0" }', 'index.js': 'module.exports = "!"' }), scratch)
  registry.publish(writePackage(join(scratch, 'geo-1'), geo('1.0.0', 'one', 'document:afterCreate')), scratch)
})
afterAll(() => {
  registry.close()
  rmSync(scratch, { recursive: true, force: true })
})

beforeEach(() => {
  root = createProject(['hello-world'])
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, '.npmrc'), `registry=${registry.url}\ncache=${join(scratch, 'cache')}\n`)
})
afterEach(async () => {
  await host?.stop('SIGKILL')
  host = undefined
  rmSync(root, { recursive: true, force: true })
})

const plugins = (...words: string[]): Promise<Outcome> => runCommand(root, ['plugins', ...words])
const at = (path: string): string => join(root, 'plugins', path)
const lock = (): Record<string, Record<string, string>> => (JSON.parse(readFileSync(at('plugins.lock.json'), 'utf8')) as { plugins: Record<string, Record<string, string>> }).plugins
/** What a refusal must leave as it was. */
const everything = (): string[] => (readdirSync(at('.'), { recursive: true }) as string[]).filter((path) => !path.includes('hello-world')).sort()

describe('mortise plugins add', () => {
  test('installs from a registry with all dependencies, runs no script, and tells what it is, brings, requires and touches', async () => {
    const { code, out } = await plugins('add', 'geo')
    expect([code, out]).toEqual([0, expect.stringMatching(/^geo 1\.0\.0\n {2}shape {6}classic, of the second generation, for hosts >=2\.0\.0 <3\.0\.0\n/)])
    for (const words of ['hook    document:afterCreate', 'action  geo:ask', 'GET /_/geo/ask', 'secret "apiKey": set MORTISE_SECRETS__GEO__API_KEY', 'network (fetch)', 'conflicts  none', 'Install scripts were not run, of: geo']) {
      expect(out).toContain(words)
    }
    expect(lock()).toEqual({ geo: { package: 'geo', version: '1.0.0', from: 'geo', integrity: expect.stringMatching(/^sha512-/), content: expect.stringMatching(/^sha512-/) } })
    expect(['available/geo/node_modules/dep', 'available/geo/was-run', 'enabled/geo'].map((path) => existsSync(at(path)))).toEqual([true, false, false])
    expect(readdirSync(at('.')).sort()).toEqual(['available', 'enabled', 'plugins.lock.json'])
  })

  test('links what lies in a folder when asked to, and the host runs it', async () => {
    const folder = writePackage(join(scratch, 'map'), { 'package.json': '{ "name": "@acme/map", "version": "2.0.0", "main": "i.js" }', 'manifest.json': '{ "name": "map", "kuzzleVersion": ">=2" }', 'i.js': 'module.exports = class { init() { this.api = { map: { actions: { show: { handler: async () => "shown" } } } } } }' })
    expect(await plugins('add', folder, '--enable')).toMatchObject({ code: 0, out: expect.stringContaining('"map" is enabled.') })
    expect(lock().map).toMatchObject({ package: '@acme/map', from: folder })
    host = runHost(root)
    expect((await asker(await host.listening())('GET', '/_/map/show')).body.result).toBe('shown')
  })

  test('tells for which hosts a class is that says so itself', async () => {
    const folder = writePackage(join(scratch, 'tide'), {
      'package.json': '{ "name": "kuzzle-plugin-tide", "version": "3.1.0", "main": "i.js" }',
      'i.js': `
        const { Plugin } = require('kuzzle')
        class TidePlugin extends Plugin {
          constructor() { super({ kuzzleVersion: '>=2.16.9 <3' }) }
          async init() { this.hooks = { 'server:afterNow': () => undefined } }
        }
        module.exports = { TidePlugin }`,
    })
    expect(await plugins('add', folder)).toMatchObject({ code: 0, out: expect.stringMatching(/^tide 3\.1\.0\n {2}shape {6}classic, of the second generation, for hosts >=2\.16\.9 <3\n/) })
  })

  test('takes a tarball, and prints its report as JSON', async () => {
    const { code, out } = await plugins('add', pack(join(scratch, 'geo-1'), scratch), '--json')
    expect([code, JSON.parse(out)]).toMatchObject([0, { name: 'geo', version: '1.0.0', shape: 'classic', faults: [], conflicts: [] }])
    expect(lock().geo).toMatchObject({ integrity: expect.stringMatching(/^sha512-/) })
  })

  test('leaves disabled what the configuration has nothing for yet', async () => {
    const folder = writePackage(join(scratch, 'strict'), {
      'package.json': '{ "name": "strict", "version": "1.0.0", "type": "module", "main": "index.js" }',
      'index.js': `import { Plugin } from '@mortise/sdk'
        const validate = (value) => value.url ? { value } : { issues: [{ message: 'expected a URL', path: ['url'] }] }
        export default class Strict { onModuleInit() {} }
        Plugin({ name: 'strict', host: '^0.1.0', config: { '~standard': { version: 1, vendor: 'test', validate } } })(Strict)`,
    })
    const { code, out } = await plugins('add', folder, '--enable')
    expect([code, out]).toEqual([0, expect.stringMatching(/requires {3}plugins\.strict\.url: expected a URL[^]+stays disabled/)])
    expect([existsSync(at('available/strict')), existsSync(at('enabled/strict'))]).toEqual([true, false])
  })

  test.each<[string, Record<string, string>, string]>([
    ['ends the process that it is loaded in', { 'index.js': 'console.error("oh no"); process.exit(3)' }, 'its process ended with 3 before it was loaded.\noh no'],
    ['throws when it is imported', { 'index.js': 'throw new Error("born dead")' }, 'threw while it was imported: born dead'],
    ['is made for other hosts', { 'index.js': 'module.exports = class { init() {} }', 'manifest.json': '{ "name": "bad", "kuzzleVersion": ">=3" }' }, 'plugin.manifest.version_mismatch'],
    ['bears the name of an enabled one', { 'index.js': 'module.exports = class { init() {} }', 'manifest.json': '{ "name": "hello-world", "kuzzleVersion": ">=2" }' }, 'conflicts  plugin.assert.name_already_exists'],
  ])('refuses what %s, and leaves nothing of it', async (_what, files, words) => {
    const folder = writePackage(mkdtempSync(join(scratch, 'bad-')), { 'package.json': '{ "name": "bad", "version": "1.0.0", "main": "index.js" }', ...files })
    const before = everything()
    expect(await plugins('add', folder)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(words) })
    expect(everything()).toEqual(before)
  })

  test('refuses what does not exist, what is no source, and a name that is taken', async () => {
    expect(await plugins('add', 'gep')).toMatchObject({ code: 1, err: expect.stringContaining('the registry has no such package') })
    expect(await plugins('add', 'git+https://example.com/geo.git')).toMatchObject({ code: 1, err: expect.stringContaining('neither the name of a package nor an existing folder') })
    await plugins('add', 'geo')
    expect(await plugins('add', 'geo')).toMatchObject({ code: 1, err: expect.stringContaining('"geo" is in plugins/available already. Run "mortise plugins update geo"') })
  })
})

describe('an installed plugin', () => {
  beforeEach(async () => {
    expect(await plugins('add', 'geo@1.0.0', '--enable')).toMatchObject({ code: 0 })
  })

  test('that has changed keeps the host from starting, until it is told otherwise', async () => {
    appendFileSync(at('available/geo/node_modules/dep/index.js'), '// changed')
    const refused = await runHost(root).ended
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/plugin\.integrity\.changed: Plugin "geo" is not what was installed[^]+mortise plugins update geo/) })
    host = runHost(root, { env: { MORTISE_PLUGINS__COMMON__INTEGRITY: 'warn' } })
    await host.listening()
    expect((await host.stop()).out).toContain('is not what was installed')
    expect(await plugins('lock', 'geo')).toMatchObject({ code: 0, out: '"geo" is locked as it is now.\n' })
    host = runHost(root)
    expect((await asker(await host.listening())('GET', '/_/geo/ask')).body.result).toBe('one!')
  })

  test('is replaced by an update, which shows the difference before and after', async () => {
    registry.publish(writePackage(join(scratch, 'geo-2'), { ...geo('2.0.0', 'two', 'document:afterDelete'), 'new.js': '' }), scratch)
    const difference = ['geo 1.0.0 → 2.0.0', '  files   1 new, 0 gone, 2 changed', '  - hook    document:afterCreate', '  + hook    document:afterDelete'].join('\n')
    expect(await plugins('update', 'geo', 'geo@latest', '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining(`${difference}\n`) })
    expect(lock().geo?.version).toBe('1.0.0')
    expect(await plugins('update', 'geo')).toMatchObject({ code: 0, out: expect.stringContaining('"geo" is 1.0.0 already, and as it was installed from "geo@1.0.0"') })
    expect(await plugins('update', 'geo', 'geo@latest')).toMatchObject({ code: 0, out: expect.stringContaining(`${difference}\n`) })
    expect([lock().geo?.version, existsSync(at('available/geo/new.js'))]).toEqual(['2.0.0', true])
    expect(readdirSync(at('.')).sort()).toEqual(['available', 'enabled', 'plugins.lock.json'])
  })

  test('stays when its update cannot be loaded', async () => {
    const folder = writePackage(mkdtempSync(join(scratch, 'bad-')), { ...geo('3.0.0', '', 'x'), 'index.js': 'throw new Error("born dead")' })
    expect(await plugins('update', 'geo', folder)).toMatchObject({ code: 1, err: expect.stringMatching(/"geo" stays at 1\.0\.0[^]+born dead/) })
    expect(lock().geo?.version).toBe('1.0.0')
  })

  test('goes without a trace, and what was not installed is left alone', async () => {
    writePackage(at('available/own'), { 'package.json': '{}' })
    expect(await plugins('remove', 'geo')).toMatchObject({ code: 0, out: expect.stringContaining('"geo" is removed. What it has stored stays') })
    expect([existsSync(at('available/geo')), existsSync(at('enabled/geo')), lock()]).toEqual([false, false, {}])
    expect(await plugins('remove', 'own')).toMatchObject({ code: 1, err: expect.stringContaining('was not installed by "mortise plugins add"') })
    expect(await plugins('update', 'own')).toMatchObject({ code: 1, err: expect.stringContaining('was not installed by "mortise plugins add"') })
    expect(await plugins('remove', 'constructor')).toMatchObject({ code: 1, err: expect.stringContaining('No plugin "constructor" is in the lock file') })
    expect(existsSync(at('available/own/package.json'))).toBe(true)
  })
})
