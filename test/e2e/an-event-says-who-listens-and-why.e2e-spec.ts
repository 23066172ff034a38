import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runCommand, runHost } from '../support/run-host.js'
import { asker, createProject, enable } from '../support/start-host.js'

const ENABLED = ['that-greets', 'that-keeps-order']
const CONFIG = { plugins: { 'common': { pipeTimeout: 2000 }, 'that-keeps-order': { isolation: 'thread' } } }

const CHAIN = [
  { kind: 'pipe', listener: 'that-keeps-order.opening', plugin: 'that-keeps-order', place: 'KeepsOrder.opening', event: 'server:beforeNow', phase: 'normal', runs: 'thread', timeout: 0,
    budget: { timeout: 0, concurrency: 3, queue: 4, onFailure: 'fail-open' },
    why: ['that-keeps-order.opening says before "that-greets.stamp"', 'that-keeps-order.second says after "opening"'] },
  { kind: 'pipe', listener: 'that-greets.stamp', plugin: 'that-greets', place: 'Greets.stamp', event: 'server:beforeNow', phase: 'normal', runs: 'inline', timeout: 2000,
    why: ['that-keeps-order.opening says before "that-greets.stamp"'] },
  { kind: 'pipe', listener: 'that-keeps-order.second', plugin: 'that-keeps-order', place: 'KeepsOrder.second', event: 'server:*', phase: 'normal', runs: 'thread', timeout: 2000,
    where: { exists: 'field' }, why: ['that-keeps-order.second says after "opening"'] },
  { kind: 'pipe', listener: 'that-keeps-order.last', plugin: 'that-keeps-order', place: 'KeepsOrder.last', event: 'server:beforeNow', phase: 'late', runs: 'thread', timeout: 250, why: ['phase late'] },
  { kind: 'hook', listener: 'that-keeps-order.tell', plugin: 'that-keeps-order', place: 'KeepsOrder.tell', event: 'server:beforeNow', phase: 'normal', runs: 'thread', why: ['load order'] },
]

let root: string

beforeEach(() => {
  root = createProject(ENABLED)
  writeFileSync(join(root, 'mortise.config.json'), JSON.stringify(CONFIG))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('over the API, to whoever may call it', async () => {
  enable(root, 'auth-local')
  const host = runHost(root)
  try {
    const ask = asker(await host.listening())
    expect((await ask('GET', '/_explain?event=server:beforeNow')).body.result).toEqual({ event: 'server:beforeNow', listeners: CHAIN })
    expect((await ask('GET', '/_explain?event=document:afterGet')).body.result).toEqual({ event: 'document:afterGet', listeners: [] })
    expect((await ask('GET', '/_explain')).body).toMatchObject({ status: 400, error: { id: 'api.assert.missing_argument' } })
    expect((await ask('GET', '/_explain?event=server:beforeNwo')).body).toMatchObject({
      status: 400, error: { id: 'api.assert.invalid_argument', message: expect.stringContaining('did you mean "server:beforeNow"?') },
    })
    const boss = { username: 'boss', password: 'secret-1' }
    await ask('POST', '/_createFirstAdmin/boss?reset=true', { body: { content: {}, credentials: { local: boss } } })
    expect((await ask('GET', '/_explain?event=server:beforeNow')).status).toBe(401)
    const { body: { result: { jwt } } } = await ask('POST', '/_login/local', { body: boss })
    expect((await ask('GET', '/_explain?event=server:beforeNow', { headers: { authorization: `Bearer ${jwt}` } })).status).toBe(200)
  } finally {
    await host.stop()
  }
}, 60_000)

test('on the command line, without starting the host that stands in the folder', async () => {
  expect(JSON.parse((await runCommand(root, ['explain', 'server:beforeNow', '--json'])).out)).toEqual({ event: 'server:beforeNow', listeners: CHAIN })
  const { out, code } = await runCommand(root, ['explain', 'server:beforeNow'])
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['kind', 'listener', 'phase', 'runs', 'timeout', 'budget', 'on', 'why'],
    ['1', 'pipe', 'that-keeps-order.opening', 'normal', 'thread', 'none', '3 at once, 4 waiting, fails open', 'itself', 'that-keeps-order.opening says before "that-greets.stamp"; that-keeps-order.second says after "opening"'],
    ['2', 'pipe', 'that-greets.stamp', 'normal', 'inline', '2000 ms', '-', 'itself', 'that-keeps-order.opening says before "that-greets.stamp"'],
    ['3', 'pipe', 'that-keeps-order.second', 'normal', 'thread', '2000 ms', '-', 'server:* where {"exists":"field"}', 'that-keeps-order.second says after "opening"'],
    ['4', 'pipe', 'that-keeps-order.last', 'late', 'thread', '250 ms', '-', 'itself', 'phase late'],
    ['5', 'hook', 'that-keeps-order.tell', 'normal', 'thread', '-', '-', 'itself', 'load order'],
  ])
}, 60_000)

test('on the command line, an event that nothing emits is refused with the nearest', async () => {
  const { code, err } = await runCommand(root, ['explain', 'document:beforeCraete'])
  expect(code).toBe(1)
  expect(err).toContain('did you mean "document:beforeCreate"?')
  expect((await runCommand(root, ['explain', 'document:beforeCreate'])).out).toBe('Nobody listens to document:beforeCreate.\n')
}, 60_000)
