/**
 * `npm run test:chaos`: lets everything go wrong around the shipped plugins while real clients use them, and looks for what should not be.
 *
 *   npm run test:chaos -- [--rounds 12] [--seconds 15] [--seed 7]
 *
 * Each round starts a host with every plugin of plugins/available, each in the host, a thread or a process as chance has it, and one with a
 * durable hook. The published clients over HTTP, WebSocket and MQTT write, order, pay and log in, an event stream and a device listen,
 * while listeners fail, come late, are told twice or in another order, threads and processes die, and lines are cut. Each answer must be
 * right, or an error that names a fault of the moment. Then the faults go: all must work again, every document hold what was acknowledged,
 * the durable hook have heard of all of it, and whoever listened too, once. In the end the process must hold what it held before.
 *
 * With the same seed the same faults are chosen; when they strike still depends on the machine.
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compareAll, compareHandles, settle } from './leaks.mjs'
import { Random } from './random.mjs'
import { playRound, SHIPPED } from './round.mjs'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '12' }, seconds: { type: 'string', default: '15' }, seed: { type: 'string', default: String(Date.now() % 1e6) } } })
const [rounds, milliseconds] = [Number(values.rounds), Number(values.seconds) * 1_000]

/** What the first rounds leave behind beside handles is what is loaded once. */
const WARM_UP = 2

const random = new Random(Number(values.seed))
const faults = readdirSync('plugins/available').filter((name) => !SHIPPED.includes(name)).map((name) => `plugin "${name}" has no part in this`)
const totals = { deeds: 0, changes: 0, faults: 0 }
console.log(`seed ${values.seed}`)
const start = await settle()
let warm

for (let round = 1; round <= rounds; round++) {
  const result = await playRound(random, milliseconds)
  const struck = Object.values(result.counts).reduce((sum, count) => sum + count, 0)
  totals.deeds += result.deeds
  totals.changes += result.changes
  totals.faults += struck
  faults.push(...result.faults.map((fault) => `round ${round}: ${fault}`))
  console.log(`round ${round}: ${result.deeds} deeds, ${result.changes} changes, ${struck} faults ${JSON.stringify(result.counts)}, ${result.faults.length} wrong`)
  const now = await settle()

  faults.push(...compareHandles(start, now).map((what) => `round ${round} has left behind ${what}`))
  if (round === WARM_UP) warm = now
  if (round === rounds && rounds > WARM_UP) faults.push(...compareAll(warm, now, rounds - WARM_UP))
}

console.log(`${rounds} rounds: ${totals.deeds} deeds, ${totals.changes} changes, ${totals.faults} faults, ${faults.length} wrong`)
for (const fault of faults.slice(0, 30)) console.log(`  ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)
