/**
 * Takes a plugin out of a host and brings it in again, many times over, and prints what that left in the process.
 *
 *   node --expose-gc test/e2e/hotplug/rounds.mjs [inline|thread|process]
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { startMortise } from '../../../dist/app/index.js'

const isolation = process.argv[2] ?? 'inline'
/** Doors and ways to log in cannot be isolated. */
const NAME = isolation === 'inline' ? 'that-brings-everything' : 'that-stamps'
const [WARM_UP, ROUNDS] = [isolation === 'inline' ? 50 : 10, 100]

const root = mkdtempSync(join(tmpdir(), 'mortise-rounds-'))
mkdirSync(join(root, 'plugins/enabled'), { recursive: true })
symlinkSync(resolve('test/fixtures/plugins', NAME), join(root, 'plugins/enabled', NAME))

const { host, close } = await startMortise({ root, config: { server: { port: 0, control: '' }, logging: { level: 'error' }, plugins: { [NAME]: { isolation } } } })
const { desk } = host.plugging

async function play(rounds) {
  for (let round = 0; round < rounds; round++) {
    await desk.drop(NAME)
    await desk.take(NAME)
  }
  await desk.close()
  for (let pass = 0; pass < 5; pass++) {
    await turn()
    globalThis.gc()
  }
}

const look = () => ({
  heap: process.memoryUsage().heapUsed,
  resources: process.getActiveResourcesInfo().sort(),
  listeners: process.eventNames().reduce((count, event) => count + process.listenerCount(event), 0),
})

await play(WARM_UP)
const before = look()
await play(ROUNDS)
console.log(JSON.stringify({ before, after: look() }))
await close()
rmSync(root, { recursive: true, force: true })
