/**
 * What it costs to call a plugin that runs in a thread or process of its own: the time of one round trip through a pipe with a
 * small request, and calls a second with 64 in flight. Against the same calls inline.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startMortise } from '../../dist/app/index.js'
import { Request } from '../../libs/sdk/dist/index.js'
import { median } from './measure.mjs'

const IN_FLIGHT = 64
const ISOLATIONS = ['inline', 'thread', 'process']

export async function runIsolation({ seconds, rounds }) {
  const rows = []
  const hosts = []
  for (const isolation of ISOLATIONS) hosts.push(await start(isolation))
  for (const { call } of hosts) await callFor(500, call)
  for (let round = 0; round < rounds; round++) {
    for (const host of hosts) await measureRound(host, seconds)
  }
  for (const { isolation, trips, rates, host, folder } of hosts) {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
    rows.push({
      isolation, 'round trip ms': +median(trips).toFixed(3), 'calls/s': Math.round(median(rates)),
      spread: `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`, goal: isolation === 'inline' ? '' : '≤ 0.15, ≥ 12000',
    })
  }
  console.log(`\na pipe in a plugin of its own, ${IN_FLIGHT} in flight, ${rounds} × ${seconds} s`)
  console.table(Object.fromEntries(rows.map(({ isolation, ...row }) => [isolation, row])))
  return rows
}

/** A host whose plugin `that-pipes` runs where it is told. */
async function start(isolation) {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
  mkdirSync(join(folder, 'plugins/enabled'), { recursive: true })
  symlinkSync(resolve('test/bench/servers/that-pipes'), join(folder, 'plugins/enabled/that-pipes'))
  const { host } = await startMortise({
    root: folder,
    config: {
      server: { port: 0, host: '127.0.0.1' }, storage: { path: join(folder, 'bench.sqlite') }, logging: { level: 'error' },
      plugins: { 'that-pipes': { isolation } },
    },
  })
  return { isolation, host, folder, call: () => host.rooms.bus.emit('document:beforeCreate', createRequest()), trips: [], rates: [] }
}

function createRequest() {
  const headers = { host: 'localhost', 'content-type': 'application/json', 'user-agent': 'bench' }
  const body = { name: 'lamp', price: 3, tags: ['new', 'bright'], maker: { name: 'Ngo', city: 'Hue' } }
  return new Request(
    { controller: 'document', action: 'create', index: 'shop', collection: 'lamps', body },
    { connection: { id: 'bench', protocol: 'http', ips: ['127.0.0.1'], headers }, user: { _id: '-1', profileIds: ['anonymous'] } },
  )
}

async function measureRound({ call, trips, rates }, seconds) {
  const half = seconds * 500
  const times = await callFor(half, call)
  trips.push(median(times))
  const start = performance.now()
  const counts = await Promise.all(Array.from({ length: IN_FLIGHT }, async () => (await callFor(half, call)).length))
  rates.push(counts.reduce((total, count) => total + count, 0) / (performance.now() - start) * 1_000)
}

/** Calls one after another for some milliseconds, and yields how long each took. */
async function callFor(milliseconds, call) {
  const times = []
  const end = performance.now() + milliseconds
  for (let start = performance.now(); start < end; start = performance.now()) {
    await call()
    times.push(performance.now() - start)
  }
  return times
}
