import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** What `npm start` tells Node: every server runs under it, baselines as well. */
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const execArgv = scripts.start.split(' ').filter((word) => word.startsWith('--'))

/** Starts a server of `servers/` in a process of its own. */
export async function startServer(file, ...args) {
  const path = fileURLToPath(new URL(`./servers/${file}`, import.meta.url))
  const child = fork(path, args, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  let isExpected = false
  child.once('exit', () => {
    if (!isExpected) throw new Error(`${file} ended`)
  })
  const next = () => new Promise((resolve) => child.once('message', resolve))
  const told = await next()
  return {
    ...told,
    usage: () => (child.send('usage'), next()),
    stop: () => new Promise((resolve) => {
      isExpected = true
      child.once('exit', resolve)
      child.kill('SIGTERM')
    }),
  }
}

/** Runs `load(port)`, which resolves to a number of requests, and says the rate and the server's CPU time per request. */
export async function measure(server, load) {
  const before = await server.usage()
  const start = performance.now()
  const requests = await load(server.port)
  const seconds = (performance.now() - start) / 1000
  const after = await server.usage()
  const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return { rate: requests / seconds, cpu: cpu / requests, rss: after.rss }
}

/**
 * Measures each candidate and the baseline in turn, several times over, so
 * that a noisy moment meets them all; then prints medians, spreads and ratios.
 * Each may have a load of its own.
 */
export async function compare({ title, unit, baseline, candidates, load, rounds }) {
  const servers = [baseline, ...candidates]
  const loadOf = (name) => servers.find((each) => each.name === name).load ?? load
  const runs = new Map(servers.map(({ name }) => [name, []]))
  for (const { start, name } of servers) {
    const server = await start()
    servers.find((each) => each.name === name).server = server
    await loadOf(name)(server.port)
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, server } of servers) {
      runs.get(name).push(await measure(server, loadOf(name)))
      await sleep(200)
    }
  }
  for (const { server } of servers) await server.stop()
  const base = runs.get(baseline.name)
  console.log(`\n${title}`)
  const rows = servers.map(({ name, goal }) => {
    const rates = runs.get(name).map(({ rate }) => rate)
    const ratios = runs.get(name).map(({ rate }, round) => rate / base[round].rate)
    const cpus = runs.get(name).map(({ cpu }) => cpu)
    return {
      name, [`${unit}/s`]: Math.round(median(rates)), 'CPU µs': +median(cpus).toFixed(1),
      ratio: +median(ratios).toFixed(2), spread: `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
      'CPU ratio': +(median(base.map(({ cpu }) => cpu)) / median(cpus)).toFixed(2), goal: goal ?? '',
    }
  })
  console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])))
  return rows
}
