import type { Outcome, Table, Write } from '../engine.js'
import type { Connection } from './connection.js'

export type Create = Extract<Write, { kind: 'create' }>

/** With fewer, the way to another thread and back costs more than it saves. */
export const FEWEST_TOGETHER = 4
export const MOST_TOGETHER = 500
const MOST_CHARACTERS = 500_000

/**
 * SQLite reads JSON of at most a thousand levels, and so many need twice as many characters. A longer document is handed over as text
 * in JSON, which costs the main thread a little more and has no levels.
 */
const CERTAINLY_SHALLOW = 1_900

/**
 * Creates documents of one table by one statement, away from the main thread, inside a transaction that somebody else has begun. The
 * main thread only writes the JSON: a statement for each document would hold it four times as long.
 *
 * @param creates - `start` says where to begin; takes as many as are not too much at once
 * @returns an outcome for each that it took: `created`, or `taken` where the id was there already
 */
export async function insertMany(connection: Connection, table: Table, creates: readonly Create[], start = 0): Promise<Outcome[]> {
  const insert = await connection.prepare(
    `insert into "${table}" (id, version, source) select key, 1, value from json_each(?) where true on conflict do nothing`,
  )
  const { rows, texts: { length: count } } = toJson(creates, start)
  await insert.all([rows])
  const [changes, last] = (await connection.prepare('select changes(), last_insert_rowid()')).get([]) as [number, number]
  const isCreated = changes === count ? () => true : await readCreated(connection, table, { changes, last })
  return creates.slice(start, start + count).map(({ id, source }) => (isCreated(id) ? { type: 'created', version: 1, source } : { type: 'taken' }))
}

/**
 * Documents by id, the same id as often as it comes, and the text of each. Both are read back as they stand: SQLite copies texts and numbers, and makes no
 * values of them.
 */
export function toJson(creates: readonly Create[], start: number): { rows: string; texts: string[] } {
  const texts: string[] = []
  let rows = ''
  let at = start
  for (; at < creates.length && at < start + MOST_TOGETHER && rows.length < MOST_CHARACTERS; at++) {
    const { id, source } = creates[at]!
    const text = JSON.stringify(source)
    texts.push(text)
    rows += `${at === start ? '{' : ','}${JSON.stringify(id)}:${text.length < CERTAINLY_SHALLOW ? text : JSON.stringify(text)}`
  }
  return { rows: `${rows}}`, texts }
}

/**
 * Numbers of new rows follow one another, so the last `changes` up to `last` are the ones that were just made. Where there are none, `last`
 * is of whatever table was written before. An id that was asked for twice counts once.
 */
async function readCreated(connection: Connection, table: Table, { changes, last }: { changes: number; last: number }): Promise<(id: string) => boolean> {
  if (changes === 0) return () => false
  const rows = await connection.all(`select id from "${table}" where n > ?`, [last - changes])
  const created = new Set(rows.map(({ id }) => id as string))
  return (id) => created.delete(id)
}
