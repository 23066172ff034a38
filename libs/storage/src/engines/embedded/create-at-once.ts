import type { Outcome, Write } from '../engine.js'
import { isMissingTable } from '../faults.js'
import type { Connection } from './connection.js'
import { isOfCreates, toJson, type Create } from './insert-many.js'
import { toSqliteFault } from './sqlite-faults.js'

const CONSTRAINT = 19

/** Where a connection that writes keeps what it is about to create: statements that run one after another in one step take no values. */
export const HANDOVER = 'create temp table handover (place integer primary key, rows text)'

/** Creates that go into one table by one statement. */
export interface Batch {
  readonly table: string
  readonly creates: readonly Create[]
  readonly rows: string
  /** Each document by itself. */
  readonly texts: readonly string[]
}

/** The batch that these writes make, when they are nothing but creates in one table, and not too many for one statement. */
export function batchOf(writes: readonly Write[]): Batch | undefined {
  const [first] = writes
  if (!first || !isOfCreates(writes) || writes.some(({ table }) => table !== first.table)) return undefined
  const { rows, texts } = toJson(writes, 0)
  return texts.length === writes.length ? { table: first.table, creates: writes, rows, texts } : undefined
}

/**
 * Begins, creates and commits in one step away from the main thread. Between two steps the main thread has its turn, and where it has
 * much to do, waiting for that takes longer than the steps do.
 *
 * @returns `undefined` when nothing was stored as an id is taken or the table is gone: who is to be told what is found out step by step
 */
export async function createAtOnce(connection: Connection, { table, creates, rows, texts }: Batch): Promise<Outcome[] | undefined> {
  const hand = await connection.prepare('replace into handover (place, rows) values (1, ?)')
  hand.run([rows])
  try {
    await connection.exec(`begin immediate;
      insert into "${table}" (id, version, source) select key, 1, value from handover, json_each(handover.rows);
      commit`)
  } catch (error) {
    if (!isRefusal(error)) throw error
    await connection.exec('rollback')
    return undefined
  }
  return creates.map(({ source }, place) => ({ type: 'created', version: 1, source, text: texts[place] }))
}

const isRefusal = (error: unknown): boolean =>
  ((error as { rawCode?: number }).rawCode ?? 0) % 0x100 === CONSTRAINT || isMissingTable(toSqliteFault(error))
