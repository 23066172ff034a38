import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createHotProject } from '../../support/hot-project.js'
import { runHost, type Outcome } from '../../support/run-host.js'
import { createProject } from '../../support/start-host.js'
import type { Isolation } from '../../support/start-isolated.js'

const created: string[] = []
afterEach(() => {
  for (const root of created.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** Starts a host with one plugin, which cannot start there, and yields how that ended. */
function start(plugin: string, isolation: Isolation | 'moon', section: Record<string, unknown> = {}): Promise<Outcome> {
  const root = createProject([plugin])
  created.push(root)
  // Only what never ends is to be given up; everything else may take the time that a busy machine takes.
  const initTimeout = plugin === 'that-never-ends-init' ? 2_000 : 15_000
  writeFileSync(join(root, 'mortise.config.json'), JSON.stringify({ plugins: { common: { initTimeout }, [plugin]: { isolation, ...section } } }))
  return runHost(root).ended
}

/** The report tells what each plugin took so far, to a tenth of a millisecond. */
const withoutTimes = (report: string): string => report.replace(/ +\d+\.\d ms/g, ' some ms')

describe.each(['thread', 'process'] as const)('in a %s', (isolation) => {
  test.each(['that-throws-in-its-constructor', 'that-throws-in-init', 'that-needs-a-greeting', 'that-never-ends-init'])('%s', async (plugin) => {
    const [isolated, inline] = await Promise.all([start(plugin, isolation), start(plugin, 'inline')])
    expect({ code: isolated.code, report: withoutTimes(isolated.err) }).toEqual({ code: 1, report: withoutTimes(inline.err) })
  })

  test('a classic plugin stays with the host, and the report says so', async () => {
    const { code, err } = await start('sample', isolation)
    expect(code).toBe(1)
    expect(err).toMatch(/plugin\.worker\.cannot_isolate: Plugin "sample" cannot be isolated: it is a classic plugin/)
    expect(err).toMatch(/ {2}at {4}the configuration → plugins\.sample\.isolation\n {2}do {4}Write it with decorators, or let it run inline/)
  })
})

test('a place that there is not is a fault of the configuration', async () => {
  const { code, err } = await start('that-greets', 'moon')
  expect(code).toBe(1)
  expect(err).toMatch(/plugins\.that-greets\.isolation: .*"inline"\|"thread"\|"process"/)
})

test('one that may take longer than others to start does so', async () => {
  const project = createHotProject()
  created.push(project.root)
  project.write('late', { word: 'here', onInit: 'return new Promise((resolve) => { setTimeout(resolve, 3_500) })' })
  project.link('late')
  writeFileSync(join(project.root, 'mortise.config.json'), JSON.stringify({ plugins: { common: { initTimeout: 3_000 }, late: { isolation: 'thread', budget: { initTimeout: 60_000 } } } }))
  const host = runHost(project.root)
  await host.listening()
  expect((await host.stop()).code).toBe(0)
}, 60_000)
