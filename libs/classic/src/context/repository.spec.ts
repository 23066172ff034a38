import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { PluginCandidate } from '@app/packages'
import { createClassicHost, importFixture } from '../../../../test/support/create-classic-host.js'

interface Person { _id: string; name: string; greet(): string }
interface Repository<T = Record<string, unknown>> {
  get(id: string): Promise<T | null>
  mGet(ids: string[]): Promise<T[]>
  search(body?: object, options?: object): Promise<{ hits: T[]; total: number; scrollId?: string }>
  create(document: object): Promise<{ _id: string; _source: Record<string, unknown>; _version: number }>
  createOrReplace: Repository['create']
  replace: Repository['create']
  update: Repository['create']
  delete(id: string): Promise<unknown>
}
interface Plugin {
  people: Repository<Person>
  users: Repository
  unknown: Repository
  constructors: { Repository: new (collection?: string) => Repository }
}

let classic: Awaited<ReturnType<typeof createClassicHost>>
let plugin: Plugin

const startPlugin = async (config = {}): Promise<void> => {
  classic = await createClassicHost()
  const candidate = await importFixture('classic-that-stores')
  const instance = new (candidate.exported as new () => object)()
  await classic.start({ ...candidate, exported: instance } as PluginCandidate, config)
  plugin = instance as Plugin
}

beforeEach(() => startPlugin())
afterEach(() => classic.close())

describe('a repository', () => {
  test('writes raw documents with their metadata, in a private index', async () => {
    const written = await plugin.people.create({ _id: 'ada', name: 'Ada' })
    const metadata = { author: null, createdAt: expect.any(Number), updatedAt: null, updater: null }
    expect(written).toMatchObject({ _id: 'ada', _version: 1, _source: { name: 'Ada', _kuzzle_info: metadata } })
    expect(written._source).not.toHaveProperty('_id')
    await expect(classic.store.listIndexes('private')).resolves.toEqual(['plugin-classic-that-stores'])
    await expect(classic.store.listIndexes()).resolves.toEqual([])
  })

  test('reads instances of its class, with id and content as properties', async () => {
    await plugin.people.create({ _id: 'ada', name: 'Ada' })
    const found = await plugin.people.get('ada')
    expect(found).toMatchObject({ _id: 'ada', name: 'Ada' })
    expect(found?.greet()).toBe('hi, Ada')
    await expect(plugin.people.mGet(['nobody', 'ada'])).resolves.toEqual([expect.objectContaining({ _id: 'ada' })])
  })

  test('writes an instance back as it was read, without its methods', async () => {
    await plugin.people.create({ _id: 'ada', name: 'Ada' })
    const found = await plugin.people.get('ada')
    const replaced = await plugin.people.replace({ ...found, name: 'Ada L.' })
    expect(replaced._source).toMatchObject({ name: 'Ada L.', greeting: 'hi', _kuzzle_info: { updatedAt: expect.any(Number) } })
  })

  test('updates a part and keeps who created it and when', async () => {
    const { _source } = await plugin.people.create({ _id: 'ada', name: 'Ada' })
    const { createdAt } = _source._kuzzle_info as { createdAt: number }
    const updated = await plugin.people.update({ _id: 'ada', age: 36 })
    expect(updated._source).toMatchObject({ name: 'Ada', age: 36, _kuzzle_info: { createdAt, updatedAt: expect.any(Number) } })
  })

  test('refuses an id that is taken, and ids that are missing, with the store\'s own errors', async () => {
    await plugin.people.create({ _id: 'ada', name: 'Ada' })
    await expect(plugin.people.create({ _id: 'ada' })).rejects.toMatchObject({ id: 'services.storage.document_already_exists' })
    for (const missing of [plugin.people.get('x'), plugin.people.replace({ _id: 'x' }), plugin.people.update({ _id: 'x' }), plugin.people.delete('x')]) {
      await expect(missing).rejects.toMatchObject({ id: 'services.storage.not_found', status: 404 })
    }
    await plugin.people.createOrReplace({ _id: 'ada', name: 'Lovelace' })
    await plugin.people.delete('ada')
    await expect(plugin.people.get('ada')).rejects.toMatchObject({ id: 'services.storage.not_found' })
  })

  test('gives null for what is missing in a collection named users', async () => {
    await expect(plugin.users.get('nobody')).resolves.toBeNull()
  })

  test('gives null everywhere to a plugin that is configured as one made before 1.5', async () => {
    await classic.close()
    await startPlugin({ kuzzleVersion: '~1.4.0' })
    await expect(plugin.people.get('nobody')).resolves.toBeNull()
  })

  test('is empty where its collection was never made, and makes it when written to', async () => {
    await expect(plugin.unknown.search({ query: { match_all: {} } })).resolves.toMatchObject({ hits: [], total: 0 })
    await expect(plugin.unknown.get('x')).rejects.toMatchObject({ id: 'services.storage.not_found' })
    await plugin.unknown.create({ _id: 'x', name: 'first' })
    await expect(plugin.unknown.get('x')).resolves.toMatchObject({ name: 'first' })
  })

  test('needs the name of a collection', () => {
    expect(() => new plugin.constructors.Repository()).toThrow(expect.objectContaining({ id: 'plugin.context.missing_collection' }))
  })
})

describe('a search in a repository', () => {
  beforeEach(async () => {
    for (const [_id, age] of [['ada', 36], ['bob', 20], ['eve', 50]] as const) await plugin.people.create({ _id, name: _id, age })
  })

  test('takes a search body and a page, and counts all', async () => {
    const { hits, total } = await plugin.people.search({ query: { range: { age: { gt: 30 } } }, sort: [{ age: 'desc' }] }, { from: 0, size: 1 })
    expect(total).toBe(2)
    expect(hits.map((hit) => hit.greet())).toEqual(['hi, eve'])
  })

  test('takes a bare query from a plugin made before 1.5', async () => {
    await classic.close()
    await startPlugin({ kuzzleVersion: '~1.4.0' })
    await plugin.people.create({ _id: 'ada', name: 'ada' })
    await plugin.people.create({ _id: 'bob', name: 'bob' })
    await expect(plugin.people.search({ term: { name: 'bob' } })).resolves.toMatchObject({ total: 1, hits: [{ _id: 'bob' }] })
  })
})
