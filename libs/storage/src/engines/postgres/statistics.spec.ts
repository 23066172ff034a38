import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { until } from '../../../../../test/support/until.js'
import { openDocumentStore } from '../../open-document-store.js'
import { postgresUrl, whyUnreachable } from './postgres-server.contract.js'

// eslint-disable-next-line no-restricted-properties -- a spec has no other way to learn that it runs in continuous integration
const isServerRequired = process.env.CI === 'true'
const describeThere = (await whyUnreachable()) === undefined || isServerRequired ? describe : describe.skip

describeThere('what PostgreSQL knows of collections', () => {
  const schema = `test_${randomUUID().replaceAll('-', '')}`
  const store = openDocumentStore({ url: postgresUrl, schema })
  const client = new pg.Client({ connectionString: postgresUrl, options: `-c search_path=${schema}` })
  const body = (n: number) => ({ kind: n % 2 === 0 ? 'common' : `kind ${n}`, serial: n })
  const mappings = { properties: { kind: { type: 'keyword' }, serial: { type: 'integer' } } }

  beforeAll(async () => {
    await client.connect()
    await store.start()
  })
  afterAll(async () => {
    await store.close()
    await client.query(`drop schema "${schema}" cascade`)
    await client.end()
  })

  /** How many rows it takes a table for, and of how many of its indexed expressions it knows anything. */
  async function known(table: string): Promise<{ rows: number; expressions: number }> {
    const [{ reltuples }] = (await client.query<{ reltuples: number }>('select reltuples from pg_class where oid = $1::regclass', [table])).rows as [{ reltuples: number }]
    const { rows } = await client.query(`select 1 from pg_stats where schemaname = $1 and tablename like $2`, [schema, `${table}\\_%`])
    return { rows: reltuples, expressions: rows.length }
  }

  test('is how many documents there are and what they hold, as soon as many have been written', async () => {
    const place = { index: 'shop', collection: 'orders' }
    await store.createCollection(place, { mappings })
    await store.mCreate(place, Array.from({ length: 1200 }, (_, n) => ({ body: body(n) })))
    await until(() => known('c1'), ({ rows }) => rows >= 1000)
    expect((await known('c1')).expressions).toBeGreaterThanOrEqual(2)
    await store.mCreate(place, Array.from({ length: 3000 }, (_, n) => ({ body: body(n) })))
    await until(() => known('c1'), ({ rows }) => rows >= 2000)
  })

  test('is what fields hold that are declared later', async () => {
    const place = { index: 'shop', collection: 'late' }
    await store.createCollection(place)
    await store.mCreate(place, Array.from({ length: 50 }, (_, n) => ({ body: body(n) })))
    expect((await known('c2')).expressions).toBe(0)
    await store.updateMapping(place, mappings)
    await until(() => known('c2'), ({ expressions }) => expressions >= 2)
  })
})
