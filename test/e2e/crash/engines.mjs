/** The engines to try: a place of its own for each, and what only the engine can tell. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Database from 'libsql'
import pg from 'pg'

const POSTGRES = 'postgres://postgres@127.0.0.1:5432/postgres'

/** It writes down what its durable hook is told. */
const PLUGIN = 'that-keeps-a-ledger'
const HEARD = 'heard.jsonl'
const HEARING = { MORTISE_PLUGINS__THAT_KEEPS_A_LEDGER__FILE: HEARD }

/** What the durable hook has been told so far, in order. A line that was being written when the host was killed does not count. */
function readHeard(folder) {
  const file = join(folder, HEARD)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line)) : []
}

const LEFT = 'select count(*) as "left" from outbox where dead = '

/** @param options - `isHeard`: whether a durable hook is told of what is written */
export async function openEngine(name, { isHeard }) {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-crash-'))
  mkdirSync(join(folder, 'plugins/enabled'), { recursive: true })
  if (isHeard) symlinkSync(resolve('test/fixtures/plugins', PLUGIN), join(folder, 'plugins/enabled', PLUGIN))
  const hearing = isHeard ? HEARING : {}
  if (name === 'sqlite') return openSqlite(folder, hearing)
  if (name === 'postgres') return openPostgres(folder, hearing)
  throw new Error(`There is no engine "${name}". There are: sqlite, postgres.`)
}

function openSqlite(folder, hearing) {
  return {
    folder,
    environment: { ...hearing, MORTISE_STORAGE__PATH: 'crash.sqlite' },
    heard: () => readHeard(folder),
    left: async (dead) => {
      const database = new Database(join(folder, 'crash.sqlite'))
      const { left } = database.prepare(LEFT + dead).get()
      database.close()
      return left
    },
    settle: async () => {},
    /** What SQLite itself finds wrong with its file. */
    inspect: async () => {
      const database = new Database(join(folder, 'crash.sqlite'))
      const faults = database.prepare('pragma integrity_check').all().map(({ integrity_check: fault }) => fault).filter((fault) => fault !== 'ok')
      database.close()
      return faults
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function openPostgres(folder, hearing) {
  const database = `crash_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client(POSTGRES)
  await client.connect()
  await client.query(`create database "${database}"`)
  return {
    folder,
    environment: { ...hearing, MORTISE_STORAGE__URL: new URL(database, POSTGRES).href },
    heard: () => readHeard(folder),
    left: async (dead) => {
      const own = new pg.Client(new URL(database, POSTGRES).href)
      await own.connect()
      const { rows: [{ left }] } = await own.query(LEFT.replaceAll('outbox', 'mortise.outbox') + dead)
      await own.end()
      return Number(left)
    },
    /** The server finishes what a killed host had asked of it; only then is it certain what is stored. */
    settle: async () => {
      const count = 'select count(*)::int as count from pg_stat_activity where datname = $1'
      while ((await client.query(count, [database])).rows[0].count > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    inspect: async () => [],
    remove: async () => {
      await client.query(`drop database "${database}" with (force)`)
      await client.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
