import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { StoreMigration } from '@mortise/sdk'
import { dropSchema } from '../../../test/support/drop-schema.js'
import type { DocumentStore } from './document-store.js'
import { postgresUrl, whyUnreachable } from './engines/postgres/postgres-server.contract.js'
import { openDocumentStore } from './open-document-store.js'
import { PrivateStore } from './private-store.js'

interface Person { name: string; first?: string; last?: string; visits?: number }

const split: StoreMigration = {
  title: 'first and last name',
  change: ({ name, ...person }: Person) => ({ ...person, first: name.split(' ')[0], last: name.split(' ')[1] }),
}
const count: StoreMigration = { title: 'visits', change: (person: Person) => ({ ...person, visits: 0 }) }
const dropAnonymous: StoreMigration = { title: 'nobody without a last name', change: (person: Person) => (person.last ? person : undefined) }

// eslint-disable-next-line no-restricted-properties -- a spec has no other way to learn that it runs in continuous integration
const isServerRequired = process.env.CI === 'true'
const engines = ['sqlite', ...((await whyUnreachable()) === undefined || isServerRequired ? ['postgres'] : [])]

describe.each(engines)('the store of a plugin, on %s', (engine) => {
  let folder: string
  let schema: string
  let stores: DocumentStore[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-private-'))
    schema = `test_${randomUUID().replaceAll('-', '')}`
    stores = []
  })

  afterEach(async () => {
    for (const store of stores) await store.close()
    rmSync(folder, { recursive: true, force: true })
    if (engine === 'postgres') await dropSchema(postgresUrl, schema)
  })

  /** The same database as another start of the host, or another host, opens it. */
  async function open(): Promise<DocumentStore> {
    const store = openDocumentStore(engine === 'sqlite' ? { path: join(folder, 'store.sqlite') } : { url: postgresUrl, schema })
    stores.push(store)
    await store.start()
    return store
  }

  const people = async (migrations?: readonly StoreMigration[], store?: DocumentStore) => new PrivateStore(store ?? await open(), 'Crm').repository<Person>('people', { migrations })

  test('is seen by no client and by no other plugin', async () => {
    const store = await open()
    await (await people(undefined, store)).create({ _id: 'a', name: 'Ann Lee' })
    expect(await new PrivateStore(store, 'other').repository('people').get('a')).toBeUndefined()
    expect(await store.listIndexes('public')).toEqual([])
    expect(await store.listIndexes('private')).toEqual(['plugin-crm', 'plugin-other'])
  })

  test('brings stored objects to the version that the plugin declares, step by step', async () => {
    const before = await people()
    await before.create({ _id: 'a', name: 'Ann Lee' })
    await before.create({ _id: 'b', name: 'Bob' })
    expect((await (await people([split])).search()).hits).toEqual([{ _id: 'a', first: 'Ann', last: 'Lee' }, { _id: 'b', first: 'Bob' }])
    const after = await people([split, count, dropAnonymous])
    expect((await after.search()).hits).toEqual([{ _id: 'a', first: 'Ann', last: 'Lee', visits: 0 }])
  })

  test('runs each step once, though many ask for the collection at the same time', async () => {
    await (await people()).create({ _id: 'a', name: 'Ann Lee' })
    let calls = 0
    const counted: StoreMigration = { title: 'counted', change: (person: Person) => ({ ...person, visits: ++calls }) }
    const [one, other] = [await open(), await open()]
    const repositories = await Promise.all([one, one, other, other].map((store) => people([counted], store)))
    const found = await Promise.all(repositories.map((repository) => repository.get('a')))
    expect([calls, ...found.map((person) => person?.visits)]).toEqual([1, 1, 1, 1, 1])
  })

  test('does not run steps over what was stored after them', async () => {
    await (await people([split])).create({ _id: 'a', name: 'whole' })
    expect(await (await people([split])).get('a')).toEqual({ _id: 'a', name: 'whole' })
  })

  test('migrates more objects than are held in memory at once', async () => {
    const store = await open()
    await (await people(undefined, store)).create({ _id: 'a', name: 'Ann Lee' })
    await store.mCreate({ scope: 'private', index: 'plugin-crm', collection: 'people' }, Array.from({ length: 1200 }, (_, n) => ({ _id: `p${n}`, body: { name: `P ${n}` } })))
    const { total } = await (await people([split])).search({ query: { exists: { field: 'last' } } })
    expect(total).toBe(1201)
  })

  test('leaves everything as it was when a step throws, says which, and tries again', async () => {
    await (await people()).create({ _id: 'a', name: 'Ann Lee' })
    let isBroken = true
    const flaky: StoreMigration = { title: 'flaky', change: (person: Person) => { if (isBroken) throw new Error('no luck'); return person } }
    const repository = await people([split, flaky])
    await expect(repository.get('a')).rejects.toThrow(/migration "flaky" of collection "people" failed on "a": no luck/)
    expect(await (await people()).get('a')).toEqual({ _id: 'a', name: 'Ann Lee' })
    isBroken = false
    expect(await repository.get('a')).toEqual({ _id: 'a', first: 'Ann', last: 'Lee' })
  })

  test('is migrated before it is used, as far as collections were asked for', async () => {
    const store = await open()
    await (await people(undefined, store)).create({ _id: 'a', name: 'Ann Lee' })
    const own = new PrivateStore(store, 'Crm')
    own.repository<Person>('people', { migrations: [split] })
    await own.migrate()
    expect((await store.get({ scope: 'private', index: 'plugin-crm', collection: 'people' }, 'a'))._source).toEqual({ first: 'Ann', last: 'Lee' })
    own.repository<Person>('people', { migrations: [split, { title: 'broken', change: () => { throw new Error('no luck') } }] })
    await expect(own.migrate()).rejects.toThrow(/migration "broken" of collection "people" failed on "a": no luck/)
  })

  test('is refused to an older version of the plugin', async () => {
    await (await people([split, count])).create({ _id: 'a', name: 'Ann Lee' })
    await expect((await people([split])).get('a')).rejects.toMatchObject({
      message: expect.stringMatching(/"people" of "plugin-crm" is at version 2, and versions up to 1 are known/), hint: expect.stringContaining('newer version of the plugin'),
    })
  })
})
