import type { StoredDocument } from '../../documents.js'
import { createPauses } from '../../store/slices.js'
import type { Table } from '../engine.js'
import type { Connection } from './connection.js'
import { LONG, TableReads } from './table-reads.js'

/** One document that somebody wants to read. */
interface Want {
  readonly table: Table
  readonly id: string
  /** Takes what there is. */
  found(document: StoredDocument | undefined): void
  reject(error: unknown): void
}

const MOST_TOGETHER = 128
/** Fewer than these wait for those of other sockets. */
const ENOUGH_TOGETHER = 4

/**
 * Reads of single documents. Those that are asked for while the frames of one socket are worked off are read together, by one statement.
 * Where they are enough for that, they do not wait for those of other sockets: whatever waits, the garbage collector copies, and that costs
 * more than a statement. A few do, so that requests of many connections share one: a statement for each costs more than all the rest of them.
 */
export class PointReads {
  private waiting: Want[] = []
  private isHeldBack = false
  private readonly run = (): void => void this.readWaiting()

  /** @param open - the connection to read from; `explain` makes an error of the store's of one of the driver's, and lets go of what is broken */
  constructor(private readonly open: () => Promise<Connection>, private readonly explain: (error: unknown) => unknown) {}

  /** The documents of `ids` that there are, in that order. */
  add(table: Table, ids: readonly string[]): Promise<StoredDocument[]> {
    return new Promise((resolve, reject) => {
      if (ids.length === 0) return resolve([])
      if (this.waiting.length === 0) process.nextTick(this.run)
      const [only] = ids as [string]
      if (ids.length === 1) this.waiting.push({ table, id: only, found: (document) => resolve(document ? [document] : []), reject })
      else this.addSeveral(table, ids, { resolve, reject })
    })
  }

  private addSeveral(table: Table, ids: readonly string[], { resolve, reject }: { resolve(documents: StoredDocument[]): void; reject(error: unknown): void }): void {
    const documents = new Array<StoredDocument | undefined>(ids.length)
    let left = ids.length
    ids.forEach((id, place) => this.waiting.push({
      table, id, reject,
      found: (document) => {
        documents[place] = document
        if (--left === 0) resolve(documents.filter((each) => each !== undefined))
      },
    }))
  }

  private async readWaiting(): Promise<void> {
    this.isHeldBack = !this.isHeldBack && this.waiting.length < ENOUGH_TOGETHER
    if (this.isHeldBack) return void setImmediate(this.run)
    const wants = this.waiting
    this.waiting = []
    for (const some of byTable(wants)) await this.answer(some)
  }

  /** A table that is gone fails those who ask for it, and nobody else. */
  private async answer(wants: readonly Want[]): Promise<void> {
    try {
      await this.readAll(wants)
    } catch (error) {
      const fault = this.explain(error)
      for (const { reject } of wants) reject(fault)
    }
  }

  private async readAll(wants: readonly Want[]): Promise<void> {
    const { table } = wants[0] as Want
    const giveWay = createPauses()
    const long: Want[] = []
    for (let start = 0; start < wants.length; start += MOST_TOGETHER) {
      await giveWay()
      const some = wants.slice(start, start + MOST_TOGETHER)
      const found = (await this.readsOf(table)).many(some.map(({ id }) => id))
      some.forEach((want, n) => {
        const document = found[n]
        if (document === LONG) long.push(want)
        else want.found(document)
      })
    }
    for (const want of long) {
      await giveWay()
      want.found((await this.readsOf(table)).one(want.id))
    }
  }

  private async readsOf(table: Table): Promise<TableReads> {
    return TableReads.on(await this.open(), table)
  }
}

function byTable(wants: readonly Want[]): Iterable<readonly Want[]> {
  const [first] = wants
  if (wants.every(({ table }) => table === first?.table)) return [wants]
  const tables = new Map<Table, Want[]>()
  for (const want of wants) {
    const some = tables.get(want.table)
    if (some) some.push(want)
    else tables.set(want.table, [want])
  }
  return tables.values()
}
