import { ApiError } from '@mortise/sdk'
import type { PoolClient } from 'pg'
import type { Outcome, Write } from '../engine.js'
import { toStoredJson } from './stored-json.js'

type Properties = Record<string, unknown>
type WriteOf<Kind> = Extract<Write, { kind: Kind }>

/** A write whose document is known. */
interface Given { write: Write; id: string; source: Properties }

/** What became of the row of each id that a statement touched. */
type Versions = Map<string, number>

/** Whatever runs a statement: a connection of its own, or that of a transaction. */
export type Client = Pick<PoolClient, 'query'>

const given = (write: Write, source: Properties): Given => ({ write, id: write.id, source })

/**
 * Carries out writes to one table: one statement for all writes of a kind, which is prepared once for each connection. No two of the
 * writes may be of the same document. New documents are numbered in the order given.
 */
export class TableWriter {
  private readonly outcomes = new Map<Write, Outcome>()

  constructor(private readonly client: Client, private readonly table: string) {}

  async write(writes: readonly Write[]): Promise<Map<Write, Outcome>> {
    const ofKind = <Kind extends Write['kind']>(kind: Kind) => writes.filter((write) => write.kind === kind) as WriteOf<Kind>[]
    const { inserts, replaces } = await this.change(ofKind('update'))
    await this.insert([...inserts, ...ofKind('create').map((write) => given(write, write.source))])
    await this.put(ofKind('put'))
    await this.replace([...replaces, ...ofKind('replace').map((write) => given(write, write.source))])
    await this.remove(ofKind('delete'))
    return this.outcomes
  }

  private async insert(documents: readonly Given[]): Promise<void> {
    const versions = await this.store('insert', documents, `
      insert into "${this.table}" (id, version, source, exact) select id, 1, source::jsonb, exact from given
      on conflict (id) do nothing returning id, version`)
    for (const { write, id, source } of documents) {
      this.outcomes.set(write, versions.has(id) ? { type: 'created', version: 1, source } : { type: 'taken' })
    }
  }

  private async put(writes: readonly WriteOf<'put'>[]): Promise<void> {
    const versions = await this.store('put', writes.map((write) => given(write, write.source)), `
      insert into "${this.table}" as t (id, version, source, exact) select id, 1, source::jsonb, exact from given
      on conflict (id) do update set version = t.version + 1, source = excluded.source, exact = excluded.exact returning id, version`)
    for (const write of writes) {
      const version = versions.get(write.id)!
      this.outcomes.set(write, { type: version === 1 ? 'created' : 'updated', version, source: write.source })
    }
  }

  private async replace(documents: readonly Given[]): Promise<void> {
    const versions = await this.store('replace', documents, `
      update "${this.table}" as t set version = version + 1, source = given.source::jsonb, exact = given.exact
      from given where t.id = given.id returning t.id, version`)
    for (const { write, id, source } of documents) {
      const version = versions.get(id)
      this.outcomes.set(write, version === undefined ? { type: 'missing' } : { type: 'updated', version, source })
    }
  }

  /** Reads and locks the documents to be updated, and tells what is to be written. */
  private async change(writes: readonly WriteOf<'update'>[]): Promise<{ inserts: Given[]; replaces: Given[] }> {
    const [inserts, replaces]: [Given[], Given[]] = [[], []]
    if (writes.length === 0) return { inserts, replaces }
    const { rows } = await this.client.query<{ id: string; source: string }>({
      name: `lock_${this.table}`,
      text: `select id, coalesce(exact, source::text) as source from "${this.table}" where id = any($1::text[]) order by id for update`,
      values: [writes.map(({ id }) => id)],
    })
    const found = new Map(rows.map(({ id, source }) => [id, JSON.parse(source) as Properties]))
    for (const write of writes) {
      const current = found.get(write.id)
      if (current) this.tryChange(write, current, replaces)
      else if (write.whenMissing) inserts.push(given(write, write.whenMissing))
      else this.outcomes.set(write, { type: 'missing' })
    }
    return { inserts, replaces }
  }

  /** An update that is refused stops no other. */
  private tryChange(write: WriteOf<'update'>, current: Properties, replaces: Given[]): void {
    try {
      replaces.push(given(write, write.change(current)))
    } catch (error) {
      if (!ApiError.is(error)) throw error
      this.outcomes.set(write, { type: 'refused', error })
    }
  }

  private async remove(writes: readonly WriteOf<'delete'>[]): Promise<void> {
    if (writes.length === 0) return
    const { rows } = await this.client.query<{ id: string; version: number; source: string }>({
      name: `remove_${this.table}`,
      text: `delete from "${this.table}" where id = any($1::text[]) returning id, version, coalesce(exact, source::text) as source`,
      values: [writes.map(({ id }) => id)],
    })
    const removed = new Map(rows.map((row) => [row.id, row]))
    for (const write of writes) {
      const row = removed.get(write.id)
      this.outcomes.set(write, row ? { type: 'deleted', version: row.version, source: JSON.parse(row.source) as Properties } : { type: 'missing' })
    }
  }

  private async store(purpose: string, documents: readonly Given[], statement: string): Promise<Versions> {
    if (documents.length === 0) return new Map()
    const stored = documents.map(({ source }) => toStoredJson(source))
    const { rows } = await this.client.query<{ id: string; version: number }>({
      name: `${purpose}_${this.table}`,
      text: `with given as (select * from unnest($1::text[], $2::text[], $3::text[]) as g (id, source, exact)) ${statement}`,
      values: [documents.map(({ id }) => id), stored.map(({ source }) => source), stored.map(({ exact }) => exact)],
    })
    return new Map(rows.map(({ id, version }) => [id, version]))
  }
}
