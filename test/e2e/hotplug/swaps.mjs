/**
 * `npm run test:swaps`: swaps a plugin under a steady load that goes through its own pipe, and looks for requests that are lost or fail.
 *
 *   npm run test:swaps -- [--swaps 100] [--rate 2000] [--isolation inline|thread|process]
 *
 * Requests are sent at their times, whether those before them are answered or not, so that a host that halts is not spared. Every one must be
 * answered with 200, by a plugin that had its place when the request was sent or got it before the answer came.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { HostProcess } from '../crash/host-process.mjs'
import { SteadyLoad } from './steady-load.mjs'

const { values } = parseArgs({ options: { swaps: { type: 'string', default: '100' }, rate: { type: 'string', default: '2000' }, isolation: { type: 'string', default: 'inline' } } })
const [swaps, rate, { isolation }] = [Number(values.swaps), Number(values.rate), values]
/** Doors and ways to log in cannot be isolated. */
const NAME = isolation === 'inline' ? 'that-brings-everything' : 'that-stamps'

const folder = mkdtempSync(join(tmpdir(), 'mortise-swaps-'))
mkdirSync(join(folder, 'plugins/enabled'), { recursive: true })
symlinkSync(resolve('test/fixtures/plugins', NAME), join(folder, 'plugins/enabled', NAME))
writeFileSync(join(folder, 'mortise.config.json'), JSON.stringify({ plugins: { [NAME]: { isolation } } }))

// What is late on a machine that is busy is neither lost nor failed: no limit of time is to say so.
const patient = { MORTISE_PLUGINS__COMMON__INIT_TIMEOUT: '600000', MORTISE_SERVER__DRAIN_TIMEOUT: '600000', MORTISE_PLUGINS__COMMON__PIPE_TIMEOUT: '0', MORTISE_PLUGINS__COMMON__PIPE_WARN_TIME: '0' }
const host = new HostProcess({ folder, environment: patient })
let faults = []
let load
try {
  const url = `http://127.0.0.1:${await host.listening()}`
  load = new SteadyLoad(`${url}/_now`, { rate, isCounting: isolation === 'inline' })
  await load.warmUp()
  load.start()
  for (let swap = 1; swap <= swaps; swap++) {
    const response = await fetch(`${url}/_plugins/${NAME}/_reload`, { method: 'POST' })
    if (response.status !== 200) faults.push(`swap ${swap}: ${response.status} ${await response.text()}`)
    load.generation++
    if (process.stdout.isTTY) process.stdout.write(`\rswap ${swap}`)
  }
  await load.end()
  faults = faults.concat(load.faults, host.complaints)
} finally {
  await host.kill()
  rmSync(folder, { recursive: true, force: true })
}

console.log(`\r${isolation}: ${swaps} swaps, ${load.describe()}, ${faults.length} lost or failed`)
for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)
