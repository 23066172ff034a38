import type { StoredDocument } from '../../documents.js'
import { UnreadDocument } from '../../unread-document.js'
import type { Table } from '../engine.js'
import type { Connection, Statement } from './connection.js'

/** Bytes of a document that is read together with others. A longer one is better read by itself: what many make together is one text. */
const LONGEST_TOGETHER = 8192

/** JSON has no control characters, so none of these is in a document or in a number. */
const BETWEEN_ROWS = 30
const ROW_END = String.fromCharCode(BETWEEN_ROWS)
const FIELD_END = ':'

const SHORT_SOURCE = `iif(octet_length(stored.source) > ${LONGEST_TOGETHER}, '', stored.source)`

/** That a document is there, but too long to be read together with others. */
export const LONG = Symbol('long')

/** Reads documents of one table by their ids, at once, on the main thread. To be used in the turn in which it was made. */
export class TableReads {
  private constructor(private readonly single: Statement, private readonly several: Statement) {}

  /** @throws the driver's error where there is no such table */
  static async on(connection: Connection, table: Table): Promise<TableReads> {
    return new TableReads(
      await connection.prepare(`select version, source from "${table}" where id = ?`),
      await connection.prepare(`
        select group_concat(wanted.key || '${FIELD_END}' || stored.version || '${FIELD_END}' || ${SHORT_SOURCE}, char(${BETWEEN_ROWS}))
        from json_each(?) wanted cross join "${table}" stored on stored.id = wanted.value`),
    )
  }

  one(id: string): StoredDocument | undefined {
    const row = this.single.get([id]) as [number, string] | undefined
    return row && new UnreadDocument(id, row[1], row[0])
  }

  /**
   * One statement for all: the way to the driver and back, and the lock that is taken and given back, cost more than to find a document.
   *
   * @returns what there is of each id, at the id's place
   */
  many(ids: readonly string[]): (StoredDocument | typeof LONG | undefined)[] {
    if (ids.length === 1) return [this.one(ids[0]!)]
    const found = new Array<StoredDocument | typeof LONG | undefined>(ids.length).fill(undefined)
    const [rows] = this.several.get([JSON.stringify(ids)]) as [string | null]
    if (rows === null) return found
    for (let start = 0; start < rows.length; ) {
      const afterPlace = rows.indexOf(FIELD_END, start)
      const afterVersion = rows.indexOf(FIELD_END, afterPlace + 1)
      const next = rows.indexOf(ROW_END, afterVersion + 1)
      const end = next === -1 ? rows.length : next
      const place = Number(rows.slice(start, afterPlace))
      found[place] = end === afterVersion + 1 ? LONG : new UnreadDocument(ids[place]!, rows.slice(afterVersion + 1, end), Number(rows.slice(afterPlace + 1, afterVersion)))
      start = end + 1
    }
    return found
  }
}
