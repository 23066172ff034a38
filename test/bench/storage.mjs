/**
 * The document store against bare drivers, in one process and one run: `npm run build && node test/bench/storage.mjs [postgres-url]`.
 *
 * The bare loops do what is done anyway: the same statements on a table of the same kind, JSON written and parsed, the same durability,
 * and a commit for each document, or for each batch where the store was given one. Each pair is run by turns, and the ratio of each
 * round is what counts: a noisy moment meets both.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'
import { openDocumentStore } from '../../dist/libs/storage/src/index.js'
import { median } from './measure.mjs'

const ROUNDS = 5
const SECONDS = 1
const IN_FLIGHT = 320
const place = { index: 'bench', collection: 'orders' }
const body = (number) => ({ city: `town${number % 100}`, quantity: number, at: '2024-01-31T12:00:00.000Z', note: 'a few words that stand here' })
const batch = (number) => Array.from({ length: 200 }, (_, index) => body(number + index))

/** Calls `work(n)` from as many callers at once for a second, and gives calls a second. */
async function rate(work, callers = IN_FLIGHT) {
  let calls = 0
  const start = performance.now()
  const end = start + SECONDS * 1000
  await Promise.all(Array.from({ length: callers }, async () => { while (performance.now() < end) await work(calls++) }))
  return calls / ((performance.now() - start) / 1000)
}

/** The same for a loop that never waits. */
function rateOf(work) {
  let calls = 0
  const start = performance.now()
  while (performance.now() < start + SECONDS * 1000) work(calls++)
  return Promise.resolve(calls / ((performance.now() - start) / 1000))
}

async function compare(title, bare, ours) {
  const runs = []
  for (let round = 0; round < ROUNDS; round++) {
    const base = await bare()
    const reached = await ours()
    runs.push({ base, reached, ratio: reached / base })
  }
  const ratios = runs.map(({ ratio }) => ratio).sort((a, b) => a - b)
  console.log([
    title.padEnd(30), String(Math.round(median(runs.map(({ base }) => base)))).padStart(9), String(Math.round(median(runs.map(({ reached }) => reached)))).padStart(9),
    median(ratios).toFixed(2).padStart(7), `${ratios[0].toFixed(2)}–${ratios.at(-1).toFixed(2)}`.padStart(12),
  ].join(' '))
}

async function measureStore(store, bare, title) {
  console.log(`\n${title.padEnd(30)}    bare/s    ours/s   ratio       spread`)
  await store.start()
  await store.createCollection(place)
  const ids = (await store.mCreate(place, batch(0).map((each) => ({ body: each })))).successes.map(({ _id }) => _id)
  await compare('create, 320 at once', bare.create, () => rate((n) => store.create(place, { body: body(n) })))
  await compare('create, one by one', bare.createAlone, () => rate((n) => store.create(place, { body: body(n) }), 1))
  await compare('get', bare.get, () => rate((n) => store.get(place, ids[n % ids.length]), bare.callers))
  await compare('update, 320 at once', bare.update, () => rate((n) => store.update(place, { _id: ids[n % ids.length], body: { quantity: n } })))
  await compare('mCreate of 200', bare.createBatch, () => rate((n) => store.mCreate(place, batch(n).map((each) => ({ body: each }))), 4))
  await store.truncate(place)
  await store.mCreate(place, Array.from({ length: 10_000 }, (_, n) => ({ body: body(n) })))
  await store.updateMapping(place, { properties: { city: { type: 'keyword' } } })
  await compare('search an indexed field', bare.search, () => rate((n) => store.search(place, { query: { term: { city: `town${n % 100}` } } }), bare.callers))
  await store.close()
}

function bareSqlite(path) {
  const database = new Database(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  const make = (name) => database.exec(`create table ${name} (n integer primary key, id text unique not null, version integer, source text)`)
  make('writes')
  make('reads')
  database.exec(`create index by_city on reads (json_extract(source, '$.city'))`)
  const statement = (table) => database.prepare(`insert into ${table} (id, version, source) values (?, 1, ?)`)
  const [insert, fill] = [statement('writes'), statement('reads')]
  let next = 0
  const transaction = (work) => { database.exec('begin immediate'); work(); database.exec('commit') }
  const create = (n) => insert.run([`id${next++}`, JSON.stringify(body(n))])
  transaction(() => { for (let n = 0; n < 10_000; n++) fill.run([`id${n}`, JSON.stringify(body(n))]) })
  const [get, set] = [database.prepare('select id, version, source from reads where id = ?').raw(), database.prepare('update writes set version = version + 1, source = ? where id = ?')]
  const find = database.prepare(`select id, version, source from reads where json_extract(source, '$.city') = ? limit 10`)
  const count = database.prepare(`select count(*) from reads where json_extract(source, '$.city') = ?`)
  const update = (n) => set.run([JSON.stringify({ ...JSON.parse(get.get([`id${n % 200}`])[2]), quantity: n }), `id${n % 200}`])
  return {
    callers: 1,
    create: async () => 64 * (await rateOf((n) => transaction(() => { for (let i = 0; i < 64; i++) create(n) }))),
    createAlone: () => rateOf((n) => transaction(() => create(n))),
    get: () => rateOf((n) => JSON.parse(get.get([`id${n % 200}`])[2])),
    update: async () => 64 * (await rateOf((n) => transaction(() => { for (let i = 0; i < 64; i++) update(n + i) }))),
    createBatch: () => rateOf((n) => transaction(() => { for (let i = 0; i < 200; i++) create(n + i) })),
    search: () => rateOf((n) => { count.get([`town${n % 100}`]); find.all([`town${n % 100}`]).map(({ source }) => JSON.parse(source)) }),
    close: () => database.close(),
  }
}

async function barePostgres(url) {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c search_path=mortise_bench' })
  await pool.query('create schema if not exists mortise_bench')
  for (const table of ['writes', 'reads']) {
    await pool.query(`create table ${table} (n bigint generated always as identity primary key, id text unique not null, version integer, source jsonb)`)
  }
  await pool.query(`create index by_city on reads ((source ->> 'city'))`)
  const insert = (table, ids, bodies) => pool.query({
    name: `insert ${table}`, text: `insert into ${table} (id, version, source) select id, 1, source::jsonb from unnest($1::text[], $2::text[]) as g (id, source)`,
    values: [ids, bodies.map((each) => JSON.stringify(each))],
  })
  await insert('reads', Array.from({ length: 10_000 }, (_, n) => `id${n}`), Array.from({ length: 10_000 }, (_, n) => body(n)))
  await insert('writes', Array.from({ length: 200 }, (_, n) => `id${n}`), batch(0))
  let next = 200
  const create = (n) => insert('writes', [`id${next++}`], [body(n)])
  return {
    callers: 10,
    create: () => rate(create),
    createAlone: () => rate(create, 1),
    get: () => rate((n) => pool.query({ name: 'get', text: 'select id, version, source from reads where id = $1', values: [`id${n % 200}`] }), 10),
    update: () => rate((n) => pool.query({
      name: 'update', text: 'update writes set version = version + 1, source = source || $2 where id = $1', values: [`id${n % 200}`, JSON.stringify({ quantity: n })],
    })),
    createBatch: () => rate((n) => insert('writes', batch(n).map(() => `id${next++}`), batch(n)), 4),
    search: () => rate(async (n) => {
      const values = [`town${n % 100}`]
      await pool.query({ name: 'count', text: `select count(*) from reads where source ->> 'city' = $1`, values })
      await pool.query({ name: 'find', text: `select id, version, source from reads where source ->> 'city' = $1 limit 10`, values })
    }, 10),
    close: async () => { await pool.query('drop schema mortise_bench cascade'); await pool.end() },
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
const sqlite = bareSqlite(join(folder, 'bare.db'))
await measureStore(openDocumentStore({ path: join(folder, 'store.db') }), sqlite, 'SQLite, synchronous = full')
sqlite.close()
rmSync(folder, { recursive: true })

const [url] = process.argv.slice(2)
if (url) {
  const schema = `mortise_bench_${process.pid}`
  const postgres = await barePostgres(url)
  await measureStore(openDocumentStore({ url, schema }), postgres, 'PostgreSQL')
  await postgres.close()
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`drop schema "${schema}" cascade`)
  await client.end()
} else console.log('\nPostgreSQL was left out: give its URL as an argument.')
