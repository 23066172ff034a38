import { createError, createErrorFrom, type ApiError, type StoreMigration } from '@mortise/sdk'
import type { Engine, Outcome, StoredRow, Write } from '../engines/engine.js'
import { name, sql } from '../query/sql.js'
import type { Collection } from './catalogue.js'
import { plans } from './documents-writer.js'
import { inSlices, readRow } from './slices.js'

const PAGE = 500

/** What is to be migrated, by which steps, and who is told how far it has come. */
interface Migrating {
  readonly collection: Collection
  readonly migrations: readonly StoreMigration[]
  readonly onProgress?: (documents: number) => void
}

/** Brings all documents of a collection to the version that the steps lead to. See `DocumentStore.migrateCollection`. */
export async function migrateDocuments(engine: Engine, { collection, migrations, onProgress }: Migrating): Promise<void> {
  const isCollection = sql`scope = ${collection.scope} and index_name = ${collection.index} and name = ${collection.name}`
  await engine.transaction(async (run, write) => {
    const [row] = await run(sql`select version from collections where ${isCollection}`)
    const version = Number(row?.version)
    if (version > migrations.length) throw tooNew(collection, version, migrations.length)
    if (version === migrations.length) return
    const change = (document: StoredRow): Write => changeDocument(collection, document, migrations.slice(version))
    const page = (last: number) => sql`
      select ${engine.dialect.columns} from ${name(collection.table)} where n > ${last} order by n limit ${PAGE}${engine.dialect.lockRows}`
    let done = 0
    for (let rows = await run(page(0)); rows.length > 0; rows = await run(page(Number(rows.at(-1)?.n)))) {
      const outcomes = await write((await inSlices(rows, readRow)).map(change))
      throwFirstRefusal(outcomes)
      done += rows.length
      onProgress?.(done)
    }
    await run(sql`update collections set version = ${migrations.length} where ${isCollection}`)
  })
}

function changeDocument(collection: Collection, { id, source }: StoredRow, migrations: readonly StoreMigration[]): Write {
  let body: object | undefined = source
  for (const { title, change } of migrations) {
    try {
      body = change({ ...body, _id: id })
    } catch (error) {
      throw createErrorFrom(error, 'services.storage.unexpected_error', `migration "${title}" of collection "${collection.name}" failed on "${id}": ${(error as Error).message}`)
    }
    if (!body) return plans.delete(collection, id)
  }
  const { _id, ...kept } = body as { _id?: string }
  return plans.replace(collection, { _id: id, body: kept })
}

function throwFirstRefusal(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) if (outcome.type === 'refused') throw outcome.error
}

const tooNew = ({ index, name: collection }: Collection, version: number, known: number): ApiError =>
  createError('services.storage.unexpected_error', `collection "${collection}" of "${index}" is at version ${version}, and versions up to ${known} are known`)
    .with({ hint: 'Start the newer version of the plugin that used it last, or restore a backup made before that.' })
