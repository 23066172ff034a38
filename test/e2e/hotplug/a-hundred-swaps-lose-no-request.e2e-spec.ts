import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../../support/start-host.js'

const run = promisify(execFile)

const NAME = 'that-brings-everything'
const SWAPS = 100
const CLIENTS = 8

/** Whatever is logged as a warning is a fault, but for what a busy machine makes slow. */
const config = { logging: { level: 'silly' as const }, limits: { concurrentRequests: 500 }, plugins: { common: { pipeWarnTime: 0 } } }

let host: StartedHost
beforeEach(async () => {
  host = await startHost({ enabled: [NAME], config })
})
afterEach(() => host.close())

/** Asks over HTTP, through the pipe and hook of the plugin, until it is told to stop; yields the generations that answered. */
async function askOnAndOn(isOver: () => boolean): Promise<unknown[]> {
  const answers: unknown[] = []
  while (!isOver()) {
    const { status, body } = await host.ask('GET', '/_now')
    answers.push(status === 200 ? body.result.generation : body.error)
  }
  return answers
}

test('a hundred swaps under load fail no request, each is answered by one of the plugins, and every one is closed', async () => {
  let isOver = false
  const clients = Array.from({ length: CLIENTS }, () => askOnAndOn(() => isOver))
  for (let swap = 0; swap < SWAPS; swap++) {
    const { status, body } = await host.ask('POST', `/_plugins/${NAME}/_reload`)
    expect([status, body.error]).toEqual([200, null])
  }
  isOver = true
  const answers = (await Promise.all(clients)).flat()
  expect(answers.filter((answer) => typeof answer !== 'number')).toEqual([])
  expect(Math.max(...answers as number[])).toBeGreaterThan(SWAPS / 2)
  expect((await host.ask('GET', '/_now')).body.result.generation).toBe(SWAPS + 1)
  expect(host.logs.filter(({ level }) => level >= 40)).toEqual([])
}, 60_000)

/** A little of `npm run test:swaps`, which sends 2,000 requests a second while it swaps a hundred times. */
test.each(['inline', 'process'])('a plugin that runs %s is swapped under a steady load from another process: nothing is lost, fails, or is answered by a plugin that has gone', async (isolation) => {
  const { stdout } = await run(process.execPath, ['test/e2e/hotplug/swaps.mjs', '--swaps', '5', '--rate', '100', '--isolation', isolation])
  expect(stdout).toMatch(new RegExp(`${isolation}: 5 swaps, [1-9]\\d* requests .* 0 lost or failed`))
}, 180_000)

/** Everything that a plugin could leave behind. */
const inventory = ({ host: { rooms: { registry, security, gateway } } }: StartedHost) => ({
  plugins: registry.plugins.map(({ name }) => name),
  routes: registry.routes.all.length,
  events: registry.heard,
  pipes: registry.chainOf('server:afterNow')?.pipes.length ?? 0,
  strategies: security.services.strategies.names,
  protocols: [...gateway.protocols.names].sort(),
})

test('a plugin that is taken out and brought in again leaves nothing of the one before', async () => {
  const before = inventory(host)
  for (let round = 0; round < 20; round++) {
    const aside = await host.host.plugging.desk.drop(NAME)
    expect(aside).toMatchObject({ name: NAME })
    expect(inventory(host)).toMatchObject({ pipes: 0, strategies: [], protocols: ['http', 'websocket'] })
    await host.host.plugging.desk.take(NAME)
  }
  expect(inventory(host)).toEqual(before)
})

test.each(['inline', 'thread', 'process'])('a hundred rounds return memory, timers, listeners, threads and processes to where they were: %s', (isolation) => {
  const script = join(import.meta.dirname, 'rounds.mjs')
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', script, isolation], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } })
  expect([status, stderr]).toEqual([0, ''])
  const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', { heap: number; resources: string[]; listeners: number }>
  expect(after.heap - before.heap).toBeLessThan(3_000_000)
  expect([after.resources, after.listeners]).toEqual([before.resources, before.listeners])
}, 600_000)
