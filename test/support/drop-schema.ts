import pg from 'pg'

/** Tables that one statement takes away: PostgreSQL holds a lock for each of them and each of its indexes, and has room for some thousands. */
const MOST_DROPPED = 50

/** Takes away a schema of PostgreSQL, if there is one, and all that is in it, however much that is. */
export async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ name: string }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1`, [schema])
  const names = rows.map(({ name }) => name)
  while (names.length > 0) await client.query(`drop table ${names.splice(0, MOST_DROPPED).join(', ')} cascade`)
  await client.query(`drop schema if exists "${schema}" cascade`)
  await client.end()
}
