import { rmSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { postgresUrl } from '../../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { HostileRequests, type AnyRequest } from '../../support/hostile-requests.js'
import { seed } from '../../support/property-testing.js'
import { runHost, type HostProcess } from '../../support/run-host.js'
import { createProject } from '../../support/start-host.js'
import { engines } from '../../support/store-engines.js'

const ROUNDS = 150
const AT_ONCE = 20

/** What ends the host, empties it, or restricts who may ask the rest. */
const LEFT_OUT = /^(admin:(shutdown|reset\w+)|plugins:.*|security:createFirstAdmin|index:m?[dD]elete)$/
/** Redis' own answers to what it cannot do, which the protocol gives this id. */
const ANSWERS_OF_REDIS = 'services.cache.read_failed'

const documents = [
  { text: 'x', number: 1, date: '2024-01-31', place: { lat: 1, lon: 2 }, flag: true, list: [{ deep: 1 }], free: null },
  { text: '\ud800', number: -1.5, date: 1e12, list: ['\udc00', 1, null, [2]], free: { free: '\0' } },
  { text: ['\0', 'a\0b'], number: [1, 2], flag: false, list: [], free: '2024' },
]
const mappings = { properties: { text: { type: 'keyword' }, number: { type: 'double' }, date: { type: 'date' }, place: { type: 'geo_point' }, flag: { type: 'boolean' } } }

interface Answer { status: number; error?: { id?: string; message: string } | null; result?: unknown }

let root: string
let host: HostProcess | undefined
const database = `mortise_hostile_${process.pid}`

afterEach(async () => {
  await host?.stop()
  rmSync(root, { recursive: true, force: true })
  if (engines.includes('postgres')) await administer(`drop database if exists ${database} with (force)`)
})

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl)
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function start(engine: string): Promise<(request: AnyRequest) => Promise<Answer>> {
  root = createProject(['auth-local', 'hello-world'])
  if (engine === 'postgres') await administer(`create database ${database}`)
  host = runHost(root, engine === 'postgres' ? { env: { MORTISE_STORAGE__URL: postgresUrl.replace(/[^/]*$/, database) } } : {})
  const url = await host.listening()
  return async (request) => {
    const answer = await fetch(`${url}/_query`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) })
    const text = await answer.text()
    try {
      return { status: answer.status, ...(JSON.parse(text) as object) }
    } catch {
      // Exports and metrics are no JSON.
      return { status: answer.status }
    }
  }
}

async function furnish(ask: (request: AnyRequest) => Promise<Answer>): Promise<void> {
  const place = { index: 'i', collection: 'c' }
  await ask({ controller: 'index', action: 'create', index: 'i' })
  await ask({ controller: 'collection', action: 'create', ...place, body: { mappings } })
  await Promise.all(documents.map((body, position) => ask({ controller: 'document', action: 'createOrReplace', ...place, _id: `d${position}`, body })))
}

test.each(engines)('whatever is asked is answered on %s, and never by a fault of the host', async (engine) => {
  const ask = await start(engine)
  const { result } = await ask({ controller: 'server', action: 'publicApi' })
  const actions = Object.entries(result as Record<string, object>).flatMap(([controller, known]) => Object.keys(known).map((action) => [controller, action] as const))
  const among = actions.filter((name) => !LEFT_OUT.test(name.join(':')))
  // Every other request is about documents: there is most to go wrong.
  const requests = new HostileRequests(seed, [...among, ...Array.from(among, (_, n) => ['document', n % 2 ? 'search' : 'create'] as const)])
  const counts = { good: 0, refused: 0 }
  const faults: unknown[] = []
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 10 === 0) await furnish(ask)
    await Promise.all(Array.from({ length: AT_ONCE }, () => requests.next()).map(async (request) => {
      const { status, error } = await ask(request).catch((fault: unknown): Answer => ({ status: 0, error: { message: String(fault) } }))
      counts[status < 400 ? 'good' : 'refused']++
      if ((status < 200 || status >= 500) && error?.id !== ANSWERS_OF_REDIS) faults.push({ request: JSON.stringify(request).slice(0, 1_000), status, error })
    }))
    if (faults.length > 0) break
  }
  expect({ seed, faults, said: host?.err }).toEqual({ seed, faults: [], said: '' })
  // It would prove little if all were refused at the door.
  expect(counts.good).toBeGreaterThan(ROUNDS * AT_ONCE / 10)
  expect((await ask({ controller: 'document', action: 'search', index: 'i', collection: 'c', body: {} })).status).toBe(200)
}, 180_000)
