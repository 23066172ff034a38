import type { Place } from '../document-store.js'
import type { StoredDocument } from '../documents.js'
import type { Engine, StoredRow } from '../engines/engine.js'
import { QueryFields } from '../query/elasticsearch/fields.js'
import { readAggregations } from '../query/aggregations/read-aggregations.js'
import { creation, isAfter, orderBy, placeKey, readSort, withoutIndex } from '../query/sort.js'
import type { SortKey } from '../query/sort.js'
import { checkSearchBody, readPage } from '../query/search-body.js'
import { readSourceSelection } from '../query/source-selection.js'
import type { SelectSource } from '../query/source-selection.js'
import { join, name, raw, sql } from '../query/sql.js'
import type { Sql } from '../query/sql.js'
import type { ByQueryOptions, DeletedByQuery, SearchBody, SearchHit, SearchOptions, SearchResult, UpdatedByQuery } from '../searches.js'
import { aggregate } from './aggregate.js'
import { ByQuery } from './by-query.js'
import type { Catalogue, Collection } from './catalogue.js'
import type { DocumentsWriter } from './documents-writer.js'
import { Scrolls } from './scrolls.js'
import { pages, readQuery, selectDocuments } from './selection.js'
import type { Selection } from './selection.js'
import { inSlices, readRow } from './slices.js'

type Query = Pick<SearchBody, 'query'>
type Language = Pick<SearchOptions, 'lang'>
type FoundRow = StoredRow & { place: number }

/** What a search has found, ready to be read page by page. `documents` is a table with the columns of a collection and `place`. */
interface Found {
  collections: Collection[]
  documents: Sql
  keys: SortKey[]
  isSorted: boolean
  select: SelectSource
}

/** So many are found faster than by an engine that walks through all documents in order until it has enough of them. */
const FEW = 1000

interface Scroll { found: Found; total: number; size: number; fetched: number; after: unknown[]; duration: string }

/** Searches, scrolls and what is done by query. */
export class Searches {
  private readonly scrolls = new Scrolls<Scroll>()
  private readonly byQuery: ByQuery

  constructor(private readonly engine: Engine, private readonly catalogue: Catalogue, private readonly writer: DocumentsWriter) {
    this.byQuery = new ByQuery(engine, writer)
  }

  close(): void {
    this.scrolls.clear()
  }

  async search(places: readonly Place[], body: SearchBody, options: SearchOptions): Promise<SearchResult> {
    checkSearchBody(body)
    const page = readPage(body, options)
    const collections = distinct(await Promise.all(places.map((place) => this.catalogue.find(place))))
    const found = await this.find(collections, body, options)
    const aggregations = readAggregations(body.aggregations ?? body.aggs, fieldsOf(collections))
    const keys = body.search_after ? found.keys.slice(0, body.search_after.length) : []
    const after = body.search_after && isAfter(keys, body.search_after)
    const total = await this.countDocuments(found.documents)
    if (total <= FEW) found.keys = found.keys.map(withoutIndex)
    const rows = total === 0 ? [] : await this.read(found, { ...page, after })
    const result: SearchResult = { hits: await this.toHits(found, rows), total }
    if (aggregations) result.aggregations = await aggregate(this.engine, found.documents, aggregations)
    if (options.scroll === undefined) return result
    return this.openScroll(result, rows, { found, total, size: page.size, fetched: 0, after: [], duration: options.scroll })
  }

  async scroll(scrollId: string, duration?: string): Promise<SearchResult> {
    const scroll = this.scrolls.find(scrollId)
    const { found, size, after } = scroll
    const rows = after.length === 0 ? [] : await this.read(found, { from: 0, size, after: isAfter(found.keys, after) })
    return this.openScroll({ hits: await this.toHits(found, rows), total: scroll.total }, rows, { ...scroll, duration: duration ?? scroll.duration })
  }

  async count(place: Place, body: Query, { lang }: Language): Promise<number> {
    const { collection, selection } = await this.select(place, body.query, lang)
    return this.countDocuments(sql`select 1 from ${name(collection.table)} where ${selection.where}`)
  }

  async updateByQuery(place: Place, body: { query?: unknown; changes: Record<string, unknown> }, options: ByQueryOptions): Promise<UpdatedByQuery> {
    const { collection, selection } = await this.select(place, body.query, options.lang)
    await this.writer.planning(place, (draft) => draft.learn?.(body.changes))
    return this.byQuery.update(collection, selection, { changes: body.changes, brief: options.brief ?? false })
  }

  async deleteByQuery(place: Place, body: { query?: unknown }, options: ByQueryOptions): Promise<DeletedByQuery> {
    const { collection, selection } = await this.select(place, body.query, options.lang)
    return this.byQuery.delete(collection, selection, options.brief ?? false)
  }

  async *export(place: Place, body: Query, { lang }: Language): AsyncGenerator<StoredDocument> {
    const { collection, selection } = await this.select(place, body.query, lang)
    for await (const rows of pages(this.engine, collection.table, selection)) {
      for (const { id, source, version } of rows) yield { _id: id, _source: source, _version: version }
    }
  }

  private async select(place: Place, query: unknown, lang: SearchOptions['lang']): Promise<{ collection: Collection; selection: Selection }> {
    const collection = await this.catalogue.find(place)
    return { collection, selection: await selectDocuments(this.engine, collection, readQuery(collection, query, lang)) }
  }

  private async find(collections: Collection[], body: SearchBody, { lang, scroll }: SearchOptions): Promise<Found> {
    const select = readSourceSelection(body._source)
    const sorted = readSort(body.sort, fieldsOf(collections), this.engine.dialect)
    const conditions = collections.map((collection) => readQuery(collection, body.query, lang))
    const parts = await Promise.all(collections.map(async (collection, place) => {
      const { where } = await selectDocuments(this.engine, collection, conditions[place]!)
      const last = scroll === undefined ? raw('') : sql` and n <= ${await this.lastNumber(collection)}`
      return sql`select ${raw(String(place))} as place, * from ${name(collection.table)} where ${where}${last}`
    }))
    const documents = join(parts, ' union all ')
    const keys = [...sorted, ...(collections.length > 1 ? [placeKey] : []), creation()]
    return { collections, documents, keys, isSorted: sorted.length > 0, select }
  }

  /** A scroll shows nothing that was created after it began. */
  private async lastNumber({ table }: Collection): Promise<number> {
    const [row] = await this.engine.query(sql`select max(n) as last from ${name(table)}`)
    return Number(row?.last ?? 0)
  }

  private async countDocuments(documents: Sql): Promise<number> {
    const [row] = await this.engine.query(sql`select count(*) as total from (${documents}) as d`)
    return Number(row?.total)
  }

  private async read({ documents, keys }: Found, { from, size, after }: { from: number; size: number; after?: Sql }): Promise<FoundRow[]> {
    if (size === 0) return []
    const rows = await this.engine.query(sql`
      select place, ${this.engine.dialect.columns} from (${documents}) as d
      where ${after ?? raw('1 = 1')} order by ${orderBy(keys)} limit ${size} offset ${from}`)
    return inSlices(rows, (row) => ({ ...readRow(row), place: Number(row.place) }))
  }

  private toHits({ collections, keys, isSorted, select }: Found, rows: readonly FoundRow[]): Promise<SearchHit[]> {
    const shown = isSorted ? keys.slice(0, -1 - Number(collections.length > 1)) : []
    return inSlices(rows, (row) => {
      const { index, name: collection } = collections[row.place]!
      return {
        _id: row.id,
        _score: isSorted ? null : 1,
        _source: select(row.source),
        _version: row.version,
        index,
        collection,
        ...(isSorted && { sort: shown.map((key) => key.read(row)) }),
      }
    })
  }

  private openScroll(result: SearchResult, rows: readonly FoundRow[], scroll: Scroll): SearchResult {
    const last = rows.at(-1)
    const fetched = scroll.fetched + rows.length
    const after = last ? scroll.found.keys.map((key) => key.read(last)) : []
    const scrollId = this.scrolls.open({ ...scroll, fetched, after }, scroll.duration)
    return { ...result, scrollId, remaining: Math.max(0, result.total - fetched) }
  }
}

/** Each collection once, however often it was named. */
const distinct = (collections: readonly Collection[]): Collection[] => [...new Map(collections.map((collection) => [collection.table, collection])).values()]

/** In a search of several places a field has the type that the first declares. */
function fieldsOf(collections: readonly Collection[]): QueryFields {
  return new QueryFields(new Map([...collections].reverse().flatMap(({ fields }) => [...fields])))
}
