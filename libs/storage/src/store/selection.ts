import type { Engine, StoredRow } from '../engines/engine.js'
import { compile, or, toSql } from '../query/compile.js'
import { holds } from '../query/condition.js'
import type { Condition } from '../query/condition.js'
import { readElasticsearchQuery } from '../query/elasticsearch/read-query.js'
import { readFilterQuery } from '../query/from-filter.js'
import { name, raw, sql } from '../query/sql.js'
import type { Sql } from '../query/sql.js'
import type { QueryLanguage } from '../searches.js'
import type { Collection } from './catalogue.js'
import { narrow } from './narrow.js'
import { inSlices, nextTurn, readRow } from './slices.js'

/** How many documents are read at once, and how many numbers of documents. */
const PAGE = 500
const STRETCH = 100_000

/** Reads a query in either language. */
export function readQuery(collection: Collection, query: unknown, lang: QueryLanguage = 'elasticsearch'): Condition {
  return lang === 'koncorde' ? readFilterQuery(query) : readElasticsearchQuery(query, collection.fields)
}

/** Documents that were selected: as SQL, and which of some of them still are. */
export interface Selection {
  readonly where: Sql
  /** Says it of documents with these numbers, in SQL that is no longer than they are. */
  among(numbers: readonly number[]): Sql
}

/**
 * The documents of a collection for which a condition holds. What SQL leaves open JavaScript judges first, reading only the documents that
 * are in doubt; they are then named one by one.
 */
export async function selectDocuments(engine: Engine, collection: Collection, condition: Condition): Promise<Selection> {
  const { hasNumber } = engine.dialect
  const { lower, gaps } = compile(await narrow(engine, collection, condition), engine.dialect)
  const judged: number[] = []
  const gap = or(gaps)
  for await (const rows of gap === false ? [] : pages(engine, collection.table, bySql(toSql(gap)))) {
    const isHit = await inSlices(rows, (row) => holds(condition, row.source, row.id))
    rows.forEach(({ n }, index) => { if (isHit[index]) judged.push(n) })
  }
  if (judged.length === 0) return bySql(toSql(lower))
  const parts: Sql[] = []
  for (let start = 0; start < judged.length; start += STRETCH) {
    parts.push(hasNumber(judged.slice(start, start + STRETCH)))
    await nextTurn()
  }
  return { where: toSql(or([lower, ...parts])), among: (numbers) => toSql(or([lower, hasNumber(common(numbers, judged))])) }
}

/** Those of some numbers that are among others. Both are in order. */
function common(some: readonly number[], others: readonly number[]): number[] {
  let at = firstFrom(others, some[0] ?? 0)
  return some.filter((number) => {
    while (others[at]! < number) at++
    return others[at] === number
  })
}

/** Where in a list in order the first number is that is not below another. */
function firstFrom(numbers: readonly number[], from: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < from) low = middle + 1
    else high = middle
  }
  return low
}

const bySql = (where: Sql): Selection => ({ where, among: () => where })

/**
 * All documents that are selected, in the order of their creation, page by page. They are found first and read then, so a page costs the
 * same wherever it is; what no longer satisfies the condition when its page is read is left out.
 */
export async function* pages(engine: Engine, table: string, { where, among }: Selection): AsyncGenerator<StoredRow[]> {
  const { columns, hasNumber, unindexed } = engine.dialect
  for await (const numbers of stretches(engine, table, where)) {
    for (let start = 0; start < numbers.length; start += PAGE) {
      const some = numbers.slice(start, start + PAGE)
      const rows = await engine.query(sql`select ${columns} from ${name(table)} where ${hasNumber(some)} and ${unindexed(among(some))} order by n`)
      if (rows.length > 0) yield await inSlices(rows, readRow)
    }
  }
}

/** The numbers of the documents that satisfy a condition, in order, found all at once and read in parts. */
async function* stretches(engine: Engine, table: string, where: Sql): AsyncGenerator<number[]> {
  const rows = await engine.query(sql`
    select ${engine.dialect.numbers} as numbers
    from (select n, (row_number() over (order by n) - 1) / ${raw(String(STRETCH))} as stretch from ${name(table)} where ${where}) as d
    group by stretch order by stretch`)
  for (const { numbers } of rows) {
    await nextTurn()
    yield (JSON.parse(String(numbers)) as number[]).sort((one, other) => one - other)
  }
}
