/**
 * `npm run bench`: every benchmark, or those named, each against a baseline
 * in the same run. `--quick` makes short work of it, for trying things out.
 */
import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { build } from '../../build.mjs'
import { runBoot } from './boot.mjs'
import { runDocuments } from './documents.mjs'
import { runHttp } from './http.mjs'
import { runIsolation } from './isolation.mjs'
import { runRealtime } from './realtime.mjs'
import { runRights } from './rights.mjs'
import { runWebSocket } from './websocket.mjs'

/** Some need a process of their own: one measures its memory, and one loads rooms as they are built. */
const runAlone = (file, ...flags) => () => void execFileSync(process.execPath, [...flags, fileURLToPath(new URL(file, import.meta.url))], { stdio: 'inherit' })

const benchmarks = {
  http: runHttp, websocket: runWebSocket, rights: runRights, documents: runDocuments, storage: runAlone('./storage.mjs'), realtime: runRealtime,
  filters: runAlone('./filters.mjs', '--expose-gc'), boot: runBoot, isolation: runIsolation,
}

await build()
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = names.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}". There are: ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(1)
}
const length = process.argv.includes('--quick') ? { seconds: 2, rounds: 3 } : { seconds: 6, rounds: 5 }
console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}`)
for (const name of names.length > 0 ? names : Object.keys(benchmarks)) await benchmarks[name](length)
process.exit(0)
