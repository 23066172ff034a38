import type { NewDelivery } from '../deliveries.js'
import type { StoredDocument } from '../documents.js'
import type { Dialect } from '../query/dialect.js'
import type { Sql } from '../query/sql.js'

/** One result row, by column name. */
export type Row = Record<string, unknown>

/** Runs one statement and gives its rows. */
export type Run = (statement: Sql) => Promise<Row[]>

/** Writes documents within a transaction. */
export type WriteMany = (writes: readonly Write[]) => Promise<Outcome[]>

type Properties = Record<string, unknown>

/** The name of a collection's table: `c` and its key in the catalogue. */
export type Table = string

/**
 * One write of one document. Writes of one document are carried out in the order they were asked for.
 *
 * - `create` inserts, `put` inserts or replaces, `replace` and `delete` need the document to exist
 * - `update` reads the document and writes what `change` makes of it; a missing one is inserted from `whenMissing`, if given.
 *   `fields` are the names of the top-level fields that a caller asked to change
 */
export type Write =
  | { kind: 'create'; table: Table; id: string; source: Properties }
  | { kind: 'put'; table: Table; id: string; source: Properties }
  | { kind: 'replace'; table: Table; id: string; source: Properties }
  | { kind: 'update'; table: Table; id: string; change: (current: Properties) => Properties; whenMissing?: Properties; fields?: string[] }
  | { kind: 'delete'; table: Table; id: string }

/**
 * What became of a write. `source` and `version` are those now stored or, after `deleted`, those that were; `text` is the source as JSON,
 * where that was kept.
 */
export type Outcome =
  | { type: 'created' | 'updated' | 'deleted'; version: number; source: Properties; text?: string }
  | { type: 'taken' }
  | { type: 'missing' }
  | { type: 'refused'; error: unknown }

/** Says what is to be delivered of writes and what became of them; stored with them. */
export type Follow = (writes: readonly Write[], outcomes: readonly Outcome[]) => readonly NewDelivery[]

/** A document as a table holds it. `n` grows in the order of creation. */
export interface StoredRow {
  n: number
  id: string
  version: number
  source: Properties
}

/**
 * The inner port: what an engine must be able to do so that `StoredDocumentStore` can make a document store of it. Everything that is
 * not SQL or the driver's business is on the other side.
 */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  readonly dialect: Dialect
  /** Opens, and brings the tables of the catalogue up to date. */
  open(): Promise<void>
  close(): Promise<void>
  /** Rejects with the reason when the engine cannot answer. */
  check(): Promise<void>
  /** Calls back when the catalogue was changed by somebody else. */
  onForeignChange(listener: () => void): void
  /** Sends an ASCII text to all machines that work on this store, this one among them. */
  tell(text: string): Promise<void>
  onTold(listener: (text: string) => void): void
  /** Calls back when texts may have been missed. */
  onGap(listener: () => void): void

  /** The documents of `ids` that there are. */
  read(table: Table, ids: readonly string[]): Promise<StoredDocument[]>
  /** Groups with the writes of other callers; resolves once all of these are on disk. */
  write(writes: readonly Write[], follow?: Follow): Promise<Outcome[]>
  /** Runs one statement that may change rows, by itself, away from the main thread. */
  change(statement: Sql): Promise<Row[]>
  /** Runs a query that may take long, away from the main thread, on a state of the data that does not change meanwhile. */
  query(statement: Sql): Promise<Row[]>
  /** Runs statements and writes documents, which become true together or not at all, and under a lock against others of these. */
  transaction<T>(work: (run: Run, write: WriteMany) => Promise<T>): Promise<T>
}
