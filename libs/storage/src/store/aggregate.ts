import type { Engine, Row } from '../engines/engine.js'
import type { Interval } from '../query/aggregations/intervals.js'
import type { Aggregation, Aggregations, Metric } from '../query/aggregations/read-aggregations.js'
import { refuse } from '../query/elasticsearch/query-fault.js'
import { raw, sql } from '../query/sql.js'
import type { Sql } from '../query/sql.js'
import { inSlices } from './slices.js'

type Of<Type> = Extract<Aggregation, { type: Type }>
type Result = Record<string, unknown>

const MOST_BUCKETS = 10_000
/** Of what the engine has put into buckets by fixed lengths; of months and the like each has a share of many. */
const MOST_STARTS = 40_000

/** A power of two, so that no digit is lost: sums are made of smaller numbers, since engines fail where a sum is larger than numbers can be. */
const SCALE = 2 ** -64

const MEASURES = { numbers: 'count(v)', count: 'count(k)', cardinality: 'count(distinct k)', min: 'min(v)', max: 'max(v)', sum: `sum(v * ${SCALE})` }

/** What metrics are made of. No more is computed than is asked for: SQLite reads a date anew for each. */
const PARTS: Record<Metric, readonly (keyof typeof MEASURES)[]> = {
  min: ['min'], max: ['max'], sum: ['sum'], avg: ['numbers', 'sum'], value_count: ['count'], cardinality: ['cardinality'], stats: ['numbers', 'min', 'max', 'sum'],
}

/** Computes aggregations over documents, given as a table. Results have Elasticsearch's shapes. */
export async function aggregate(engine: Engine, documents: Sql, aggregations: Aggregations): Promise<Result> {
  const results = await Promise.all(Object.entries(aggregations).map(async ([name, aggregation]) =>
    [name, await new Aggregator(engine, documents).compute(aggregation)] as const))
  return Object.fromEntries(results)
}

class Aggregator {
  constructor(private readonly engine: Engine, private readonly documents: Sql) {}

  compute(aggregation: Aggregation): Promise<Result> {
    if (aggregation.type === 'terms') return this.terms(aggregation)
    if (aggregation.type === 'date_histogram') return this.dateHistogram(aggregation)
    return this.metric(aggregation as Of<Metric>)
  }

  private async metric({ type, path, isDate }: Of<Metric>): Promise<Result> {
    const { dialect } = this.engine
    const value = isDate ? dialect.elementTime : dialect.elementNumber
    const [row = {}] = await this.engine.query(sql`
      select ${raw(PARTS[type].map((part) => `${MEASURES[part]} as ${part}`).join(', '))}
      from (select ${value} as v, ${dialect.elementKey} as k from (${this.documents}) as d, ${dialect.elements(path)}) as x`)
    return toMetric(type, row)
  }

  private async terms({ path, size, order, direction, minimum, inner }: Of<'terms'>): Promise<Result> {
    const { dialect } = this.engine
    // Of themselves one engine has NULL first and the other last.
    const sorted = raw(order === 'count' ? `doc_count ${direction}, number nulls last, key` : `number ${direction} nulls last, key ${direction}`)
    const rows = await this.engine.query(sql`
      with buckets as (
        select key, number, count(*) as doc_count from (
          select distinct place, n, ${dialect.elementKey} as key, ${dialect.elementNumber} as number
          from (${this.documents}) as d, ${dialect.elements(path)}
        ) as x where key is not null group by key, number
      )
      select key, doc_count, (select sum(doc_count) from buckets) as everything from buckets
      where doc_count >= ${minimum} order by ${sorted} limit ${Math.min(size, MOST_BUCKETS + 1)}`)
    checkCount(rows)
    const shown = rows.reduce((sum, row) => sum + Number(row.doc_count), 0)
    const buckets = await inSlices(rows, (row): Result => ({ ...toKey(this.readKey(String(row.key))), doc_count: Number(row.doc_count) }))
    await this.addInner(buckets, inner, (place) => sql`select 1 from ${dialect.elements(path)} where ${dialect.elementKey} = ${String(rows[place]!.key)}`)
    return { doc_count_error_upper_bound: 0, sum_other_doc_count: Number(rows[0]?.everything ?? 0) - shown, buckets }
  }

  private readKey(json: string): unknown {
    const key: unknown = JSON.parse(json)
    return typeof key === 'string' ? this.engine.dialect.readKey(key) : key
  }

  /** All buckets are made before some are taken: of a sorter that is left half read, SQLite frees the rest on the main thread. */
  private async dateHistogram({ path, interval, minimum, inner }: Of<'date_histogram'>): Promise<Result> {
    const { dialect } = this.engine
    const base = raw(String(interval.base))
    const rows = await this.engine.query(sql`
      with buckets as materialized (
        select start, count(*) as doc_count from (
          select distinct place, n, t - (((t % ${base}) + ${base}) % ${base}) as start
          from (select place, n, ${dialect.elementTime} as t from (${this.documents}) as d, ${dialect.elements(path)}) as y where t is not null
        ) as x group by start
      ) select start, doc_count from buckets order by start limit ${MOST_STARTS + 1}`)
    const filled = fillGaps(checkCount(rows, MOST_STARTS), interval, minimum)
    const buckets = await inSlices(filled, ({ key, doc_count }): Result => ({ key_as_string: new Date(key).toISOString(), key, doc_count }))
    await this.addInner(buckets, inner, (place) => {
      const { key } = filled[place]!
      return sql`select 1 from ${dialect.elements(path)} where ${dialect.elementTime} >= ${key} and ${dialect.elementTime} < ${interval.next(key)}`
    })
    return { buckets }
  }

  /** To each bucket the inner aggregations over its documents: those for which a subquery finds something. */
  private async addInner(buckets: readonly Result[], inner: Aggregations | undefined, subquery: (place: number) => Sql): Promise<void> {
    if (!inner) return
    await Promise.all(buckets.map(async (bucket, place) => {
      const documents = sql`select * from (${this.documents}) as d where exists (${subquery(place)})`
      Object.assign(bucket, await aggregate(this.engine, documents, inner))
    }))
  }
}

/** Booleans are counted as 1 and 0, with their name beside, as Elasticsearch does. */
const toKey = (key: unknown): Result => (typeof key === 'boolean' ? { key: Number(key), key_as_string: String(key) } : { key })

const toNumber = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))

function toMetric(type: Metric, row: Row): Result {
  const [min, max, count, scaled] = [toNumber(row.min), toNumber(row.max), Number(row.numbers ?? 0), Number(row.sum ?? 0)]
  const [sum, avg] = [scaled / SCALE, count === 0 ? null : scaled / count / SCALE]
  switch (type) {
    case 'value_count': return { value: Number(row.count) }
    case 'cardinality': return { value: Number(row.cardinality) }
    case 'stats': return { count, min, max, avg, sum }
    default: return { value: { min, max, avg, sum }[type] }
  }
}

interface Bucket { key: number; doc_count: number }

/** Puts SQL's buckets into those of the interval and, unless only filled ones are wanted, adds the empty ones between them. */
function fillGaps(rows: readonly Row[], interval: Interval, minimum: number): Bucket[] {
  const counts = new Map<number, number>()
  for (const { start, doc_count: count } of rows) {
    const key = interval.floor(Number(start))
    counts.set(key, (counts.get(key) ?? 0) + Number(count))
  }
  const filled = [...counts].map(([key, doc_count]): Bucket => ({ key, doc_count }))
  if (minimum > 0 || filled.length === 0) return checkCount(filled.filter(({ doc_count }) => doc_count >= minimum))
  const buckets: Bucket[] = []
  for (let key = filled[0]!.key; key <= filled.at(-1)!.key && buckets.length <= MOST_BUCKETS; key = interval.next(key)) {
    buckets.push({ key, doc_count: counts.get(key) ?? 0 })
  }
  return checkCount(buckets)
}

function checkCount<T>(buckets: T[], most = MOST_BUCKETS): T[] {
  return buckets.length <= most ? buckets : refuse(`An aggregation can have at most ${MOST_BUCKETS} buckets. Choose longer intervals or a smaller "size", or narrow the query.`)
}
