import { ApiError } from '@mortise/sdk'
import { createPauses } from '../../store/slices.js'
import type { Outcome, Table, Write } from '../engine.js'
import { isMissingTable } from '../faults.js'
import type { Connection } from './connection.js'
import { FEWEST_TOGETHER, insertMany, type Create } from './insert-many.js'
import { toSqliteFault } from './sqlite-faults.js'
import { TableWriter } from './table-writer.js'

/**
 * Carries out writes inside a transaction, those of each table in order, and gives way to others now and then. Documents that are
 * created one after another are created together.
 */
export async function writeAll(connection: Connection, writes: readonly Write[]): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(writes.length)
  for (const [table, places] of placesByTable(writes)) {
    let done = 0
    for (const run of runsOf(places.map((place) => writes[place]!))) {
      const isTogether = run.length >= FEWEST_TOGETHER && run[0]!.kind === 'create'
      const some = isTogether ? await createAll(connection, table, run as Create[]) : await writeEach(connection, table, run)
      for (const outcome of some) outcomes[places[done++]!] = outcome
    }
  }
  return outcomes
}

function placesByTable(writes: readonly Write[]): Map<Table, number[]> {
  const tables = new Map<Table, number[]>()
  writes.forEach(({ table }, place) => {
    const places = tables.get(table)
    if (places) places.push(place)
    else tables.set(table, [place])
  })
  return tables
}

/** Creates in a row, and what is between them. */
function* runsOf(writes: readonly Write[]): Generator<readonly Write[]> {
  let start = 0
  for (let at = 1; at <= writes.length; at++) {
    if (at < writes.length && (writes[at]!.kind === 'create') === (writes[start]!.kind === 'create')) continue
    yield writes.slice(start, at)
    start = at
  }
}

async function createAll(connection: Connection, table: Table, creates: readonly Create[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  try {
    while (outcomes.length < creates.length) outcomes.push(...await insertMany(connection, table, creates, outcomes.length))
    return outcomes
  } catch (error) {
    const refused = refusalOf(error)
    return creates.map(() => refused)
  }
}

async function writeEach(connection: Connection, table: Table, writes: readonly Write[]): Promise<Outcome[]> {
  const writer = await TableWriter.prepare(connection, table).catch((error: unknown) => toSqliteFault(error))
  const outcomes: Outcome[] = []
  const giveWay = createPauses()
  for (const write of writes) {
    const pause = giveWay()
    if (pause) await pause
    outcomes.push(attempt(writer, write))
  }
  return outcomes
}

function attempt(writer: TableWriter | Error, write: Write): Outcome {
  if (!(writer instanceof TableWriter)) return { type: 'refused', error: writer }
  try {
    return writer.write(write)
  } catch (error) {
    return refusalOf(error)
  }
}

/**
 * What makes one write impossible, such as a table that is gone, must not stop the others. An error of SQLite's own does: it may have
 * ended the transaction already, and then the next write would be committed by itself.
 *
 * @throws the error, when it is SQLite's own
 */
function refusalOf(error: unknown): Outcome {
  const fault = toSqliteFault(error)
  if (ApiError.is(error) || isMissingTable(fault)) return { type: 'refused', error: fault }
  throw error
}
