/**
 * `npm run test:crash`: kills the host while clients write, and looks for what is lost.
 *
 *   npm run test:crash -- [sqlite] [postgres] [--rounds 50] [--creates]
 *
 * Each round starts the host as a process, writes from several clients over WebSocket and HTTP, ends the process with SIGKILL at a random
 * moment, now and then again while it starts, and compares what the next start finds with what was acknowledged: every acknowledged write
 * is there, whole and once, and a request without an answer was carried out in full or not at all. In the end a durable hook must have
 * been told of every change that is stored, of no other, and of each document in order; more than once is allowed. That the disk survives a power failure
 * is not tried here: it takes a machine to switch off.
 *
 * With `--creates` clients do nothing but create, and nobody listens durably: what is written then takes a shorter way into the store.
 */
import { parseArgs } from 'node:util'
import { openEngine } from './engines.mjs'
import { Ledger } from './ledger.mjs'
import { hearAll, runRound, verify } from './rounds.mjs'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '50' }, creates: { type: 'boolean', default: false } } })
const names = positionals.length > 0 ? positionals : ['sqlite', 'postgres']
let isWhole = true

for (const name of names) {
  const engine = await openEngine(name, { isHeard: !values.creates })
  const ledger = new Ledger()
  const start = performance.now()
  try {
    for (let round = 1; round <= Number(values.rounds); round++) {
      await runRound(engine, ledger, { onlyCreates: values.creates })
      await verify(engine, ledger)
      if (process.stdout.isTTY) process.stdout.write(`\r${name}: round ${round}`)
    }
    if (!values.creates) await hearAll(engine, ledger)
    ledger.faults.push(...await engine.inspect())
  } finally {
    await engine.remove()
  }
  isWhole &&= ledger.faults.length === 0
  console.log(`\r${name}: ${values.rounds} rounds in ${Math.round((performance.now() - start) / 1000)} s, ${describe(ledger)}`)
  for (const fault of ledger.faults.slice(0, 20)) console.log(`  ${fault}`)
}
process.exit(isWhole ? 0 : 1)

function describe({ counts, documents, faults }) {
  const { kills, acknowledged, storedUnheard, absentUnheard, delivered, repeated } = counts
  return [
    `killed ${kills} times`, `${acknowledged} writes acknowledged`, `${storedUnheard + absentUnheard} cut off (${storedUnheard} stored in full, ${absentUnheard} not at all)`,
    `${delivered} deliveries (${repeated} repeated)`, `${documents.size} documents at the end`, `${faults.length} lost, doubled or torn`,
  ].join(', ')
}
