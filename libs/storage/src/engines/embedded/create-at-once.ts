import type { Outcome, Write } from '../engine.js'
import { isMissingTable } from '../faults.js'
import type { Connection } from './connection.js'
import { MOST_TOGETHER, toJson, type Create } from './insert-many.js'
import { toSqliteFault } from './sqlite-faults.js'

const CONSTRAINT = 19

/**
 * Creates and commits in one step away from the main thread, where writes are nothing but creates in one table and not too many for one
 * statement: outside of a transaction, a statement is one by itself. Between two steps the main thread has its turn, and where it has
 * much to do, waiting for that takes longer than the steps do.
 *
 * The documents are in the text of the statement. A prepared one that finds the file locked would stay open, with a view of the file that
 * keeps its connection from writing.
 *
 * @returns `undefined` when nothing was stored: as these are other writes, or an id is taken or the table gone, which steps tell apart
 */
export async function createAtOnce(connection: Connection, writes: readonly Write[]): Promise<Outcome[] | undefined> {
  if (!isBatch(writes)) return undefined
  const { rows, texts } = toJson(writes, 0)
  if (texts.length < writes.length) return undefined
  try {
    await connection.execWhenFree(`insert into "${writes[0]!.table}" (id, version, source) select key, 1, value from json_each(${literal(rows)})`)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
  return writes.map(({ source }, place) => ({ type: 'created', version: 1, source, text: texts[place] }))
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const isBatch = (writes: readonly Write[]): writes is Create[] =>
  writes.length <= MOST_TOGETHER && writes.every(({ kind, table }) => kind === 'create' && table === writes[0]!.table)

const isRefusal = (error: unknown): boolean =>
  ((error as { rawCode?: number }).rawCode ?? 0) % 0x100 === CONSTRAINT || isMissingTable(toSqliteFault(error))
