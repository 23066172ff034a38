import { ApiError } from '@mortise/sdk'
import { openDocumentStore, type DocumentStore } from '@app/storage'

/**
 * Threads of the SQLite driver, where the environment names no number. A statement keeps one from start to end, also while it waits for a
 * lock; by itself the driver has no more than the machine has cores, and a commit could wait for those that wait for it.
 */
const DRIVER_THREADS = 8

/** The store that the configuration names: a PostgreSQL address, or else the file. It is not started yet. */
export function openStore(url: string | undefined, file: string): DocumentStore {
  process.env.TOKIO_WORKER_THREADS ??= String(DRIVER_THREADS)
  return openDocumentStore(url ? { url } : { path: file })
}

/** Opens the store and brings it up to date. @throws what keeps it from starting, with the file, or the key that holds the address, as its place */
export async function startStore(store: DocumentStore, url: string | undefined, file: string): Promise<void> {
  try {
    await store.start()
  } catch (error) {
    throw ApiError.is(error) ? error.with({ place: url ? 'storage.url' : file }) : error
  }
}
