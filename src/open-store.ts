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
