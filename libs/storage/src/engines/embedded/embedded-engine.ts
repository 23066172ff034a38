import type { StoredDocument } from '../../documents.js'
import type { Sql } from '../../query/sql.js'
import { insertDeliveries } from '../../query/insert-deliveries.js'
import { migrate } from '../../migrations/migrate.js'
import type { Engine, Follow, Outcome, Row, Run, Table, Write, WriteMany } from '../engine.js'
import { isMissingTable } from '../faults.js'
import { Turns } from '../turns.js'
import { Connection } from './connection.js'
import { createAtOnce } from './create-at-once.js'
import { PointReads } from './point-reads.js'
import { ReadPool } from './read-pool.js'
import { sqliteDialect } from './sqlite-dialect.js'
import { needsReopening, toSqliteFault } from './sqlite-faults.js'
import { writeAll } from './write-all.js'
import { WriteQueue, type Recording } from '../write-queue.js'

const question = (): string => '?'

/**
 * SQLite in this process, one file. One connection writes, in group commits; one reads single documents; a small pool runs queries away
 * from the main thread. Begin, commit and the sync that goes with it happen off the main thread too, so the event loop never waits for
 * the disk.
 */
export class EmbeddedEngine implements Engine {
  readonly name = 'sqlite'
  readonly dialect = sqliteDialect
  private writer?: Connection
  private reader?: Connection
  private opening?: Promise<Connection> | undefined
  private readonly pool: ReadPool
  private readonly turns = new Turns()
  private readonly queue = new WriteQueue((writes, record) => this.commit(writes, record))
  private readonly reads = new PointReads(() => this.readyReader(), (error) => this.explain(error))
  private foreignChange: () => void = () => undefined
  private dataVersion?: number

  constructor(private readonly path: string) {
    this.pool = new ReadPool(path)
  }

  async open(): Promise<void> {
    await this.transaction((run) => migrate(run, 'sqlite'))
    await this.check()
    await this.openReader()
  }

  async close(): Promise<void> {
    await this.turns.idle()
    await this.writer?.checkpoint()
    this.letGo()
  }

  /** Writes a number that nobody reads: only a write finds a full disk, or a file that may not be written. */
  async check(): Promise<void> {
    await this.turns.take(() => this.inTransaction((writer) => writer.exec('pragma user_version = 1')))
  }

  onForeignChange(listener: () => void): void {
    this.foreignChange = listener
  }

  /** Nobody hears: a file has one machine. */
  tell(): Promise<void> {
    return Promise.resolve()
  }

  onTold(): void {}

  onGap(): void {}

  read(table: Table, ids: readonly string[]): Promise<StoredDocument[]> {
    return this.reads.add(table, ids)
  }

  write(writes: readonly Write[], follow?: Follow): Promise<Outcome[]> {
    return this.queue.add(writes, follow)
  }

  change(statement: Sql): Promise<Row[]> {
    return this.turns.take(() => this.inTransaction((writer) => runOn(writer, statement)))
  }

  query(statement: Sql): Promise<Row[]> {
    const { text, values } = statement.render(question)
    return this.guarded(() => this.pool.query(text, values))
  }

  transaction<T>(work: (run: Run, write: WriteMany) => Promise<T>): Promise<T> {
    return this.turns.take(() => this.inTransaction(async (writer) => {
      const result = await work((statement) => runOn(writer, statement), (writes) => writeAll(writer, writes))
      this.forgetStatements()
      return result
    }))
  }

  private commit(writes: readonly Write[], record?: Recording): Promise<Outcome[]> {
    return this.turns.take(async () => {
      const outcomes = record ? undefined : await this.commitAtOnce(writes)
      return outcomes ?? this.commitInSteps(writes, record)
    })
  }

  private commitAtOnce(writes: readonly Write[]): Promise<Outcome[] | undefined> {
    return this.onWriter(async (writer) => {
      const outcomes = await createAtOnce(writer, writes)
      if (outcomes) await this.noticeForeignChange(writer)
      return outcomes
    })
  }

  private commitInSteps(writes: readonly Write[], record?: Recording): Promise<Outcome[]> {
    return this.inTransaction(async (writer) => {
      await this.noticeForeignChange(writer)
      const outcomes = await writeAll(writer, writes)
      const deliveries = record?.(outcomes) ?? []
      if (deliveries.length > 0) await runOn(writer, insertDeliveries(deliveries, this.dialect))
      if (outcomes.some((outcome) => outcome.type === 'refused' && isMissingTable(outcome.error))) this.forgetStatements()
      return outcomes
    })
  }

  private inTransaction<T>(work: (writer: Connection) => Promise<T>): Promise<T> {
    return this.onWriter(async (writer) => {
      await writer.execWhenFree('begin immediate')
      const result = await work(writer)
      await writer.exec('commit')
      return result
    })
  }

  /** After an error, nothing that was begun is left open. */
  private onWriter<T>(work: (writer: Connection) => Promise<T>): Promise<T> {
    return this.guarded(async () => {
      if (this.writer?.isWorn) this.retireWriter()
      const writer = (this.writer ??= await this.openWriter())
      try {
        return await work(writer)
      } catch (error) {
        await this.rollBack(writer)
        throw error
      }
    })
  }

  /** SQLite rolls back by itself after some faults, such as a full disk; a connection that cannot roll back is of no more use. */
  private async rollBack(writer: Connection): Promise<void> {
    try {
      await writer.exec('rollback')
    } catch (error) {
      if (!/no transaction is active/.test(String(error))) this.letGo()
    }
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.explain(error)
    }
  }

  /** The error to tell of one of the driver's. After it nothing that was prepared is used again, and no connection to a file that is broken. */
  private explain(error: unknown): Error {
    this.forgetStatements()
    if (needsReopening(error)) this.letGo()
    return toSqliteFault(error)
  }

  /** Another process may have changed the catalogue: SQLite counts the commits of others for each connection. */
  private async noticeForeignChange(writer: Connection): Promise<void> {
    const [version] = (await writer.prepare('pragma data_version')).get([]) as [number]
    if (this.dataVersion !== undefined && version !== this.dataVersion) {
      this.foreignChange()
      this.forgetStatements()
    }
    this.dataVersion = version
  }

  private async openWriter(): Promise<Connection> {
    const writer = await Connection.open(this.path)
    await writer.waitInTurns()
    return writer
  }

  /** What others commit until there is a new one, nobody counts. */
  private retireWriter(): void {
    this.writer?.close()
    this.writer = this.dataVersion = undefined
    this.foreignChange()
  }

  /** One that is worn is not closed: reads may be about to use it. It ends with the last of them. */
  private async readyReader(): Promise<Connection> {
    if (this.reader?.isWorn) this.reader = undefined
    return this.reader ?? (this.opening ??= this.openReader().finally(() => { this.opening = undefined }))
  }

  private async openReader(): Promise<Connection> {
    const reader = await Connection.open(this.path)
    this.reader?.close()
    this.reader = reader
    return reader
  }

  /**
   * Prepared statements know tables that may have changed. And after an error the driver runs a statement once more with the values it
   * had then, whatever it is given.
   */
  private forgetStatements(): void {
    this.writer?.forgetStatements()
    this.reader?.forgetStatements()
  }

  /** Closes everything; what is needed next is opened anew. */
  private letGo(): void {
    this.pool.close()
    this.writer?.close()
    this.reader?.close()
    this.writer = this.reader = this.dataVersion = undefined
  }
}

function runOn(writer: Connection, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.render(question)
  return writer.all(text, values)
}
