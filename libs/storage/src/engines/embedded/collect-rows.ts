import { nextTurn } from '../../store/slices.js'
import type { Row } from '../engine.js'

/** Milliseconds of making rows before others get a turn of the event loop, and rows between two looks at the clock. */
const SLICE = 8
const STRIDE = 100

/** Rows that the driver makes one after another, as a list. */
export async function collectRows(found: Iterable<Row>): Promise<Row[]> {
  const rows: Row[] = []
  let end = performance.now() + SLICE
  for (const row of found) {
    rows.push(row)
    if (rows.length % STRIDE > 0 || performance.now() < end) continue
    await nextTurn()
    end = performance.now() + SLICE
  }
  return rows
}
