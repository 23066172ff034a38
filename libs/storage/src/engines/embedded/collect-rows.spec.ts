import { expect, test } from '@jest/globals'
import type { Row } from '../engine.js'
import { collectRows } from './collect-rows.js'

/** A thousand rows, each of which takes a tenth of a millisecond to make. */
function* slowRows(): Generator<Row> {
  for (let n = 0; n < 1000; n++) {
    const end = performance.now() + 0.1
    while (performance.now() < end);
    yield { n }
  }
}

test('while many rows are made, others have their turn', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  const rows = await collectRows(slowRows())
  clearInterval(timer)
  expect(rows).toEqual(Array.from({ length: 1000 }, (_, n) => ({ n })))
  expect(turns).toBeGreaterThan(1)
})
