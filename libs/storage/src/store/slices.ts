import type { StoredDocument } from '../documents.js'
import type { Row, StoredRow } from '../engines/engine.js'

const SLICE = 250

/** Lets the event loop go round. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Milliseconds of work on the main thread before others get a turn of the event loop. */
const STRETCH = 8

/**
 * Made as a long work begins, and called in its course: lets the event loop go round when the last time is long enough ago, and else yields
 * nothing that would have to be waited for.
 */
export function createPauses(): () => Promise<void> | undefined {
  let end = performance.now() + STRETCH
  return () => (performance.now() < end ? undefined : nextTurn().then(() => { end = performance.now() + STRETCH }))
}

/** Does something with each item, and lets the event loop go round now and then. */
export async function inSlices<T, R>(items: readonly T[], work: (item: T) => R): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += SLICE) {
    if (start > 0) await nextTurn()
    for (const item of items.slice(start, start + SLICE)) results.push(work(item))
  }
  return results
}

/** Reads a row with the columns `n, id, version, source`. */
export const readRow = (row: Row): StoredRow & Row => ({
  ...row,
  n: Number(row.n),
  id: String(row.id),
  version: Number(row.version),
  source: JSON.parse(String(row.source)) as Record<string, unknown>,
})

/** Reads such a row as a document. */
export function readDocument(row: Row): StoredDocument {
  const { id, source, version } = readRow(row)
  return { _id: id, _source: source, _version: version }
}
