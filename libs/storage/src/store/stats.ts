import type { Scope, StoreStats } from '../document-store.js'
import type { Engine } from '../engines/engine.js'
import { name, sql } from '../query/sql.js'
import type { Catalogue, Collection } from './catalogue.js'

const sum = (sizes: readonly { size: number }[]): number => sizes.reduce((total, { size }) => total + size, 0)

/** Counts and measures every collection of a scope. */
export async function readStats(engine: Engine, catalogue: Catalogue, scope: Scope = 'public'): Promise<StoreStats> {
  const names = await catalogue.listIndexes(scope)
  const listed = await Promise.all(names.map(async (index) => ({ index, collections: await catalogue.listCollections(index, scope) })))
  const measured = await measure(engine, listed.flatMap(({ collections }) => collections))
  const indexes = listed.map(({ index, collections }) => {
    const entries = collections.map(({ name: collection, table }) => ({ name: collection, ...(measured.get(table) ?? { documentCount: 0, size: 0 }) }))
    return { name: index, size: sum(entries), collections: entries }
  })
  return { size: sum(indexes), indexes }
}

async function measure(engine: Engine, collections: readonly Collection[]): Promise<Map<string, { documentCount: number; size: number }>> {
  if (collections.length === 0) return new Map()
  const tables = collections.map(({ table }) => table)
  const sizes = new Map((await engine.query(engine.dialect.tableSizes(tables))).map((row) => [row.name, Number(row.size)]))
  const counts = await Promise.all(tables.map(async (table) => {
    const [row] = await engine.query(sql`select count(*) as total from ${name(table)}`)
    return [table, { documentCount: Number(row?.total), size: sizes.get(table) ?? 0 }] as const
  }))
  return new Map(counts)
}
