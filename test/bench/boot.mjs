/** From process start to the first answer, and memory at rest: the host as `npm start` runs it, once built. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, sleep } from './measure.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The host as `npm start` runs it. */
const startArguments = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).scripts.start.split(' ').slice(1)

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

const answers = (url) => new Promise((resolve) => {
  const request = http.get(url, { agent: false, timeout: 1000 }, (response) => { response.resume(); resolve(response.statusCode === 200) })
  request.on('error', () => resolve(false))
})

const residentMegabytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

async function once() {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-boot-'))
  const port = await freePort()
  const start = performance.now()
  const child = spawn(process.execPath, startArguments, {
    cwd: root, stdio: 'ignore',
    env: { ...process.env, MORTISE_SERVER__PORT: String(port), MORTISE_STORAGE__PATH: join(folder, 'boot.sqlite'), MORTISE_LOGGING__LEVEL: 'error' },
  })
  while (!(await answers(`http://127.0.0.1:${port}/_/hello-world/hello`))) await sleep(5)
  const milliseconds = performance.now() - start
  await sleep(2000)
  const memory = residentMegabytes(child.pid)
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
  return { milliseconds, memory }
}

export async function runBoot({ rounds }) {
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await once())
  const times = runs.map(({ milliseconds }) => Math.round(milliseconds))
  console.log(`\nstart, ${rounds} times`)
  console.table({
    'to the first answer, ms': { median: median(times), spread: `${Math.min(...times)}–${Math.max(...times)}`, goal: '≤ 1500' },
    'memory at rest, MB': { median: Math.round(median(runs.map(({ memory }) => memory))), spread: '', goal: '≤ 130' },
  })
}
