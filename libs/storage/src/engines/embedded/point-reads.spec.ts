import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nextTurn } from '../../store/slices.js'
import { Connection } from './connection.js'
import { PointReads } from './point-reads.js'

describe('reads of single documents', () => {
  let folder: string
  let connection: Connection
  let reads: PointReads
  let statements = 0

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mortise-reads-'))
    connection = await Connection.open(join(folder, 'store.db'))
    await connection.exec(`
      create table t (n integer primary key, id text unique, version integer, source text);
      insert into t (id, version, source) values ('a', 1, '{"n":1}'), ('b', 2, '{"n":2}'), ('c', 1, '{}')`)
    const prepare = connection.prepare.bind(connection)
    connection.prepare = async (text) => {
      const statement = await prepare(text)
      return Object.assign(Object.create(statement) as typeof statement, { get: (values: unknown[]) => (statements++, statement.get(values)) })
    }
    statements = 0
    reads = new PointReads(async () => connection, (error) => error)
  })
  afterEach(() => {
    connection.close()
    rmSync(folder, { recursive: true })
  })

  const versions = async (ids: string[]): Promise<number[]> => (await reads.add('t', ids)).map(({ _version }) => _version)

  test('of many connections share a statement where each has few', async () => {
    // One after another in the same phase of the event loop, each with its own ticks, as requests of several sockets are worked off.
    const each = ['a', 'b', 'nowhere', 'c'].map((id) => nextTurn().then(() => versions([id])))
    expect(await Promise.all(each)).toEqual([[1], [2], [], [1]])
    expect(statements).toBe(1)
  })

  test('that are enough for a statement do not wait for others', async () => {
    await versions(['a', 'b'])
    statements = 0
    let isTurnOver = false
    void nextTurn().then(() => { isTurnOver = true })
    expect(await Promise.all([versions(['a', 'b']), versions(['c']), versions(['a']), versions(['c'])])).toEqual([[1, 2], [1], [1], [1]])
    expect({ isTurnOver, statements }).toEqual({ isTurnOver: false, statements: 1 })
  })

  test('of a table that is not there fail, and later ones do not', async () => {
    await expect(reads.add('gone', ['a'])).rejects.toThrow('no such table')
    expect(await versions(['b', 'a'])).toEqual([2, 1])
  })
})
