import type { Pool, PoolClient, PoolConfig } from 'pg'
import type { StoredDocument } from '../../documents.js'
import { insertDeliveries } from '../../query/insert-deliveries.js'
import { migrate } from '../../migrations/migrate.js'
import { name, raw, sql } from '../../query/sql.js'
import type { Sql } from '../../query/sql.js'
import { inSlices, readDocument } from '../../store/slices.js'
import type { Engine, Follow, Outcome, Row, Run, Table, Write, WriteMany } from '../engine.js'
import { WriteQueue, type Recording } from '../write-queue.js'
import { NotificationListener } from './notification-listener.js'
import { packParcels, ParcelReader } from './parcels.js'
import { postgresDialect } from './postgres-dialect.js'
import { isPassing, toPostgresFault } from './postgres-faults.js'
import { splitRounds } from './rounds.js'
import { Statistics } from './statistics.js'
import { TableWriter } from './table-writer.js'

/** Where the tables are. `schema` is `mortise` when left out; it is created when missing. */
export interface PostgresLocation { url: string; schema?: string }

const dollar = (position: number): string => `$${position}`
const MOST_TRIES = 5
const MOST_PREPARED = 200

/**
 * PostgreSQL, for more than one machine. Statements run on a pool of connections; writes that are asked for at the same time go into
 * one statement for each kind, and share one commit. The catalogue changes under a lock that all machines respect.
 */
export class PostgresEngine implements Engine {
  readonly name = 'postgres'
  readonly dialect = postgresDialect
  private readonly schema: string
  private readonly config: PoolConfig
  private readonly queue = new WriteQueue((writes, record) => this.commit(writes, record))
  private readonly prepared = new Map<string, string>()
  private readonly listener: NotificationListener
  private readonly statistics = new Statistics(async (statement) => {
    const { text, values } = statement.render(dollar)
    return (await this.connections.query<Row>(text, values)).rows
  })
  private pool?: Pool
  private foreignChange: () => void = () => undefined
  private told: (text: string) => void = () => undefined
  private gap: () => void = () => undefined
  private parcels = new ParcelReader()

  constructor({ url, schema = 'mortise' }: PostgresLocation) {
    this.schema = schema
    // To compile what our expressions over JSON come to takes the server longer than it saves: seconds for a date histogram.
    const options = `-c search_path="${schema.replaceAll(/["\\ ]/g, '')}" -c timezone=UTC -c jit=off`
    this.config = { connectionString: url, options, max: 10, connectionTimeoutMillis: 5000, keepAlive: true, application_name: 'mortise' }
    const channels = { [this.channel]: () => this.foreignChange(), [this.messageChannel]: (parcel: string) => this.hear(parcel) }
    this.listener = new NotificationListener(this.config, channels, () => this.miss())
  }

  async open(): Promise<void> {
    // Loaded only where it is wanted: a host on a file has no use for it.
    const pg = await import('pg')
    this.pool = new pg.Pool(this.config)
    this.pool.on('error', () => this.foreignChange())
    try {
      await this.transaction(async (run) => {
        await run(sql`create schema if not exists ${name(this.schema)}`)
        await migrate(run, 'postgres')
      })
      await this.listener.open()
      this.statistics.lookAround()
    } catch (error) {
      await this.close()
      throw toPostgresFault(error)
    }
  }

  async close(): Promise<void> {
    const pool = this.pool
    this.pool = undefined
    await this.listener.close()
    await pool?.end()
  }

  async check(): Promise<void> {
    await this.query(raw('select 1'))
  }

  onForeignChange(listener: () => void): void {
    this.foreignChange = listener
  }

  async tell(text: string): Promise<void> {
    await this.query(sql`select pg_notify(${this.messageChannel}, parcel) from unnest(${packParcels(text)}::text[]) as parcels (parcel)`)
  }

  onTold(listener: (text: string) => void): void {
    this.told = listener
  }

  onGap(listener: () => void): void {
    this.gap = listener
  }

  async read(table: Table, ids: readonly string[]): Promise<StoredDocument[]> {
    const rows = await this.query(sql`select ${this.dialect.columns} from ${name(table)} where id = any(${[...ids]}::text[])`)
    return inSlices(rows, readDocument)
  }

  write(writes: readonly Write[], follow?: Follow): Promise<Outcome[]> {
    return this.queue.add(writes, follow)
  }

  change(statement: Sql): Promise<Row[]> {
    return this.query(statement)
  }

  async query(statement: Sql): Promise<Row[]> {
    const { text, values } = statement.render(dollar)
    try {
      return (await this.connections.query<Row>({ name: this.nameOf(text), text, values })).rows
    } catch (error) {
      throw toPostgresFault(error)
    }
  }

  async transaction<T>(work: (run: Run, write: WriteMany) => Promise<T>): Promise<T> {
    let hasNewIndexes = false
    const run = (client: PoolClient, statement: Sql): Promise<Row[]> => {
      hasNewIndexes ||= statement.texts[0]!.startsWith('create index')
      return runOn(client, statement)
    }
    const result = await this.inTransaction(async (client) => {
      await client.query('select pg_advisory_xact_lock(hashtext($1))', [this.channel])
      const result = await work((statement) => run(client, statement), async (writes) => inOrder(writes, await writeRounds(client, splitRounds(writes))))
      await client.query(`notify "${this.channel}"`)
      return result
    })
    if (hasNewIndexes) this.statistics.lookAround()
    return result
  }

  private get channel(): string {
    return `mortise_catalogue_${this.schema}`
  }

  private get messageChannel(): string {
    return `mortise_messages_${this.schema}`
  }

  private hear(parcel: string): void {
    const text = this.parcels.read(parcel)
    if (text !== undefined) this.told(text)
  }

  /** The listening connection was lost, or is a new one. */
  private miss(): void {
    this.parcels = new ParcelReader()
    this.foreignChange()
    this.gap()
  }

  private get connections(): Pool {
    return this.pool ?? (() => { throw Object.assign(new Error('The store is closed.'), { code: '08003' }) })()
  }

  /** Statements that come again are prepared by name; there is room for so many, and the rest are parsed each time. */
  private nameOf(text: string): string | undefined {
    const known = this.prepared.get(text)
    if (known !== undefined || this.prepared.size >= MOST_PREPARED) return known
    const given = `s${this.prepared.size}`
    this.prepared.set(text, given)
    return given
  }

  private async commit(writes: readonly Write[], record?: Recording): Promise<Outcome[]> {
    const outcomes = await this.tryToCommit(writes, record)
    this.statistics.count(writes)
    return outcomes
  }

  private async tryToCommit(writes: readonly Write[], record?: Recording): Promise<Outcome[]> {
    const rounds = splitRounds(writes)
    for (let attempt = 1; ; attempt++) {
      try {
        if (!record && isOneStatement(rounds)) return inOrder(writes, await writeRound(this.connections, rounds[0]!))
        return await this.inTransaction((client) => this.writeAll(client, writes, { rounds, record }))
      } catch (error) {
        if (!isPassing((error as Error).cause ?? error) || attempt === MOST_TRIES) throw toPostgresFault(error)
      }
    }
  }

  private async writeAll(client: PoolClient, writes: readonly Write[], { rounds, record }: { rounds: Write[][]; record?: Recording }): Promise<Outcome[]> {
    const outcomes = inOrder(writes, await writeRounds(client, rounds))
    const deliveries = record?.(outcomes) ?? []
    if (deliveries.length > 0) await runOn(client, insertDeliveries(deliveries, this.dialect))
    return outcomes
  }

  private async inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined
    try {
      client = await this.connections.connect()
      await client.query('begin')
      const result = await work(client)
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      await client?.query('rollback').then(() => client?.release(), (fault: Error) => client?.release(fault))
      throw toPostgresFault(error)
    }
  }
}

async function runOn(client: PoolClient, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.render(dollar)
  return (await client.query<Row>(text, values)).rows
}

/** A single statement is a transaction by itself, and spares the way to the server and back for begin and commit. */
function isOneStatement([first = [], ...others]: Write[][]): boolean {
  return others.length === 0 && first[0]?.kind !== 'update' && first.every(({ kind, table }) => kind === first[0]!.kind && table === first[0]!.table)
}

const inOrder = (writes: readonly Write[], outcomes: ReadonlyMap<Write, Outcome>): Outcome[] => writes.map((write) => outcomes.get(write)!)

async function writeRounds(client: PoolClient, rounds: readonly Write[][]): Promise<Map<Write, Outcome>> {
  const outcomes = new Map<Write, Outcome>()
  for (const round of rounds) for (const [write, outcome] of await writeRound(client, round)) outcomes.set(write, outcome)
  return outcomes
}

/** An upsert whose document somebody created in the meantime finds it the second time. */
async function writeRound(client: Pool | PoolClient, round: readonly Write[]): Promise<Map<Write, Outcome>> {
  const outcomes = new Map<Write, Outcome>()
  for (const table of new Set(round.map((write) => write.table))) {
    const writes = round.filter((write) => write.table === table)
    for (const [write, outcome] of await new TableWriter(client, table).write(writes)) outcomes.set(write, outcome)
  }
  const late = [...outcomes].filter(([write, { type }]) => write.kind === 'update' && type === 'taken').map(([write]) => write)
  if (late.length > 0) for (const [write, outcome] of await writeRound(client, late)) outcomes.set(write, outcome)
  return outcomes
}

