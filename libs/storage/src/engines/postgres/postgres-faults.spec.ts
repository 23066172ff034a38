import { describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openWire } from '../../../../../test/support/open-wire.js'
import { openDocumentStore } from '../../open-document-store.js'
import { postgresUrl, whyUnreachable } from './postgres-server.contract.js'

const place = { index: 'shop', collection: 'orders' }
const unreachable = { id: 'services.storage.not_connected', status: 503 }

test('a server that does not answer is a refusal to start that says what to see to', async () => {
  const store = openDocumentStore({ url: 'postgres://postgres@127.0.0.1:1/postgres' })
  await expect(store.start()).rejects.toMatchObject({ ...unreachable, hint: expect.stringContaining('cannot be reached') })
  expect(await store.health()).toMatchObject({ status: 'red', engine: 'postgres' })
  await store.close()
})

test('a URL of something else is refused, and the right one is named', () => {
  expect(() => openDocumentStore({ url: 'mysql://localhost' })).toThrow(/"mysql:".*"postgres:\/\/"/)
})

// eslint-disable-next-line no-restricted-properties -- a spec has no other way to learn that it runs in continuous integration
const isServerRequired = process.env.CI === 'true'
const suite = (await whyUnreachable()) === undefined || isServerRequired ? describe : describe.skip

suite('a store on PostgreSQL', () => {
  test('refuses while the connection is lost, and goes on by itself when it is back', async () => {
    const schema = `test_${randomUUID().replaceAll('-', '')}`
    const wire = await openWire(5432)
    const store = openDocumentStore({ url: `postgres://postgres@127.0.0.1:${wire.port}/postgres`, schema })
    try {
      await store.start()
      await store.createCollection(place)
      await store.create(place, { _id: 'before', body: {} })
      wire.cut()
      await expect(store.create(place, { _id: 'while', body: {} })).rejects.toMatchObject(unreachable)
      await expect(store.get(place, 'before')).rejects.toMatchObject(unreachable)
      expect(await store.health()).toMatchObject({ status: 'red' })
      wire.mend()
      expect((await store.get(place, 'before'))._version).toBe(1)
      expect(await store.create(place, { _id: 'after', body: {} })).toMatchObject({ created: true })
      expect(await store.exists(place, 'while')).toBe(false)
    } finally {
      await store.close()
      wire.close()
      await run(`drop schema "${schema}" cascade`)
    }
  })

  test('that a newer version has used is refused by name of both versions', async () => {
    const schema = `test_${randomUUID().replaceAll('-', '')}`
    const store = openDocumentStore({ url: postgresUrl, schema })
    await store.start()
    await store.close()
    await run(`insert into "${schema}".migrations values (99, 'from the future', '2100-01-01')`)
    await expect(store.start()).rejects.toThrow(/version 99.*versions up to \d/s)
    await store.close()
    await run(`drop schema "${schema}" cascade`)
  })
})

async function run(statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl)
  await client.connect()
  await client.query(statement)
  await client.end()
}
