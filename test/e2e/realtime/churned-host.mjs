/** The built host in a process of its own, that tells what it holds once everything that nobody holds is gone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { startMortise } from '../../../dist/app/index.js'

const folder = mkdtempSync(join(tmpdir(), 'mortise-churn-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('disconnect', () => process.exit(0))

const { host, port } = await startMortise({
  root: folder,
  config: { server: { port: 0, host: '127.0.0.1' }, storage: { path: join(folder, 'store.sqlite') }, logging: { level: 'error' } },
})

/** Collected until it stays as it is: what one collection frees may have held more. */
async function heapUsed() {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 6; round++) {
    await turn()
    globalThis.gc()
    least = Math.min(least, process.memoryUsage().heapUsed)
  }
  return least
}

process.on('message', async (message) => {
  const { gateway, realtime } = host.rooms
  const held = { connections: gateway.entryPoint.connections.counts, ...realtime.totals }
  process.send(message === 'heap' ? { ...held, heap: await heapUsed() } : held)
})
process.send({ port })
