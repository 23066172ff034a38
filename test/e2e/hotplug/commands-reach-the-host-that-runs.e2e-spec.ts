import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runCommand, runHost, type HostProcess } from '../../support/run-host.js'
import { createProject } from '../../support/start-host.js'

let root: string
let host: HostProcess | undefined
beforeEach(() => { root = createProject(['hello-world']) })
afterEach(async () => {
  await host?.stop('SIGKILL')
  host = undefined
  rmSync(root, { recursive: true, force: true })
})

test('over a socket that is its owner\'s alone, and over HTTP', async () => {
  expect((await runCommand(root, ['plugins', 'list'])).out).toMatch(/^hello-world +enabled /)
  host = runHost(root)
  const url = await host.listening()
  expect((await runCommand(root, ['plugins', 'list'])).out).toMatch(/^hello-world +running /)
  expect(statSync(join(root, 'data/control.sock')).mode & 0o777).toBe(0o600)
  expect((await runCommand('/', ['--url', url, 'plugins', 'list'])).out).toMatch(/^hello-world +running +\S+ +decorated/)
})

test('and none where the configuration wants no socket', async () => {
  host = runHost(root, { env: { MORTISE_SERVER__CONTROL: '' } })
  await host.listening()
  const { out } = await runCommand(root, ['plugins', 'list'], { MORTISE_SERVER__CONTROL: '' })
  expect(out).toMatch(/^hello-world +enabled /)
})
