import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'libsql'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, copyFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DocumentStore } from '../../document-store.js'
import { openDocumentStore } from '../../open-document-store.js'

const place = { index: 'shop', collection: 'orders' }
const unreachable = { id: 'services.storage.not_connected', status: 503 }

describe('an embedded store in trouble', () => {
  let folder: string
  let path: string
  let store: DocumentStore

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-faults-'))
    path = join(folder, 'store.db')
    store = openDocumentStore({ path })
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  async function startWithOneDocument(): Promise<void> {
    await store.start()
    await store.createCollection(place)
    await store.create(place, { _id: 'before', body: {} })
  }

  test('whose file is no database refuses to start, and says what to do', async () => {
    writeFileSync(path, 'This is no database at all. '.repeat(50))
    await expect(store.start()).rejects.toMatchObject({ ...unreachable, hint: expect.stringContaining('no SQLite database') })
    expect(await store.health()).toMatchObject({ status: 'red', reason: expect.stringContaining('no SQLite database') })
  })

  test('whose folder does not exist refuses to start, and starts once it does', async () => {
    const lost = openDocumentStore({ path: join(folder, 'nowhere', 'store.db') })
    await expect(lost.start()).rejects.toMatchObject({ ...unreachable, hint: expect.stringContaining('folder') })
    await lost.close()
  })

  test('whose pages are damaged says so, never gives half an answer, and works again when the file is restored', async () => {
    await startWithOneDocument()
    await store.mCreate(place, Array.from({ length: 2000 }, (_, index) => ({ _id: `d${index}`, body: { text: 'x'.repeat(200) } })))
    await store.close()
    copyFileSync(path, `${path}.good`)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 4096 * 10)
    writeFileSync(path, bytes)
    await store.start()
    await expect(store.count(place, { query: { term: { text: 'y' } } })).rejects.toMatchObject({ ...unreachable, hint: expect.stringContaining('damaged') })
    await expect(store.mCreate(place, [{ _id: 'a', body: {} }, { _id: 'd1999', body: {} }])).rejects.toMatchObject(unreachable)
    renameSync(`${path}.good`, path)
    expect(await store.count(place)).toBe(2001)
    expect(await store.exists(place, 'a')).toBe(false)
  })

  test('whose disk is full refuses the whole write, keeps reading, and writes again when there is room', async () => {
    await startWithOneDocument()
    const limit = new Database(path)
    const { page_count: pages } = limit.prepare('pragma page_count').get() as { page_count: number }
    limit.close()
    await restrict(pages + 4)
    const large = Array.from({ length: 50 }, (_, index) => ({ _id: `large${index}`, body: { text: 'x'.repeat(4000) } }))
    await expect(store.mCreate(place, large)).rejects.toMatchObject({ ...unreachable, hint: expect.stringContaining('full') })
    expect(await store.count(place)).toBe(1)
    expect(await store.exists(place, 'before')).toBe(true)
    await restrict(1_000_000)
    expect((await store.mCreate(place, large)).errors).toEqual([])
  })

  test('whose file another program has locked waits, then refuses, and writes when it is free again', async () => {
    await startWithOneDocument()
    const other = new Database(path)
    other.exec('begin immediate')
    const refused = store.create(place, { _id: 'locked', body: {} })
    expect(await store.exists(place, 'before')).toBe(true)
    await expect(refused).rejects.toMatchObject({ ...unreachable, hint: expect.stringContaining('locked') })
    expect(await store.health()).toMatchObject({ status: 'red' })
    other.exec('rollback')
    other.close()
    expect(await store.create(place, { _id: 'locked', body: {} })).toMatchObject({ _version: 1 })
    expect(await store.health()).toEqual({ status: 'green', engine: 'sqlite' })
  }, 30_000)

  test('whose driver says of a lock that it is no error tries again', async () => {
    await startWithOneDocument()
    const { engine } = store as unknown as { engine: { writer: { exec: (text: string) => Promise<void> } } }
    const exec = engine.writer.exec.bind(engine.writer)
    let tries = 0
    engine.writer.exec = (text) => (tries++ % 2 === 0 ? Promise.reject(Object.assign(new Error('not an error'), { code: 'SQLITE_OK', rawCode: 0 })) : exec(text))
    expect(await store.create(place, { _id: 'a', body: {} })).toMatchObject({ _version: 1 })
    expect(tries).toBe(2)
    engine.writer.exec = exec
  })

  test('that a newer version has used is refused by name of both versions', async () => {
    await startWithOneDocument()
    await store.close()
    const newer = new Database(path)
    newer.exec(`insert into migrations values (99, 'from the future', '2100-01-01')`)
    newer.close()
    await expect(store.start()).rejects.toThrow(/version 99.*versions up to \d/s)
  })

  /** SQLite's own limit on the size of a file has the same effect as a full disk, and the same error. */
  async function restrict(pages: number): Promise<void> {
    const { engine } = store as unknown as { engine: { writer: { exec: (text: string) => Promise<void> } } }
    await engine.writer.exec(`pragma max_page_count = ${pages}`)
  }
})
