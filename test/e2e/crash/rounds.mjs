/** One round: start, write, kill; and what the next start finds. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpClient, SocketClient } from './clients.mjs'
import { HostProcess } from './host-process.mjs'
import { chooseOperation, FEW } from './operations.mjs'

const SOCKETS = 3
/** Requests in flight on each socket. */
const LANES = 8
const HTTP_CLIENTS = 4
/** Milliseconds, at most, for which clients write before the host is killed. */
const LONGEST_LIFE = 400
const LONGEST_START = 600
const MOST_PER_READ = 1000

/** Writes from all clients at once until the host is killed, and leaves in the ledger what was acknowledged. */
export async function runRound(engine, ledger, { onlyCreates }) {
  const host = new HostProcess(engine)
  const port = await host.listening()
  await new HttpClient(port).prepare()
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => SocketClient.open(port)))
  const lanes = [...sockets.flatMap((socket) => Array(LANES).fill(socket)), ...Array.from({ length: HTTP_CLIENTS }, () => new HttpClient(port))]
  const writing = lanes.map((client, lane) => write(client, ownedBy(ledger, lane, lanes.length), { ledger, onlyCreates }))
  await sleep(randomInt(LONGEST_LIFE))
  await kill(host, ledger)
  await Promise.all(writing)
  for (const socket of sockets) socket.close()
  if (randomInt(4) === 0) await killWhileStarting(engine, ledger)
}

/** No two lanes write the same document, so what it must hold is certain. */
function ownedBy({ documents }, lane, lanes) {
  return new Set([...documents].filter(([, { source }]) => source.serial % lanes === lane).map(([id]) => id))
}

async function write(client, owned, { ledger, onlyCreates }) {
  for (;;) {
    const operation = chooseOperation(pickSome(owned).map((id) => [id, ledger.documents.get(id)]), onlyCreates)
    ledger.begin(operation)
    const result = await client.ask(operation.request)
    if (result === undefined) return
    ledger.acknowledge(operation, result)
    for (const id of operation.idsOf(result)) owned[ledger.documents.has(id) ? 'add' : 'delete'](id)
  }
}

function pickSome(ids) {
  const all = [...ids]
  const first = randomInt(all.length + 1)
  return [...all.slice(first), ...all.slice(0, first)].slice(0, FEW)
}

async function kill(host, ledger) {
  await host.kill()
  ledger.counts.kills++
}

async function killWhileStarting(engine, ledger) {
  await engine.settle()
  const host = new HostProcess(engine)
  await sleep(randomInt(LONGEST_START))
  await kill(host, ledger)
}

/** Milliseconds in which what is left must be delivered: leases of hosts that were killed have to end first. */
const PATIENCE = 120_000

/** Starts the host a last time, lets it deliver what is left, and compares all that was heard with the ledger. */
export async function hearAll(engine, ledger) {
  await engine.settle()
  const host = new HostProcess(engine)
  await host.listening()
  const end = performance.now() + PATIENCE
  while (await engine.left(0) > 0 && performance.now() < end) await sleep(50)
  await host.kill()
  await engine.settle()
  const [waiting, dead] = [await engine.left(0), await engine.left(1)]
  if (waiting + dead > 0) ledger.faults.push(`${waiting} deliveries wait and ${dead} were given up`)
  ledger.compareDeliveries(engine.heard())
}

/** Starts the host again, reads everything in two ways, and compares it with the ledger. */
export async function verify(engine, ledger) {
  await engine.settle()
  const host = new HostProcess(engine)
  const client = new HttpClient(await host.listening())
  const exported = await client.readAll()
  const ids = exported.map(({ _id }) => _id)
  if (new Set(ids).size !== ids.length) ledger.faults.push('a document is there twice')
  const found = new Map()
  for (let start = 0; start < ids.length; start += MOST_PER_READ) {
    const { successes } = await client.ask({ action: 'mGet', body: { ids: ids.slice(start, start + MOST_PER_READ) } })
    for (const { _id, _source: { _kuzzle_info: info, ...source }, _version: version } of successes) {
      if (!info?.createdAt) ledger.faults.push(`document ${_id} has no metadata`)
      found.set(_id, { source, version })
    }
  }
  if (found.size !== ids.length) ledger.faults.push(`${ids.length} documents are exported and ${found.size} can be read`)
  ledger.compare(found)
  await host.kill()
}
