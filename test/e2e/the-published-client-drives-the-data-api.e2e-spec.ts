import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Http, Kuzzle, WebSocket } from 'kuzzle-sdk'
import pg from 'pg'
import { postgresUrl } from '../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { openLog } from '../../src/logger.js'
import { startMortise, type RunningMortise } from '../../src/start-mortise.js'
import { noteCalls } from '../support/note-calls.js'
import { engines } from '../support/store-engines.js'

const cases = engines.flatMap((engine) => ['http', 'websocket'].map((transport) => ({ engine, transport })))

const controllers = ['index', 'collection', 'document', 'bulk'] as const

describe.each(cases)('the published client over $transport, on $engine', ({ engine, transport }) => {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  let root: string
  let running: RunningMortise | undefined
  let client: Kuzzle
  let uncalled: () => string[]

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mortise-data-api-'))
    if (engine === 'postgres') await administer(`create database "${database}"`)
    const storage = engine === 'postgres' ? { url: new URL(database, postgresUrl).href } : { path: 'store.sqlite' }
    running = await startMortise({ root, config: { server: { port: 0, host: '127.0.0.1' }, storage }, logger: openLog('silent') })
    const protocol = transport === 'http' ? new Http('127.0.0.1', { port: running.port }) : new WebSocket('127.0.0.1', { port: running.port })
    client = new Kuzzle(protocol)
    await client.connect()
    uncalled = noteCalls(client, controllers)
  })

  afterAll(async () => {
    client?.disconnect()
    await running?.close()
    rmSync(root, { recursive: true, force: true })
    if (engine === 'postgres') await administer(`drop database "${database}" with (force)`)
  })

  beforeEach(async () => {
    const fixtures = ['a', 'b', 'c'].flatMap((_id, n) => [{ create: { _id } }, { city: 'Hue', n }])
    const properties = { city: { type: 'keyword' }, n: { type: 'integer' } }
    await client.query({ controller: 'admin', action: 'resetDatabase' })
    await client.query({ controller: 'admin', action: 'loadMappings', body: { shop: { orders: { mappings: { properties } } } } })
    await client.query({ controller: 'admin', action: 'loadFixtures', body: { shop: { orders: fixtures } } })
  })

  test('is served from the engine that is configured', async () => {
    expect(await running?.host.rooms.store.health()).toEqual({ status: 'green', engine })
  })

  test('handles indexes', async () => {
    await client.index.create('fresh')
    expect(await client.index.exists('fresh')).toBe(true)
    expect(await client.index.list()).toEqual(['fresh', 'shop'])
    expect(await client.index.stats()).toMatchObject({ indexes: [{ name: 'fresh' }, { name: 'shop', collections: [{ name: 'orders', documentCount: 3 }] }] })
    expect(await client.index.mDelete(['fresh', 'ghost'])).toEqual(['fresh'])
    await client.index.delete('shop')
    expect(await client.index.exists('shop')).toBe(false)
    await expect(client.index.delete('shop')).rejects.toMatchObject({ id: 'services.storage.unknown_index', status: 412 })
  })

  test('handles collections', async () => {
    await client.collection.create('shop', 'returns', { mappings: { properties: { why: { type: 'text' } } } })
    expect(await client.collection.exists('shop', 'returns')).toBe(true)
    expect(await client.collection.list('shop')).toMatchObject({ collections: [{ name: 'orders' }, { name: 'returns' }] })
    await client.collection.update('shop', 'returns', { mappings: { dynamic: 'strict' } } as never)
    await client.collection.updateMapping('shop', 'returns', { properties: { who: { type: 'keyword' } } } as never)
    expect(await client.collection.getMapping('shop', 'returns')).toMatchObject({ dynamic: 'strict', properties: { why: { type: 'text' }, who: { type: 'keyword' } } })
    await client.collection.refresh('shop', 'orders')
    await client.collection.truncate('shop', 'orders')
    expect(await client.document.count('shop', 'orders', {})).toBe(0)
    await client.collection.delete('shop', 'returns')
    await expect(client.collection.getMapping('shop', 'returns')).rejects.toMatchObject({ id: 'services.storage.unknown_collection' })
  })

  test('handles specifications', async () => {
    const specification = { strict: false, fields: { n: { type: 'integer', mandatory: true } } }
    expect(await client.collection.validateSpecifications('shop', 'orders', { fields: { n: {} } })).toMatchObject({ valid: false })
    expect(await client.collection.updateSpecifications('shop', 'orders', specification)).toEqual(specification)
    expect(await client.collection.getSpecifications('shop', 'orders')).toMatchObject({ index: 'shop', validation: specification })
    expect(await client.collection.searchSpecifications({ query: {} }, { scroll: '10s' })).toMatchObject({ total: 1, fetched: 1 })
    await expect(client.document.create('shop', 'orders', {})).rejects.toMatchObject({ id: 'validation.check.failed_field', status: 400 })
    expect(await client.document.validate('shop', 'orders', {} as never)).toMatchObject({ valid: false })
    await client.collection.deleteSpecifications('shop', 'orders')
    expect(await client.document.create('shop', 'orders', {})).toMatchObject({ _version: 1 })
  })

  test('handles single documents', async () => {
    expect(await client.document.create('shop', 'orders', { n: 1 }, 'id/1')).toMatchObject({ _id: 'id/1', _source: { n: 1, _kuzzle_info: { author: '-1' } } })
    expect(await client.document.get('shop', 'orders', 'id/1')).toMatchObject({ _id: 'id/1', _version: 1 })
    await client.document.createOrReplace('shop', 'orders', 'a', { city: 'Sapa', n: 5 })
    await client.document.replace('shop', 'orders', 'a', { city: 'Hanoi', n: 6 } as never)
    expect(await client.document.update('shop', 'orders', 'a', { n: 7 }, { source: true } as never)).toMatchObject({ _source: { city: 'Hanoi', n: 7 } })
    expect(await client.document.upsert('shop', 'orders', 'new', { n: 8 }, { default: { city: 'Hue' } } as never)).toMatchObject({ created: true })
    await client.document.deleteFields('shop', 'orders', 'a', ['city'])
    expect((await client.document.get('shop', 'orders', 'a'))._source).not.toHaveProperty('city')
    expect(await client.document.delete('shop', 'orders', 'a')).toBe('a')
    expect(await client.document.exists('shop', 'orders', 'a')).toBe(false)
    await expect(client.document.get('shop', 'orders', 'a')).rejects.toMatchObject({ id: 'services.storage.not_found', code: 16842763, status: 404 })
  })

  test('handles many documents', async () => {
    const documents = [{ _id: 'a', body: { n: 10 } }, { _id: 'x', body: { n: 11 } }]
    expect(await client.document.mCreate('shop', 'orders', documents as never)).toMatchObject({ successes: [{ _id: 'x' }], errors: [{ document: { _id: 'a' }, status: 400 }] })
    expect(await client.document.mCreateOrReplace('shop', 'orders', documents as never)).toMatchObject({ successes: [{ created: false }, { created: false }] })
    expect(await client.document.mReplace('shop', 'orders', documents as never)).toMatchObject({ errors: [] })
    expect(await client.document.mUpdate('shop', 'orders', documents as never)).toMatchObject({ successes: [{ _updatedFields: ['n'] }, {}] })
    expect(await client.document.mUpsert('shop', 'orders', [{ _id: 'y', changes: { n: 12 } }] as never)).toMatchObject({ successes: [{ created: true }] })
    expect(await client.document.mGet('shop', 'orders', ['a', 'ghost'])).toMatchObject({ successes: [{ _id: 'a' }], errors: ['ghost'] })
    expect(await client.document.mDelete('shop', 'orders', ['a', 'ghost'])).toMatchObject({ successes: ['a'], errors: [{ _id: 'ghost', status: 404 }] })
    await expect(client.document.mCreate('shop', 'orders', documents as never, { strict: true })).rejects.toMatchObject({
      id: 'api.process.incomplete_multiple_request', status: 400, count: 1,
    })
    await expect(client.document.mCreate('shop', 'orders', Array.from({ length: 201 }, () => ({ body: {} })) as never)).rejects.toMatchObject({ status: 413 })
  })

  test('searches, page by page, in either language', async () => {
    const firstPage = await client.document.search('shop', 'orders', { query: { term: { city: 'Hue' } }, sort: [{ n: 'desc' }] }, { size: 2, scroll: '10s' })
    expect(firstPage.hits.map(({ _id }) => _id)).toEqual(['c', 'b'])
    expect((await firstPage.next())?.hits.map(({ _id }) => _id)).toEqual(['a'])
    expect(await (await firstPage.next())?.next() ?? null).toBeNull()
    const filtered = await client.document.search('shop', 'orders', { query: { range: { n: { gte: 1 } } } }, { lang: 'koncorde' })
    expect(filtered.total).toBe(2)
    await expect(client.document.search('shop', 'orders', { query: { nopes: {} } })).rejects.toMatchObject({ id: 'services.storage.unexpected_bad_request' })
  })

  test('counts, updates and deletes by query', async () => {
    expect(await client.document.count('shop', 'orders', { query: { range: { n: { gte: 1 } } } })).toBe(2)
    expect(await client.document.updateByQuery('shop', 'orders', { range: { n: { gte: 1 } } }, { city: 'Sapa' })).toMatchObject({ successes: [{ _version: 2 }, {}], errors: [] })
    expect(await client.document.deleteByQuery('shop', 'orders', { query: { term: { city: 'Sapa' } } })).toEqual(['b', 'c'])
  })

  test('moves documents in bulk', async () => {
    expect(await client.bulk.write('shop', 'orders', { n: 1 }, 'w')).toMatchObject({ _id: 'w', _source: { n: 1 } })
    expect(await client.bulk.mWrite('shop', 'orders', [{ _id: 'v', body: { n: 2 } }])).toMatchObject({ successes: [{ _id: 'v' }], errors: [] })
    expect(await client.bulk.import('shop', 'orders', [{ index: { _id: 'i' } }, { n: 3 }, { delete: { _id: 'ghost' } }])).toMatchObject({ successes: [{ index: { _id: 'i' } }] })
    expect(await client.bulk.updateByQuery('shop', 'orders', { match_all: {} }, { city: 'Sapa' })).toBe(6)
    expect(await client.bulk.deleteByQuery('shop', 'orders', { query: { term: { city: 'Sapa' } } })).toBe(6)
  })

  test('leaves no method of these controllers untried', () => {
    expect(uncalled()).toEqual([])
  })
})

async function administer(statement: string): Promise<void> {
  const connection = new pg.Client(postgresUrl)
  await connection.connect()
  await connection.query(statement)
  await connection.end()
}
