import type { NewDelivery } from '../deliveries.js'
import type { Dialect } from './dialect.js'
import { sql, type Sql } from './sql.js'

const COLUMNS = ['key', 'plugin', 'listener', 'event', 'entity', 'payload'] as const

/** Stores deliveries, numbered in the order given. */
export function insertDeliveries(deliveries: readonly NewDelivery[], dialect: Dialect): Sql {
  const rows = deliveries.map((delivery) => COLUMNS.map((column) => delivery[column]))
  return sql`
    insert into outbox (key, plugin, listener, event, entity, payload, created_at)
    select key, plugin, listener, event, entity, payload, ${Date.now()} from ${dialect.textRows(COLUMNS, rows)} order by position`
}
