/** Takes a plugin out of a host and brings it in again, many times over, and prints what that left in the process. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { startMortise } from '../../../dist/app/index.js'

const NAME = 'that-brings-everything'
const [WARM_UP, ROUNDS] = [50, 100]

const root = mkdtempSync(join(tmpdir(), 'mortise-rounds-'))
mkdirSync(join(root, 'plugins/enabled'), { recursive: true })
symlinkSync(resolve('test/fixtures/plugins', NAME), join(root, 'plugins/enabled', NAME))

const { host, close } = await startMortise({ root, config: { server: { port: 0, control: '' }, logging: { level: 'error' } } })
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
  timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
  listeners: process.eventNames().reduce((count, event) => count + process.listenerCount(event), 0),
})

await play(WARM_UP)
const before = look()
await play(ROUNDS)
console.log(JSON.stringify({ before, after: look() }))
await close()
rmSync(root, { recursive: true, force: true })
