import type { StoredDocument } from '../../documents.js'
import { nextTurn } from '../../store/slices.js'
import { UnreadDocument } from '../../unread-document.js'
import type { Table } from '../engine.js'
import type { Connection, Statement } from './connection.js'

/** What one caller wants to read, and the promise it holds. */
interface Order {
  readonly table: Table
  readonly ids: readonly string[]
  readonly documents: StoredDocument[]
  resolve(documents: StoredDocument[]): void
  reject(error: unknown): void
}

/** Some of the ids of an order. */
interface Portion { readonly order: Order; readonly ids: readonly string[] }

const READS_PER_SLICE = 500

/**
 * Reads of single documents. Those that are asked for in one turn of the
 * event loop are done at its end, in one transaction: SQLite takes and gives
 * back its locks once for all of them, which is half of what a read costs.
 * The transaction ends in the same turn, so nobody reads what was true before.
 */
export class PointReads {
  private waiting: Order[] = []

  /** @param open - the connection to read from; `explain` makes an error of the store's of one of the driver's, and lets go of what is broken */
  constructor(private readonly open: () => Promise<Connection>, private readonly explain: (error: unknown) => unknown) {}

  /** The documents of `ids` that there are, in that order. */
  add(table: Table, ids: readonly string[]): Promise<StoredDocument[]> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => void this.run())
      this.waiting.push({ table, ids, documents: [], resolve, reject })
    })
  }

  private async run(): Promise<void> {
    const orders = this.waiting
    this.waiting = []
    try {
      const reader = await this.open()
      let isFirst = true
      for (const slice of slicesOf(orders)) {
        if (!isFirst) await nextTurn()
        isFirst = false
        await this.readSlice(reader, slice)
      }
      for (const { resolve, documents } of orders) resolve(documents)
    } catch (error) {
      const fault = this.explain(error)
      for (const { reject } of orders) reject(fault)
    }
  }

  /** A table that is gone fails those who ask for it, and nobody else. */
  private async readSlice(reader: Connection, portions: readonly Portion[]): Promise<void> {
    const statements = new Map<Table, Statement>()
    for (const { order } of portions) {
      if (statements.has(order.table)) continue
      const statement = await reader.prepare(`select version, source from "${order.table}" where id = ?`).catch((error: unknown) => order.reject(this.explain(error)))
      if (statement) statements.set(order.table, statement)
    }
    const isOne = portions.length === 1 && portions[0]?.ids.length === 1
    const [begin, commit] = [await reader.prepare('begin'), await reader.prepare('commit')]
    if (!isOne) begin.run([])
    try {
      for (const portion of portions) readPortion(portion, statements.get(portion.order.table))
    } finally {
      if (!isOne) commit.run([])
    }
  }
}

/** Portions that are read in one go: as many as do not hold the event loop for long. */
function* slicesOf(orders: readonly Order[]): Generator<Portion[]> {
  let portions: Portion[] = []
  let room = READS_PER_SLICE
  for (const order of orders) {
    for (let start = 0; start < order.ids.length; ) {
      const ids = order.ids.slice(start, start + room)
      portions.push({ order, ids })
      start += ids.length
      room -= ids.length
      if (room > 0) continue
      yield portions
      portions = []
      room = READS_PER_SLICE
    }
  }
  if (portions.length > 0) yield portions
}

function readPortion({ order, ids }: Portion, statement: Statement | undefined): void {
  if (!statement) return
  for (const id of ids) {
    const row = statement.get([id]) as [number, string] | undefined
    if (row) order.documents.push(new UnreadDocument(id, row[1], row[0]))
  }
}
