import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@jest/globals'

/** Jest itself runs the tests of the plugins that ship. Runs Node as a person's shell would, without what Jest adds to the environment, and yields what it said. */
const run = (args: readonly string[], cwd?: string): Promise<{ failed: boolean; said: string }> => new Promise((done) => {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS|NODE_TEST_CONTEXT|JEST_.*|VITEST.*)$/.test(name)))
  execFile(process.execPath, [...args], { cwd, env: { ...environment, NO_COLOR: '1' } }, (error, out, err) => done({ failed: error !== null, said: out + err }))
})

const FOLDER = 'test/e2e/runners'

test('under node:test', async () => {
  const { failed, said } = await run(['--test', '--test-reporter=tap', `${FOLDER}/created-at.node-test.mjs`])
  expect([failed, said]).toEqual([false, expect.stringContaining('ok 1 - a new document carries the time of its creation')])
}, 60_000)

test('under Vitest', async () => {
  const { failed, said } = await run(['node_modules/vitest/vitest.mjs', 'run', '--config', `${FOLDER}/vitest.config.mjs`])
  expect([failed, said]).toEqual([false, expect.stringMatching(/Tests {2}1 passed/)])
}, 60_000)

test('without the host\'s package, what to install is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-kit-'))
  mkdirSync(join(folder, 'node_modules/@mortise'), { recursive: true })
  symlinkSync(resolve('libs/sdk'), join(folder, 'node_modules/@mortise/sdk'))
  writeFileSync(join(folder, 'try.mjs'), "import { createTestHost } from '@mortise/sdk/testing'\nawait createTestHost({ plugins: [] }).catch(({ message }) => console.log(message))\n")
  expect(await run(['try.mjs'], folder)).toEqual({ failed: false, said: expect.stringMatching(/^A test host is the host itself, .*Run "npm install --save-dev mortise"\.\n$/) })
  rmSync(folder, { recursive: true, force: true })
})
