import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createHotProject, type HotProject } from '../../support/hot-project.js'
import { runHost, type HostProcess } from '../../support/run-host.js'
import { asker } from '../../support/start-host.js'

let project: HotProject
let host: HostProcess
let ask: ReturnType<typeof asker>

beforeEach(async () => {
  project = createHotProject()
  project.write('stamp', { word: 'one' })
  project.link('stamp')
  host = runHost(project.root, { env: { NODE_ENV: 'development', MORTISE_LOGGING__LEVEL: 'info' } })
  ask = asker(await host.listening())
})
afterEach(async () => {
  await host.stop('SIGKILL')
  project.remove()
})

const stamped = async (): Promise<unknown> => (await ask('GET', '/_now')).body.result.word

/** Asks until it has come to that; the test's own time limit ends it. */
async function untilStamped(word: unknown): Promise<void> {
  while (await stamped() !== word) await new Promise((next) => { setTimeout(next, 20) })
}

test('in development, what is written takes effect at once, in every file; what fails leaves the old one and is told', async () => {
  expect(await stamped()).toBe('one')
  project.write('stamp', { word: 'two' })
  await untilStamped('two')
  project.write('stamp', { word: 'three', onHealthCheck: 'throw new Error("I do not feel well")' })
  await host.said(/I do not feel well/)
  expect(await stamped()).toBe('two')
  project.write('stamp', { word: 'four', onHealthCheck: 'return true' })
  await untilStamped('four')
  project.write('other', { word: 'five' })
  rmSync(join(project.root, 'plugins/enabled/stamp'))
  project.link('other')
  await untilStamped('five')
  expect((await ask('GET', '/_/stamp/word')).status).not.toBe(200)
}, 60_000)
