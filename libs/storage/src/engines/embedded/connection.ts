import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'libsql/promise'
import type { SqlValue } from '../../query/sql.js'
import type { Row } from '../engine.js'
import { collectRows } from './collect-rows.js'
import { isLocked, isUnexplained, toSqliteFault } from './sqlite-faults.js'

/** A prepared statement. `run` and `get` work at once, on the main thread; `all` takes its first step on another. */
export interface Statement {
  /** Takes less than half of what `get` takes with a `returning` clause, and says how many rows it changed. */
  run(values: readonly unknown[]): { changes: number }
  get(values: readonly unknown[]): unknown[] | undefined
  all(values: readonly unknown[]): Promise<Row[]>
  /** The same, but rows are made one after another of what the first step has found. */
  iterate(values: readonly unknown[]): Promise<Iterable<Row>>
  /** Whether it gives rows. */
  readonly reader: boolean
  raw(): Statement
}

/** The driver ends the process when it is given what it has no type for. SQLite's booleans are 1 and 0. */
function toBindable(value: SqlValue): string | number | bigint | null {
  if (typeof value === 'boolean') return Number(value)
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  throw new TypeError(`SQLite has no type for ${Array.isArray(value) ? 'a list' : typeof value}.`)
}

/** Milliseconds that somebody else may keep the file locked. */
const BUSY_TIMEOUT = 10_000
/** Of these, as many as a connection that writes waits in the driver at a time: meanwhile it keeps a thread, and whoever touches it, waiting. */
const WRITER_TIMEOUT = 100
const LONGEST_PAUSE = 25
const CACHE_KIBIBYTES = 16_384
/**
 * Pages of 4 KiB in the log at which it is moved into the file; SQLite's own 1,000 are full after nine commits of 160 documents. A page that
 * changes with every commit, as those of an index do, is moved once for all of them.
 */
const LOGGED_PAGES = 4_000
const MOST_QUERIES = 100
const MOST_KEPT = 500

/**
 * One connection to the file. Only one statement may be under way on it at a time: the driver holds a lock on the connection, and
 * the main thread would wait for it.
 */
export class Connection {
  private readonly statements = new Map<string, Statement>()
  private readonly queries = new Map<string, Statement>()
  /**
   * Statements that are not used again. The driver ends one when the garbage collector finds it, on the main thread, which waits there for
   * whatever runs on the connection: seconds, where that is a long query. So they are kept for as long as the connection is open.
   */
  private kept: Statement[] = []

  private constructor(private readonly database: Database) {}

  /** Opens the file, or creates it, with full durability: write-ahead log, and a sync with every commit. */
  static async open(path: string): Promise<Connection> {
    try {
      const connection = new Connection(new Database(path, {}))
      await connection.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
      await connection.exec('pragma journal_mode = wal')
      await connection.exec('pragma synchronous = full')
      await connection.exec('pragma temp_store = memory')
      await connection.exec(`pragma cache_size = -${CACHE_KIBIBYTES}`)
      await connection.exec(`pragma wal_autocheckpoint = ${LOGGED_PAGES}`)
      return connection
    } catch (error) {
      throw toSqliteFault(error)
    }
  }

  /** Runs a statement without values, away from the main thread. */
  async exec(text: string): Promise<void> {
    await this.database.exec(text)
  }

  /** From now on waits for the file's lock in short turns; see {@link Connection.execWhenFree}. */
  async waitInTurns(): Promise<void> {
    await this.exec(`pragma busy_timeout = ${WRITER_TIMEOUT}`)
  }

  /**
   * Runs statements of which the first takes the file's lock, as soon as nobody else has it. Between its tries the main thread goes on, on
   * which another connection of this process may need its turn to give the lock back.
   */
  async execWhenFree(text: string): Promise<void> {
    const until = performance.now() + BUSY_TIMEOUT
    for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await this.exec(text)
      } catch (error) {
        // Nothing was done, so that what is not explained is as well tried once more.
        if (!(isLocked(error) || isUnexplained(error)) || performance.now() > until) throw error
      }
      await sleep(pause)
    }
  }

  /** Prepares a statement, once. The rows of those that give any come as arrays. */
  async prepare(text: string): Promise<Statement> {
    const known = this.statements.get(text)
    if (known) return known
    const prepared = (await this.database.prepare(text)) as Statement
    const statement = prepared.reader ? prepared.raw() : prepared
    this.statements.set(text, statement)
    return statement
  }

  /** Runs a statement away from the main thread. The rows are there only once all of them have been found; many are made in several turns. */
  async all(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    const statement = this.queries.get(text) ?? await this.prepareQuery(text)
    return collectRows(await statement.iterate(values.map(toBindable)))
  }

  private async prepareQuery(text: string): Promise<Statement> {
    const statement = (await this.database.prepare(text)) as Statement
    if (this.queries.size >= MOST_QUERIES) this.forgetQueries()
    this.queries.set(text, statement)
    return statement
  }

  /** Moves the log into the file, so that one file is all there is. What stays in the log, on a fault too, is read from there later. */
  async checkpoint(): Promise<boolean> {
    return this.database.exec('pragma wal_checkpoint(truncate)').then(() => true, () => false)
  }

  /** Prepared statements know tables by name; after a change of tables they are made anew. */
  forgetStatements(): void {
    this.kept.push(...this.statements.values())
    this.statements.clear()
    this.forgetQueries()
  }

  private forgetQueries(): void {
    this.kept.push(...this.queries.values())
    this.queries.clear()
  }

  /** Whether it keeps so much that a new connection had better take its place. */
  get isWorn(): boolean {
    return this.kept.length > MOST_KEPT
  }

  close(): void {
    this.forgetStatements()
    this.kept = []
    this.database.close()
  }
}
