import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { runCommand, runHost, type HostProcess } from '../../support/run-host.js'
import { asker, createProject } from '../../support/start-host.js'
import { readJsonLines } from '../../support/read-json-lines.js'
import { until } from '../../support/until.js'

const PLUGIN = 'that-keeps-time'
const PATIENCE = 20_000

let root: string
let hosts: HostProcess[] = []
afterEach(async () => {
  // Ended already, unless the test has failed.
  for (const host of hosts) await host.stop('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

interface Line { readonly job: string; readonly plannedAt: number; readonly isLate: boolean }

function lines(): Line[] {
  const file = join(root, 'runs.jsonl')
  return readJsonLines(file)
}

describe.each(['inline', 'thread', 'process'])('a scheduled method of a plugin that runs in isolation "%s"', (isolation) => {
  test('runs once each time on one of two hosts, and its history is kept', async () => {
    root = createProject([PLUGIN])
    writeFileSync(join(root, 'mortise.config.json'), JSON.stringify({ plugins: { [PLUGIN]: { file: join(root, 'runs.jsonl'), isolation } } }))
    hosts = [runHost(root), runHost(root)]
    const [url] = await Promise.all(hosts.map((host) => host.listening()))
    await until(lines, ({ length }) => length >= 2, PATIENCE)
    const ask = asker(url!)
    const firstFailure = async () => (await ask('GET', '/schedule/_runs?job=that-keeps-time/KeepsTime.fail')).body.result.runs.at(-1) as { status: string } | undefined
    // That it failed is written down a moment after it has.
    expect(await until(firstFailure, (run) => run !== undefined && run.status !== 'running', PATIENCE)).toMatchObject({ status: 'failed', error: expect.stringContaining('The clock is broken.') })
    for (const host of hosts) expect((await host.stop()).code).toBe(0)
    const times = lines().map(({ plannedAt }) => plannedAt)
    expect(new Set(times).size).toBe(times.length)
    expect(lines()[0]).toMatchObject({ job: 'that-keeps-time/KeepsTime.tick', isLate: false })
    expect(times.every((time) => time % 1_000 === 0)).toBe(true)
    const { out } = await runCommand(root, ['schedule', 'list'])
    expect(out).toMatch(/that-keeps-time\/KeepsTime.fail +\S+Z  idle\nthat-keeps-time\/KeepsTime.tick +\S+Z  idle/)
  }, 60_000)
})
