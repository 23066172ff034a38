import { rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { startMortise } from '../../src/index.js'
import { openLog } from '../../src/logger.js'
import { runHost } from '../support/run-host.js'
import { createProject } from '../support/start-host.js'

const created: string[] = []
const project = (enabled: readonly string[]): string => {
  const root = createProject(enabled)
  created.push(root)
  return root
}
afterEach(() => {
  for (const root of created.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** Everything that can be wrong with a folder of plugins: what is enabled, the fault told, and the remedy. */
const FAULTS: readonly [plugin: string, fault: RegExp, place: RegExp, remedy: RegExp][] = [
  ['that-throws-on-import', /^plugin\.runtime\.unexpected_error: .*threw while it was imported: the moon is full/m, /that-throws-on-import → index\.js/, /./],
  ['that-throws-in-its-constructor', /^plugin\.runtime\.failed_init: Plugin "that-throws-in-its-constructor" failed to start: no tea, no work/m, /that-throws-in-its-constructor → index\.js:6:11/, /./],
  ['that-throws-in-init', /^plugin\.runtime\.failed_init: Plugin "that-throws-in-init" failed to start: the database is asleep/m, /that-throws-in-init/, /./],
  ['that-never-ends-init', /^plugin\.runtime\.failed_init: Plugin "that-never-ends-init" .* within 200 ms/m, /that-never-ends-init/, /initTimeout/],
  ['that-hooks-an-unknown-event', /^plugin\.assert\.unknown_event: .*"server:afterNwo"/m, /that-hooks-an-unknown-event → @Hook on Deaf\.listen/, /Did you mean "server:afterNow"\?/],
  ['that-is-named-that-greets', /^plugin\.assert\.name_already_exists: .*"that-greets"/m, /that-is-named-that-greets/, /Rename it, or disable the other one in plugins\/enabled\/that-greets/],
  ['that-takes-a-taken-route', /^network\.http\.duplicate_url: /m, /that-takes-a-taken-route → intruder:intrude/, /that-greets\/hello:sayHello/],
  ['that-lacks-its-method', /^plugin\.assert\.invalid_hook: .*"that-lacks-its-method"/m, /that-lacks-its-method → Lacks\.listen/, /./],
  ['that-needs-a-greeting', /^plugin\.assert\.invalid_config: plugins\.that-needs-a-greeting\.greeting: /m, /that-needs-a-greeting/, /./],
  ['that-is-no-plugin', /^plugin\.assert\.cannot_load: Plugin "\S*that-is-no-plugin" cannot be loaded: the folder has neither/m, /that-is-no-plugin/, /./],
  ['that-was-not-built', /^plugin\.assert\.cannot_load: Plugin "\S*that-was-not-built" .*"dist\/index\.js" does not exist/m, /that-was-not-built/, /npm run build/],
]

/** The paragraph of the report that tells a fault. */
const paragraphOf = (report: string, fault: RegExp): string => report.split('\n\n').find((paragraph) => fault.test(paragraph)) ?? ''

describe('a start with every kind of fault', () => {
  test('ends with 1 and one report, each fault with its place and remedy', async () => {
    const root = project(['that-greets', ...FAULTS.map(([plugin]) => plugin)])
    symlinkSync('../available/gone', join(root, 'plugins/enabled/gone'))
    const { code, out, err } = await runHost(root, { env: { MORTISE_PLUGINS__COMMON__INIT_TIMEOUT: '200', MORTISE_PLUGINS__THAT_NEEDS_A_GREETING__TIMES: 'twice' } }).ended
    expect(code).toBe(1)
    // Whoever waits is told at once what is waited for; everything else is in the report.
    expect(out.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ plugin: 'that-never-ends-init', msg: expect.stringContaining('It has not finished its start within 200 ms.') }),
    ])
    for (const [, fault, place, remedy] of FAULTS) {
      expect(err).toMatch(fault)
      expect(paragraphOf(err, fault)).toMatch(new RegExp(`\n  at    .*${place.source}`))
      expect(paragraphOf(err, fault)).toMatch(new RegExp(`\n  do    .*${remedy.source}`))
    }
    expect(err).toContain('the link leads to "../available/gone", which does not exist')
    expect(err).toMatch(/plugins\.that-needs-a-greeting\.times: .*expected number/)
    expect(err).not.toContain('node_modules')
  })

  test('blames nobody who did nothing', async () => {
    const { err } = await runHost(project(['that-greets', 'that-throws-in-init'])).ended
    expect(err.match(/^plugin\./gm)).toHaveLength(1)
    expect(err).not.toContain('that-greets')
  })
})

describe('a start that failed', () => {
  const start = (root: string) => startMortise({ root, config: { server: { port: 0, host: '127.0.0.1' } }, logger: openLog('silent') })

  test('leaves nothing open: with the fault mended, the same folder starts', async () => {
    const root = project(['that-greets', 'that-throws-in-init'])
    await expect(start(root)).rejects.toThrow('the database is asleep')
    unlinkSync(join(root, 'plugins/enabled/that-throws-in-init'))
    const running = await start(root)
    const answer = await fetch(`http://127.0.0.1:${running.port}/_/that-greets/hello/Ann`)
    expect(answer.status).toBe(200)
    await running.close()
  })

  test.each(FAULTS.filter(([plugin]) => !/named|taken|never/.test(plugin)).map(([plugin, fault]) => [plugin, fault] as const))('rejects for an application that embeds the host: %s', async (plugin, fault) => {
    await expect(start(project([plugin]))).rejects.toThrow(fault)
  })
})

describe('a folder of plugins', () => {
  test('holds links and folders only: a file is named', async () => {
    const root = project([])
    writeFileSync(join(root, 'plugins/enabled/notes.txt'), 'remember the milk')
    const { code, err } = await runHost(root).ended
    expect(code).toBe(1)
    expect(err).toContain('Plugin "notes.txt" cannot be loaded: it is a file, and a plugin is a folder.')
  })

  test('that is configured and not there is named', async () => {
    const { code, err } = await runHost(project([]), { env: { MORTISE_PLUGINS__DIRECTORY: 'plugins/nowhere' } }).ended
    expect(code).toBe(1)
    expect(err).toContain('plugin.assert.invalid_plugins_dir: Cannot read the plugins folder "plugins/nowhere"')
  })
})
