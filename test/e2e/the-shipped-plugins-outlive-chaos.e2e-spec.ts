import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { cleanEnvironment } from '../support/run-host.js'

const run = promisify(execFile)

test('while listeners fail, plugins die and lines are cut, clients get right answers or errors that say why, and nothing is lost or left behind', async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', 'test/e2e/chaos/chaos.mjs', '--rounds', '1', '--seconds', '3', '--seed', '20261121'], { env: cleanEnvironment() })
    .catch((error: { stdout: string; stderr: string }) => { throw new Error(error.stdout + error.stderr) })
  expect(stdout).toMatch(/^seed 20261121\n[^]*1 rounds: [1-9]\d* deeds, [1-9]\d* changes, [1-9]\d* faults, 0 wrong\n$/)
}, 120_000)
