import type { Outcome, Write } from '../engine.js'
import type { Connection, Statement } from './connection.js'

type Properties = Record<string, unknown>
type Operation<Kind> = Extract<Write, { kind: Kind }>

/** Writes to one table, inside a transaction that somebody else has begun. Each write is one statement, or two for an update. */
export class TableWriter {
  private constructor(private readonly statements: Record<'read' | 'insert' | 'put' | 'replace' | 'remove', Statement>) {}

  static async prepare(connection: Connection, table: string): Promise<TableWriter> {
    const given = `"${table}" (id, version, source) values (?, 1, ?)`
    return new TableWriter({
      read: await connection.prepare(`select version, source from "${table}" where id = ?`),
      insert: await connection.prepare(`insert into ${given} on conflict do nothing`),
      put: await connection.prepare(
        `insert into ${given} on conflict (id) do update set version = version + 1, source = excluded.source returning version`,
      ),
      replace: await connection.prepare(`update "${table}" set version = version + 1, source = ? where id = ? returning version`),
      remove: await connection.prepare(`delete from "${table}" where id = ? returning version, source`),
    })
  }

  write(write: Write): Outcome {
    switch (write.kind) {
      case 'create': return this.create(write.id, write.source)
      case 'put': return this.put(write)
      case 'replace': return this.replace(write.id, write.source)
      case 'update': return this.update(write)
      case 'delete': return this.remove(write.id)
    }
  }

  private create(id: string, source: Properties): Outcome {
    const { changes } = this.statements.insert.run([id, JSON.stringify(source)])
    return changes > 0 ? { type: 'created', version: 1, source } : { type: 'taken' }
  }

  private put({ id, source }: Operation<'put'>): Outcome {
    const [version] = this.statements.put.get([id, JSON.stringify(source)]) as [number]
    return { type: version === 1 ? 'created' : 'updated', version, source }
  }

  private replace(id: string, source: Properties): Outcome {
    const row = this.statements.replace.get([JSON.stringify(source), id]) as [number] | undefined
    return row ? { type: 'updated', version: row[0], source } : { type: 'missing' }
  }

  private update({ id, change, whenMissing }: Operation<'update'>): Outcome {
    const row = this.statements.read.get([id]) as [number, string] | undefined
    if (row) return this.replace(id, change(JSON.parse(row[1]) as Properties))
    return whenMissing ? this.create(id, whenMissing) : { type: 'missing' }
  }

  private remove(id: string): Outcome {
    const row = this.statements.remove.get([id]) as [number, string] | undefined
    return row ? { type: 'deleted', version: row[0], source: JSON.parse(row[1]) as Properties } : { type: 'missing' }
  }
}
