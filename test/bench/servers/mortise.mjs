/** The host with a hello action and as many asynchronous pipes on it as the first argument says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMortise } from '../../../dist/app/index.js'
import { hello, pipes } from './hello.mjs'
import { serve } from './serve.mjs'

const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const host = await startMortise({
  root: folder,
  plugins: [hello, ...pipes(Number(process.argv[2] ?? 0))],
  config: {
    server: { port: 0, host: '127.0.0.1' },
    storage: { path: join(folder, 'bench.sqlite') },
    logging: { level: 'error' },
  },
})
serve(host.port)
