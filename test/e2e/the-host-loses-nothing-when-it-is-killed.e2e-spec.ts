import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { engines } from '../support/store-engines.js'

const run = promisify(execFile)

/** A few rounds of `npm run test:crash`, which does fifty. */
describe.each(engines)('on %s', (engine) => {
  test('what was acknowledged is there and was told durably after the host was killed, and what was cut off is there whole or not at all', async () => {
    const { stdout } = await run(process.execPath, ['test/e2e/crash/crash.mjs', engine, '--rounds', '3'])
    expect(stdout).toMatch(/killed [3-9] times, [1-9]\d+ writes acknowledged,.* [1-9]\d+ deliveries .* 0 lost, doubled or torn/)
  }, 120_000)
})

test('on sqlite, what was created by clients that do nothing else, a shorter way into the store, is there as well', async () => {
  const { stdout } = await run(process.execPath, ['test/e2e/crash/crash.mjs', 'sqlite', '--rounds', '3', '--creates'])
  expect(stdout).toMatch(/killed [3-9] times, [1-9]\d+ writes acknowledged,.* 0 lost, doubled or torn/)
}, 120_000)
