import type { StoredDocument } from '../../documents.js'
import { nextTurn } from '../../store/slices.js'
import type { Table } from '../engine.js'
import type { Connection } from './connection.js'
import { LONG, TableReads } from './table-reads.js'

/** What one caller wants to read, and the promise it holds. */
interface Order {
  readonly table: Table
  readonly ids: readonly string[]
  /** What was found, at the place of its id. */
  readonly found: (StoredDocument | undefined)[]
  resolve(documents: StoredDocument[]): void
  reject(error: unknown): void
}

/** One of the ids of an order. */
interface Want { readonly id: string; readonly place: number; readonly order: Order }

const MOST_TOGETHER = 128
/** Fewer than these wait for those of other sockets. */
const ENOUGH_TOGETHER = 4
/** Milliseconds that reads may take before others get a turn of the event loop. */
const SLICE = 10

/**
 * Reads of single documents. Those that are asked for while the frames of one socket are worked off are read together, by one statement.
 * Where they are enough for that, they do not wait for those of other sockets: whatever waits, the garbage collector copies, and that costs
 * more than a statement. A few do, so that requests of many connections share one: a statement for each costs more than all the rest of them.
 */
export class PointReads {
  private waiting: Order[] = []
  private isHeldBack = false
  private readonly run = (): void => void this.readWaiting()

  /** @param open - the connection to read from; `explain` makes an error of the store's of one of the driver's, and lets go of what is broken */
  constructor(private readonly open: () => Promise<Connection>, private readonly explain: (error: unknown) => unknown) {}

  /** The documents of `ids` that there are, in that order. */
  add(table: Table, ids: readonly string[]): Promise<StoredDocument[]> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) process.nextTick(this.run)
      this.waiting.push({ table, ids, found: [], resolve, reject })
    })
  }

  private async readWaiting(): Promise<void> {
    this.isHeldBack = !this.isHeldBack && this.waiting.length < ENOUGH_TOGETHER
    if (this.isHeldBack) return void setImmediate(this.run)
    const orders = this.waiting
    this.waiting = []
    for (const [table, some] of byTable(orders)) await this.answer(table, some)
  }

  /** A table that is gone fails those who ask for it, and nobody else. */
  private async answer(table: Table, orders: readonly Order[]): Promise<void> {
    try {
      await this.readAll(table, orders)
      for (const { found, resolve } of orders) resolve(found.filter((document) => document !== undefined))
    } catch (error) {
      const fault = this.explain(error)
      for (const { reject } of orders) reject(fault)
    }
  }

  private async readAll(table: Table, orders: readonly Order[]): Promise<void> {
    const isDue = pace()
    const long: Want[] = []
    for (const wants of portionsOf(orders)) {
      if (isDue()) await nextTurn()
      const reads = await this.readsOf(table)
      reads.many(wants.map(({ id }) => id)).forEach((found, n) => {
        const want = wants[n]!
        if (found === LONG) long.push(want)
        else want.order.found[want.place] = found
      })
    }
    for (const { id, place, order } of long) {
      if (isDue()) await nextTurn()
      const reads = await this.readsOf(table)
      order.found[place] = reads.one(id)
    }
  }

  private async readsOf(table: Table): Promise<TableReads> {
    return TableReads.on(await this.open(), table)
  }
}

/** Says from time to time that it is somebody else's turn. */
function pace(): () => boolean {
  let end = performance.now() + SLICE
  return () => {
    if (performance.now() < end) return false
    end = performance.now() + SLICE
    return true
  }
}

function byTable(orders: readonly Order[]): Map<Table, Order[]> {
  const tables = new Map<Table, Order[]>()
  for (const order of orders) {
    const some = tables.get(order.table)
    if (some) some.push(order)
    else tables.set(order.table, [order])
  }
  return tables
}

function* portionsOf(orders: readonly Order[]): Generator<Want[]> {
  let wants: Want[] = []
  for (const order of orders) {
    for (const [place, id] of order.ids.entries()) {
      wants.push({ id, place, order })
      if (wants.length < MOST_TOGETHER) continue
      yield wants
      wants = []
    }
  }
  if (wants.length > 0) yield wants
}
