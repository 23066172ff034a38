import type { Run } from '../engines/engine.js'
import { raw, sql } from '../query/sql.js'
import { migrations } from './migrations.js'
import type { EngineName } from './migrations.js'

/**
 * Runs the migrations that a store has not seen, each once and in order. The caller has begun the transaction and holds the lock under
 * which no second process can do the same.
 *
 * @throws An error that says what to do when the store was last used by a newer version.
 */
export async function migrate(run: Run, engine: EngineName): Promise<void> {
  await run(raw('create table if not exists migrations (version integer primary key, title text not null, at text not null)'))
  const [row] = await run(raw('select max(version) as version from migrations'))
  const current = Number(row?.version ?? 0)
  if (current > migrations.length) {
    throw new Error(
      `The store is at version ${current}, and this version of Mortise knows versions up to ${migrations.length}. `
      + 'Start the newer version of Mortise that used it last, or restore a backup made before that.',
    )
  }
  for (const [index, { title, statements }] of migrations.entries()) {
    if (index < current) continue
    for (const statement of statements[engine]) await run(raw(statement))
    await run(sql`insert into migrations (version, title, at) values (${index + 1}, ${title}, ${new Date().toISOString()})`)
  }
}
