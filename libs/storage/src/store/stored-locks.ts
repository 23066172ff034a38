import type { Engine } from '../engines/engine.js'
import type { Locks } from '../locks.js'
import { sql } from '../query/sql.js'

/** Locks as a table of their own: one statement takes one, so that of several hosts one succeeds. Those that fell go with the next that is taken. */
export class StoredLocks implements Locks {
  constructor(private readonly engine: Engine) {}

  async take(name: string, holder: string, milliseconds: number): Promise<boolean> {
    const now = Date.now()
    await this.engine.change(sql`delete from locks where held_until <= ${now}`)
    const rows = await this.engine.change(sql`
      insert into locks (name, holder, held_until) values (${name}, ${holder}, ${now + milliseconds})
      on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
      where locks.holder = excluded.holder or locks.held_until <= ${now} returning name`)
    return rows.length > 0
  }

  async release(name: string, holder: string): Promise<void> {
    await this.engine.change(sql`delete from locks where name = ${name} and holder = ${holder}`)
  }

  async isTaken(name: string): Promise<boolean> {
    return (await this.engine.query(sql`select name from locks where name = ${name} and held_until > ${Date.now()}`)).length > 0
  }
}
