import pg from 'pg'

/** The server that specs use. */
export const postgresUrl = 'postgres://postgres@127.0.0.1:5432/postgres'

/** Why no spec can use it, or `undefined` when they can. */
export async function whyUnreachable(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 2000 })
  try {
    await client.connect()
    await client.end()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
