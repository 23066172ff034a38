import { createPauses } from '../../store/slices.js'
import type { Row } from '../engine.js'

/** Rows between two looks at the clock. */
const STRIDE = 100

/** Rows that the driver makes one after another, as a list. */
export async function collectRows(found: Iterable<Row>): Promise<Row[]> {
  const rows: Row[] = []
  const giveWay = createPauses()
  for (const row of found) {
    rows.push(row)
    if (rows.length % STRIDE === 0) await giveWay()
  }
  return rows
}
