import { name, raw, sql } from '../../query/sql.js'
import type { Sql } from '../../query/sql.js'
import type { Row, Table, Write } from '../engine.js'

/** Rows written to a table before it is looked at for the first time. */
const FIRST = 1000

/** Tables of documents that hold some, and of which an index of an expression has never been looked at. */
const UNKNOWN = raw(`
  select distinct t.relname as name from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  where t.relnamespace = current_schema()::regnamespace and t.relname ~ '^c\\d+$' and i.indexprs is not null and pg_relation_size(t.oid) > 0
  and x.relname not in (select tablename from pg_stats where schemaname = current_schema())`)

/**
 * Lets PostgreSQL look at tables that have doubled, and at new indexes. By itself it looks once a minute at most, at new indexes never, and
 * nowhere where autovacuum is off; what it does not know it guesses, and then finds a hundred documents by way of half a million.
 */
export class Statistics {
  /** Rows written since a table was looked at last, and how many there are to be before it is again. */
  private readonly tables = new Map<Table, { written: number; due: number }>()
  private last: Promise<unknown> = Promise.resolve()
  private isLookingAround = false

  constructor(private readonly query: (statement: Sql) => Promise<Row[]>) {}

  /** To be told of what was written. Nobody waits for what follows. */
  count(writes: readonly Write[]): void {
    for (const { table } of writes) {
      const entry = this.tables.get(table) ?? { written: 0, due: FIRST }
      entry.written++
      this.tables.set(table, entry)
      if (entry.written === entry.due) this.soon(() => this.analyze(table))
    }
  }

  /** To be told when there may be new indexes. */
  lookAround(): void {
    if (this.isLookingAround) return
    this.isLookingAround = true
    this.soon(async () => {
      this.isLookingAround = false
      for (const row of await this.query(UNKNOWN)) await this.analyze(String(row.name))
    })
  }

  private soon(work: () => Promise<void>): void {
    this.last = this.last.then(work).catch(() => this.tables.clear())
  }

  private async analyze(table: Table): Promise<void> {
    await this.query(sql`analyze ${name(table)}`)
    const [row] = await this.query(sql`select reltuples from pg_class where oid = ${`"${table}"`}::regclass`)
    this.tables.set(table, { written: 0, due: Math.max(FIRST, Number(row?.reltuples)) })
  }
}
