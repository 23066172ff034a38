import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openDocumentStore } from '../../open-document-store.js'
import { nextTurn } from '../../store/slices.js'
import { Connection } from './connection.js'
import { ReadPool } from './read-pool.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('a connection to SQLite', () => {
  let folder: string
  let path: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-connection-'))
    path = join(folder, 'store.db')
  })
  afterEach(() => {
    jest.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  /** Has statements made of which nobody else holds one, and those dropped that the connection drops. */
  async function prepareAndForget(connection: Connection): Promise<WeakRef<object>[]> {
    const prepared = [new WeakRef<object>(await connection.prepare('select 1')), new WeakRef<object>(await connection.prepare('select 2'))]
    connection.forgetStatements()
    return prepared
  }

  async function countLeft(statements: readonly WeakRef<object>[]): Promise<number> {
    for (let round = 0; round < 3; round++) {
      await nextTurn()
      collectGarbage()
    }
    return statements.filter((each) => each.deref() !== undefined).length
  }

  test('lets go of no statement while it is open: the main thread would wait for what runs on it', async () => {
    const connection = await Connection.open(path)
    const statements = await prepareAndForget(connection)
    expect(await countLeft(statements)).toBe(2)
    connection.close()
    expect(await countLeft(statements)).toBe(0)
  })

  test('that keeps many statements has another take its place where queries run', async () => {
    const open = jest.spyOn(Connection, 'open')
    const pool = new ReadPool(path)
    for (let n = 0; n < 800; n++) expect(await pool.query(`select ${n} as n`, [])).toEqual([{ n }])
    expect(open).toHaveBeenCalledTimes(2)
    pool.close()
  })

  test('that keeps many statements has another take its place where documents are written and read', async () => {
    const store = openDocumentStore({ path })
    await store.start()
    const open = jest.spyOn(Connection, 'open')
    for (let n = 0; n < 260; n++) {
      const place = { index: 'shop', collection: `c${n}` }
      await store.createCollection(place)
      await store.create(place, { _id: 'a', body: {} })
      await store.update(place, { _id: 'a', body: { n } })
      expect((await store.get(place, 'a'))._source).toEqual({ n })
    }
    // Two statements of the reader and five of the writer for each collection, and at most five hundred on a connection.
    expect(open.mock.calls.length).toBeGreaterThanOrEqual(3)
    expect(await store.listCollections('shop')).toHaveLength(260)
    await store.close()
  })
})
