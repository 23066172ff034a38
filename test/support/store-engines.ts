import { randomUUID } from 'node:crypto'
import { test } from '@jest/globals'
import { openDocumentStore, type DocumentStore } from '@app/storage'
import { postgresUrl, whyUnreachable } from '../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { dropSchema } from './drop-schema.js'

const reason = process.env.CI === 'true' ? undefined : await whyUnreachable()
// What is left out for it is counted as such, wherever this is used.
if (reason !== undefined) test.skip(`on PostgreSQL at ${postgresUrl}: ${reason}`, () => undefined)

/** The engines that can be tried here; in continuous integration both must be. */
export const engines: readonly ('sqlite' | 'postgres')[] = reason === undefined ? ['sqlite', 'postgres'] : ['sqlite']

/** Somewhere on PostgreSQL that nobody else uses. */
export class PostgresSchema {
  readonly name = `test_${randomUUID().replaceAll('-', '')}`

  open(): DocumentStore {
    return openDocumentStore({ url: postgresUrl, schema: this.name })
  }

  drop(): Promise<void> {
    return dropSchema(postgresUrl, this.name)
  }
}
