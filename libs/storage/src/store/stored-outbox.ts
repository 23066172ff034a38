import type { Claim, DeliveryCount, DeliverySelection, Outbox, StoredDelivery } from '../deliveries.js'
import type { Engine, Row } from '../engines/engine.js'
import { raw, sql, type Sql } from '../query/sql.js'

/** Deliveries that are claimed at once, at most. */
const MOST_CLAIMED = 200
const PAGE = 100

const columns = raw('n, key, plugin, listener, event, entity, payload, created_at, attempts, error')
const free = raw('owner = null, leased_until = 0')

/** The outbox as a table of its own: what the engines write differently, their dialects know. */
export class StoredOutbox implements Outbox {
  private readonly listeners = new Set<() => void>()

  constructor(private readonly engine: Engine) {}

  onStored(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Tells that a write with a recorder is done. */
  tellStored(): void {
    for (const listener of this.listeners) listener()
  }

  /**
   * Heads are what nothing earlier of their entity stands before. Whoever leases a head leases those behind it with it, and nobody else
   * can, since they are no heads: so two hosts never have deliveries of one entity and listener at the same time.
   */
  async claim({ listeners, owner, now, until, entities }: Claim): Promise<StoredDelivery[]> {
    const { isAmong, lockFreeRows } = this.engine.dialect
    const rows = await this.engine.change(sql`
      with heads as (
        select n, listener, entity from outbox o
        where dead = 0 and due <= ${now} and leased_until <= ${now} and ${isAmong(raw('o.listener'), listeners)} and not exists (
          select 1 from outbox e where e.dead = 0 and e.listener = o.listener and e.entity = o.entity and e.n < o.n)
        order by n limit ${entities}${lockFreeRows}
      ), picked as (
        select f.n from heads h join outbox f on f.dead = 0 and f.listener = h.listener and f.entity = h.entity
        order by f.n limit ${MOST_CLAIMED}
      )
      update outbox set owner = ${owner}, leased_until = ${until} where n in (select n from picked) returning ${columns}`)
    return rows.map(readDelivery).sort((one, other) => one.n - other.n)
  }

  async prolong(owner: string, until: number): Promise<void> {
    await this.engine.change(sql`update outbox set leased_until = ${until} where dead = 0 and owner = ${owner}`)
  }

  async release(owner: string, numbers: readonly number[], due?: number): Promise<void> {
    const later = due === undefined ? raw('') : sql`, due = ${due}`
    await this.engine.change(sql`update outbox set ${free}${later} where ${this.isOwn(owner, numbers)}`)
  }

  async settle(owner: string, numbers: readonly number[]): Promise<void> {
    await this.engine.change(sql`delete from outbox where ${this.isOwn(owner, numbers)}`)
  }

  async fail(owner: string, { n, error, due }: { n: number; error: string; due?: number }): Promise<void> {
    await this.engine.change(sql`
      update outbox set attempts = attempts + 1, error = ${error}, dead = ${due === undefined ? 1 : 0}, due = ${due ?? 0}, ${free}
      where ${this.isOwn(owner, [n])}`)
  }

  async listDead(selection: DeliverySelection = {}, { from = 0, size = PAGE } = {}): Promise<{ total: number; deliveries: StoredDelivery[] }> {
    const where = this.areDead(selection)
    const [counted] = await this.engine.query(sql`select count(*) as total from outbox where ${where}`)
    const rows = await this.engine.query(sql`select ${columns} from outbox where ${where} order by n limit ${size} offset ${from}`)
    return { total: Number(counted?.total), deliveries: rows.map(readDelivery) }
  }

  async retryDead(selection: DeliverySelection, now: number): Promise<number> {
    const rows = await this.engine.change(sql`
      update outbox set dead = 0, attempts = 0, due = ${now} where ${this.areDead(selection)} returning n`)
    this.tellStored()
    return rows.length
  }

  async dropDead(selection: DeliverySelection): Promise<number> {
    return (await this.engine.change(sql`delete from outbox where ${this.areDead(selection)} returning n`)).length
  }

  async count(): Promise<DeliveryCount[]> {
    const rows = await this.engine.query(raw(
      'select plugin, listener, sum(dead) as dead, count(*) as total from outbox group by plugin, listener order by plugin, listener',
    ))
    return rows.map(({ plugin, listener, dead, total }) =>
      ({ plugin: String(plugin), listener: String(listener), waiting: Number(total) - Number(dead), dead: Number(dead) }))
  }

  async purge(plugin: string): Promise<number> {
    return (await this.engine.change(sql`delete from outbox where plugin = ${plugin} returning n`)).length
  }

  /** What was claimed once and has passed to another since is the other's. */
  private isOwn(owner: string, numbers: readonly number[]): Sql {
    return sql`owner = ${owner} and ${this.engine.dialect.hasNumber(numbers)}`
  }

  private areDead({ keys, plugin }: DeliverySelection): Sql {
    const among = keys ? sql` and ${this.engine.dialect.isAmong(raw('key'), keys)}` : raw('')
    return sql`dead = 1${among}${plugin === undefined ? raw('') : sql` and plugin = ${plugin}`}`
  }
}

const readDelivery = (row: Row): StoredDelivery => ({
  n: Number(row.n),
  key: String(row.key),
  plugin: String(row.plugin),
  listener: String(row.listener),
  event: String(row.event),
  entity: String(row.entity),
  payload: String(row.payload),
  createdAt: Number(row.created_at),
  attempts: Number(row.attempts),
  error: row.error === null ? null : String(row.error),
})
