import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request, RequestData } from '@mortise/sdk'
import { callAction } from '../../../../test/support/call-action.js'
import { QuietHost, startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

const place = { index: 'shop', collection: 'orders' }

class DumpingHost extends QuietHost {
  override readonly dumpFolder = mkdtempSync(join(tmpdir(), 'mortise-dump-'))
  release: () => void = () => undefined
  override readonly caches = { internalCache: () => new Promise<void>((resolve) => { this.release = resolve }) }

  override configuration(): Record<string, unknown> {
    return { server: { port: 7512 }, storage: { url: 'postgres://ann:pa55@db.test/shop' } }
  }
}

let own: DumpingHost
let host: StartedBuiltIns

beforeEach(async () => {
  own = new DumpingHost()
  host = await startBuiltIns({ host: own })
})

afterEach(async () => {
  await host.stop()
  rmSync(own.dumpFolder, { recursive: true, force: true })
})

const call = (action: string, rest: Partial<RequestData> = {}): Promise<Request> => callAction(host.pipeline, { controller: 'admin', action, ...rest })

describe('loading', () => {
  test('mappings create what is missing and add to what is there', async () => {
    await host.store.createCollection(place, { mappings: { properties: { city: { type: 'keyword' } } } })
    const body = { shop: { orders: { mappings: { properties: { n: { type: 'integer' } } } }, returns: { properties: { why: { type: 'text' } } } } }
    expect((await call('loadMappings', { body })).result).toEqual({ acknowledge: true })
    expect((await host.store.getMapping(place)).properties).toEqual({ city: { type: 'keyword' }, n: { type: 'integer' } })
    expect((await host.store.getMapping({ index: 'shop', collection: 'returns' })).properties).toEqual({ why: { type: 'text' } })
  })

  test('mappings create an index that is to have no collections yet', async () => {
    const body = { shop: { orders: {} }, archive: {} }
    for (let times = 0; times < 2; times++) expect((await call('loadMappings', { body })).error).toBeNull()
    expect(await host.store.listIndexes()).toEqual(['archive', 'shop'])
  })

  test('nothing is loaded where a part is malformed', async () => {
    await host.store.createCollection(place)
    expect((await call('loadFixtures', { body: { shop: { orders: [{ index: {} }, {}], returns: 'none' } } })).error).toMatchObject({ props: ['body.shop.returns', 'array'] })
    expect((await call('loadMappings', { body: { shop: { new: {}, returns: 'none' } } })).error).toMatchObject({ props: ['body.shop.returns', 'object'] })
    expect(await host.store.count(place, {})).toBe(0)
    expect(await host.store.listCollections('shop')).toEqual(['orders'])
  })

  test('fixtures import what can be, and name what cannot', async () => {
    await host.store.createCollection(place)
    const body = { shop: { orders: [{ create: { _id: 'a' } }, { n: 1 }, { create: { _id: 'a' } }, { n: 2 }] } }
    expect((await call('loadFixtures', { body })).error).toMatchObject({ id: 'services.storage.import_failed', status: 206, count: 1 })
    expect((await host.store.get(place, 'a'))._source).toEqual({ n: 1 })
  })

  test.each<[string, unknown]>([
    ['loadMappings', { shop: 'orders' }], ['loadMappings', { shop: { orders: 1 } }], ['loadFixtures', { shop: { orders: {} } }], ['loadFixtures', []],
  ])('%s refuses %j', async (action, body) => {
    expect((await call(action, { body })).error?.id).toBe('api.assert.invalid_type')
  })
})

test('a reset of the database deletes what clients can reach, and nothing else', async () => {
  await host.store.createCollection(place)
  await host.store.createCollection({ scope: 'private', index: 'plugin-geo', collection: 'places' })
  expect((await call('resetDatabase')).result).toEqual({ acknowledge: true })
  expect(await host.store.listIndexes()).toEqual([])
  expect(await host.store.listIndexes('private')).toEqual(['plugin-geo'])
})

describe('a dump', () => {
  test('writes a file for each aspect', async () => {
    expect((await call('dump', { suffix: 'before-update' })).result).toEqual({ acknowledge: true })
    const [folder = ''] = readdirSync(own.dumpFolder)
    expect(folder).toMatch(/-before-update$/)
    expect(readdirSync(join(own.dumpFolder, folder)).sort()).toEqual(['configuration.json', 'host.json', 'load.json', 'process.json', 'statistics.json'])
    expect(JSON.parse(readFileSync(join(own.dumpFolder, folder, 'configuration.json'), 'utf8')))
      .toEqual({ server: { port: 7512 }, storage: { url: 'postgres://ann:***@db.test/shop' } })
  })

  test('stays in its folder whatever the suffix says', async () => {
    await call('dump', { suffix: '/../../../escaped' })
    expect(readdirSync(own.dumpFolder)).toEqual([expect.stringMatching(/-{4}[-\w]*escaped$/)])
  })

  test('holds nothing of the environment, where secrets are', async () => {
    await call('dump')
    const [folder = ''] = readdirSync(own.dumpFolder)
    expect(JSON.parse(readFileSync(join(own.dumpFolder, folder, 'process.json'), 'utf8'))).not.toHaveProperty('environmentVariables')
  })
})

describe('caches', () => {
  test('are reset by name, not twice at once', async () => {
    const first = call('resetCache', { database: 'internalCache' })
    await nextTurn()
    expect((await call('resetCache', { database: 'internalCache' })).error?.id).toBe('api.process.action_locked')
    own.release()
    expect((await first).result).toEqual({ acknowledge: true })
  })

  test.each(['unknown', 'constructor'])('that are called "%s" are not found', async (database) => {
    expect((await call('resetCache', { database })).error?.id).toBe('services.cache.database_not_found')
  })

  test('of indexes need no refresh', async () => {
    const answer = await call('refreshIndexCache')
    expect([answer.status, answer.result]).toEqual([200, undefined])
  })
})

test('a shutdown answers first, and happens once', async () => {
  expect((await call('shutdown')).result).toEqual({ acknowledge: true })
  expect((await call('shutdown')).error).toMatchObject({ id: 'api.process.action_locked', status: 412 })
  await nextTurn()
  expect(own.stops).toBe(1)
})
