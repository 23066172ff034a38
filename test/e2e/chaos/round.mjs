import { setTimeout as sleep } from 'node:timers/promises'
import { openHttp, openMqtt, openMqttEar, openStream, openWebSocket } from './clients.mjs'
import { Doer } from './deeds.mjs'
import { Mischief } from './faults.mjs'
import { Record } from './record.mjs'
import { openStage, SHIPPED } from './stage.mjs'

/** Milliseconds that plugins have to come back in once the faults have gone, and hooks to hear what they missed. */
const PATIENCE = 60_000

/** One host with all shipped plugins: a time of faults under way, then calm, then everything is counted. Yields what was wrong, and how much happened. */
export async function playRound(random, milliseconds) {
  const faults = []
  const stray = (thrown) => faults.push(`nobody caught ${thrown?.stack ?? thrown}`)
  process.on('uncaughtException', stray)
  const stage = await openStage(random)
  try {
    const result = await actOn(stage, { random, milliseconds, faults })
    return { ...result, faults, places: stage.isolation }
  } finally {
    await stage.close()
    process.off('uncaughtException', stray)
  }
}

async function actOn(stage, { random, milliseconds, faults }) {
  const { host } = stage
  const clients = [await openHttp(stage.port), await openWebSocket(stage.port), await openMqtt(stage.mqttPort)]
  const ears = [await openStream(stage.ssePort), await openMqttEar(stage.mqttPort)]
  const record = new Record()
  const mischief = new Mischief({ random: random.fork(), host, isolated: stage.isolated, clients })
  let excuses = mischief.excuses
  // Two requests under way for each client.
  const doers = clients.flatMap((client) => [1, 2].map((number) => new Doer({ name: `${client.name}-${number}`, ask: client.ask, record, random: random.fork(), excuses: (error) => excuses(error) })))
  const note = (wrong) => void (wrong !== undefined && faults.push(wrong))

  let deeds = 0
  const end = performance.now() + milliseconds
  mischief.start(40)
  await Promise.all(doers.map(async (doer) => {
    while (performance.now() < end) {
      note(await doer.act())
      deeds++
    }
  }))
  mischief.stop()

  await recover(doers, stage)
  excuses = () => false
  const calm = record.size
  await Promise.all(doers.filter((_, at) => at % 2 === 0).map(async (doer) => { for await (const wrong of doer.all()) note(wrong) }))
  faults.push(...await compareAll({ stage, record, ears, calm, websocket: clients[1] }))
  for (const each of [...clients, ...ears]) await each.close()
  faults.push(...await emptied(host))
  return { deeds, changes: record.size, counts: mischief.counts }
}

/** Waits until each plugin answers as it should, and those are told that only listen. */
async function recover([doer], { host, linesOf }) {
  const deadline = performance.now() + PATIENCE
  for (let probe = 1; performance.now() < deadline; probe++) {
    await resume(host)
    const { record } = doer
    const start = record.size
    const wrongs = []
    for await (const wrong of new Doer({ ...doer, name: `probe-${probe}`, excuses: () => false }).all()) if (wrong !== undefined) wrongs.push(wrong)
    await sleep(100)
    const logged = new Set(linesOf('deletions').map(({ _id }) => _id))
    if (wrongs.length === 0 && record.deletedSince(start).every((id) => logged.has(id))) return
  }
}

/** Lets plugins out that so many faults have brought into quarantine. */
async function resume(host) {
  const { hits } = await host.call({ controller: 'plugins', action: 'list' })
  for (const { name, state } of hits) if (state === 'quarantined') await host.call({ controller: 'plugins', action: 'resume', name })
}

async function compareAll({ stage, record, ears, calm, websocket }) {
  const { host } = stage
  const look = async () => [
    ...(await Promise.all(['notes', 'orders'].map(async (collection) => record.compareDocuments(collection, await readAll(host, collection))))).flat(),
    ...record.compareDeliveries(stage.linesOf('ledger')),
    ...record.compareDeletions(stage.linesOf('deletions')),
    ...ears.flatMap(({ name, heard }) => record.compareNotifications(name, heard, { isComplete: true })),
    ...record.compareNotifications(websocket.name, websocket.heard, { isComplete: false }),
    ...record.deletedSince(calm).filter((id) => !stage.linesOf('deletions').some(({ _id }) => _id === id)).map((id) => `the deletion of ${id} was not logged, though nothing was wrong`),
  ]
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const faults = await look()
    if (faults.length === 0 || performance.now() > deadline) return faults
    await sleep(100)
  }
}

async function readAll(host, collection) {
  await host.call({ controller: 'collection', action: 'refresh', index: 'shop', collection })
  const found = new Map()
  for (let from = 0; ; from = found.size) {
    const { hits, total } = await host.call({ controller: 'document', action: 'search', index: 'shop', collection, from, size: 500, body: { sort: ['_id'] } })
    for (const { _id, _source } of hits) found.set(_id, _source)
    if (hits.length === 0 || found.size >= total) return found
  }
}

/** Yields the connections and subscriptions that outlive their clients. */
async function emptied(host) {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const { connections } = await host.call({ controller: 'server', action: 'getLastStats' })
    const rooms = await host.call({ controller: 'realtime', action: 'list' })
    const left = { ...connections, ...rooms }
    if (Object.keys(left).length === 0) return []
    if (performance.now() > deadline) return [`nobody is there any more, but ${JSON.stringify(left)}`]
    await sleep(20)
  }
}

export { SHIPPED }
