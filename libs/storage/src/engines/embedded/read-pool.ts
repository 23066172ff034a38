import type { SqlValue } from '../../query/sql.js'
import type { Row } from '../engine.js'
import { Connection } from './connection.js'

const MOST_CONNECTIONS = 4
/** Bytes of a request for memory that glibc meets from what small ones have freed. */
const LARGE = 1200

/**
 * Runs queries that may take long. Each has a connection of its own while it runs; when all are taken, it waits for the first that
 * comes free. Readers see what was committed before they began, and neither wait for the writer nor keep it waiting.
 */
export class ReadPool {
  private readonly free: Connection[] = []
  private readonly waiting: (() => void)[] = []
  private open = 0
  private epoch = 0

  constructor(private readonly path: string) {}

  /**
   * The statement is wrapped so that all its rows are found in its first step, which is the one taken off the main thread. Before it yields
   * one it asks for more memory than a record of a sorter takes: with that the C library (glibc) puts a million freed ones together, for
   * which the main thread would otherwise stand still at some later step.
   */
  async query(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    const epoch = this.epoch
    const connection = await this.acquire()
    try {
      return await connection.all(`with found as materialized (${text}) select * from found where (select length(randomblob(${LARGE})))`, values)
    } catch (error) {
      connection.forgetStatements()
      throw error
    } finally {
      this.release(connection, epoch)
    }
  }

  private async acquire(): Promise<Connection> {
    while (this.free.length === 0 && this.open >= MOST_CONNECTIONS) await new Promise<void>((resolve) => this.waiting.push(resolve))
    const connection = this.free.pop()
    if (connection) return connection
    this.open++
    try {
      return await Connection.open(this.path)
    } catch (error) {
      this.open--
      throw error
    }
  }

  private release(connection: Connection, epoch: number): void {
    if (epoch === this.epoch && !connection.isWorn) this.free.push(connection)
    else {
      connection.close()
      this.open--
    }
    this.waiting.shift()?.()
  }

  /** Closes what is free now and what is in use as soon as it comes back. The pool can be used again. */
  close(): void {
    this.epoch++
    this.open -= this.free.length
    for (const connection of this.free.splice(0)) connection.close()
  }
}
