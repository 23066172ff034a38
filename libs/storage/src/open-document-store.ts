import type { DocumentStore } from './document-store.js'
import { EmbeddedEngine } from './engines/embedded/embedded-engine.js'
import { PostgresEngine } from './engines/postgres/postgres-engine.js'
import { StoredDocumentStore } from './store/stored-document-store.js'

/** Where the store is: a file, which is made when it is missing, or a PostgreSQL database. */
export type StoreLocation = { path: string } | { url: string; schema?: string }

/**
 * Makes the store for a location; `start()` opens it.
 *
 * @param location - `path` of a SQLite file, or `url` of a PostgreSQL database, `postgres://user:password@host:port/database`, where
 * the tables are kept in `schema` (`mortise`).
 *
 * @example
 * const store = openDocumentStore({ path: 'data/mortise.db' })
 * await store.start()
 */
export function openDocumentStore(location: StoreLocation): DocumentStore {
  if ('path' in location) return new StoredDocumentStore(new EmbeddedEngine(location.path))
  if (!/^postgres(ql)?:\/\//.test(location.url)) {
    throw new Error(`The storage URL begins with "${location.url.split(':')[0]}:", and only "postgres://" is known. Correct "storage.url".`)
  }
  return new StoredDocumentStore(new PostgresEngine(location))
}
