import { createError } from '@mortise/sdk'
import type { Recorder } from '../deliveries.js'
import type { CollectionDefinition, Judge, Place, Scope } from '../document-store.js'
import type { Engine, Row, Run } from '../engines/engine.js'
import { Turns } from '../engines/turns.js'
import { isMissingTable } from '../engines/faults.js'
import { declaredFields } from '../mappings.js'
import type { DeclaredField, Mappings, Settings } from '../mappings.js'
import { fieldPath } from '../query/field-path.js'
import { raw, sql } from '../query/sql.js'
import { emptyMappings, mayGrow, mergeMappings } from './mapping-check.js'
import { checkCollectionName, checkIndexName } from './names.js'

/** A collection as everything in this room knows it. `fields` are those its mapping declares, by name. */
export interface Collection {
  table: string
  scope: Scope
  index: string
  name: string
  mappings: Mappings
  settings: Settings
  fields: ReadonlyMap<string, DeclaredField>
  /** Whether fields that documents bring are added to the mapping. */
  grows: boolean
  /** As the place that it was found by has it. */
  recorder?: Recorder
  judge?: Judge
  /** Told of each document that is planned to be written. */
  learn?: (document: Record<string, unknown>) => void
}

type Collections = Map<string, Collection>

/** Collections that one transaction takes away. */
const MOST_DROPPED = 20

/**
 * Which indexes and collections there are, kept in memory so that no request reads them from disk. It is read anew when somebody else
 * changed it, and once more before anything is called unknown: another machine may just have created it.
 */
export class Catalogue {
  private indexes = new Map<string, Collections>()
  /** How often somebody else changed it; how often it had been when what is in memory was read, and when the reading under way began. */
  private changes = 0
  private changesSeen = -1
  private changesLoading = -1
  /** The reading under way, and the one after it. */
  private loading: Promise<void> | undefined
  private loadingNext: Promise<void> | undefined
  private readonly growth = new Turns()

  constructor(private readonly engine: Engine) {
    engine.onForeignChange(() => { this.changes++ })
  }

  /** @throws `services.storage.unknown_index`, `services.storage.unknown_collection` */
  async find(place: Place): Promise<Collection> {
    const known = this.known(place) ?? await this.refresh().then(() => this.known(place))
    if (known) return known
    const { scope = 'public', index, collection } = place
    await this.load()
    const found = this.collectionsOf(index, scope).get(collection)
    if (!found) throw createError('services.storage.unknown_collection', index, collection)
    return seenFrom(place, found)
  }

  /** A collection that is in memory, so that nothing need be waited for. */
  known(place: Place): Collection | undefined {
    const { scope = 'public', index, collection } = place
    const found = this.isStale ? undefined : this.indexes.get(keyOf(scope, index))?.get(collection)
    return found && seenFrom(place, found)
  }

  /** Does something in a place. When its table turns out to be gone, the place is as unknown as if it had never been. */
  async within<T>(place: Pick<Place, 'index' | 'collection'>, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw await this.explain(error, place)
    }
  }

  /** What to tell of a failure in a place: that the place is unknown when its table is gone, or else the failure itself. */
  async explain(error: unknown, { index, collection }: Pick<Place, 'index' | 'collection'>): Promise<unknown> {
    if (!isMissingTable(error)) return error
    await this.load()
    return createError('services.storage.unknown_collection', index, collection)
  }

  async has({ scope = 'public', index, collection }: Place): Promise<boolean> {
    await this.refresh()
    return this.indexes.get(keyOf(scope, index))?.has(collection) ?? false
  }

  async hasIndex(index: string, scope: Scope = 'public'): Promise<boolean> {
    await this.refresh()
    return this.indexes.has(keyOf(scope, index))
  }

  async listIndexes(scope: Scope = 'public'): Promise<string[]> {
    await this.refresh()
    return [...this.indexes.keys()].filter((key) => key.startsWith(`${scope}/`)).map((key) => key.slice(scope.length + 1)).sort()
  }

  /** @throws `services.storage.unknown_index` */
  async listCollections(index: string, scope: Scope = 'public'): Promise<Collection[]> {
    await this.refresh()
    return [...this.collectionsOf(index, scope).values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  async createIndex(index: string, scope: Scope = 'public'): Promise<void> {
    checkIndexName(index)
    await this.change(async (run) => {
      const added = await run(sql`insert into indexes (scope, name) values (${scope}, ${index}) on conflict do nothing returning name`)
      if (added.length === 0) throw createError('services.storage.index_already_exists', scope, index)
    })
  }

  /** In several transactions, where there are many collections: PostgreSQL takes a lock for each table and each index that is dropped. */
  async deleteIndex(index: string, scope: Scope = 'public'): Promise<void> {
    for (let isDone = false; !isDone;) {
      await this.change(async (run) => { isDone = await this.deleteSome(run, index, scope) })
    }
  }

  /** Says whether the index is gone with them. */
  private async deleteSome(run: Run, index: string, scope: Scope): Promise<boolean> {
    const dropped = await run(sql`
      delete from collections where key in (select key from collections where scope = ${scope} and index_name = ${index} limit ${MOST_DROPPED}) returning key`)
    for (const { key } of dropped) await run(raw(`drop table ${tableOf(key)}`))
    if (dropped.length === MOST_DROPPED) return false
    const removed = await run(sql`delete from indexes where scope = ${scope} and name = ${index} returning name`)
    if (removed.length === 0) throw createError('services.storage.unknown_index', index)
    return true
  }

  async createCollection(place: Place, definition: CollectionDefinition): Promise<void> {
    const { scope = 'public', index, collection } = place
    checkIndexName(index)
    checkCollectionName(collection)
    await this.change(async (run) => {
      await run(sql`insert into indexes (scope, name) values (${scope}, ${index}) on conflict do nothing`)
      if (await this.merge(run, place, definition)) return
      const mappings = mergeMappings(emptyMappings(), definition.mappings ?? {})
      const values = sql`${scope}, ${index}, ${collection}, ${JSON.stringify(mappings)}, ${JSON.stringify(definition.settings ?? {})}`
      const [row] = await run(sql`insert into collections (scope, index_name, name, mappings, settings) values (${values}) returning key`)
      const table = tableOf(row?.key)
      await run(this.engine.dialect.createTable(table))
      await this.addFieldIndexes(run, table, mappings)
    })
  }

  async updateCollection(place: Place, definition: CollectionDefinition): Promise<void> {
    await this.change(async (run) => {
      if (!(await this.merge(run, place, definition))) throw await this.unknown(run, place)
    })
  }

  /**
   * Adds what documents taught to a mapping, unless it has learned that meanwhile. No index is made: writes are not to become slower by
   * what clients send.
   *
   * @returns whether it could; not when somebody else has given one of the fields another type
   */
  async grow(place: Place, additions: Mappings): Promise<boolean> {
    return this.growth.take(async () => {
      const { mappings } = await this.find(place)
      if (!canTake(mappings, additions)) return false
      const known = declaredFields(mappings)
      if ([...declaredFields(additions).keys()].every((name) => known.has(name))) return true
      let isTaken = true
      await this.change(async (run) => {
        const current = await this.read(run, place)
        if (!current) throw await this.unknown(run, place)
        isTaken = canTake(current.mappings, additions)
        if (isTaken) await this.store(run, place, { ...current, mappings: mergeMappings(current.mappings, { properties: additions.properties }) })
      })
      return isTaken
    })
  }

  async deleteCollection(place: Place): Promise<void> {
    const { scope = 'public', index, collection } = place
    await this.change(async (run) => {
      const [row] = await run(sql`
        delete from collections where scope = ${scope} and index_name = ${index} and name = ${collection} returning key`)
      if (!row) throw await this.unknown(run, place)
      await run(raw(`drop table ${tableOf(row.key)}`))
    })
  }

  async truncate(place: Place): Promise<void> {
    const { table } = await this.find(place)
    await this.change((run) => run(this.engine.dialect.emptyTable(table)))
  }

  /**
   * Reads everything anew, and sees what was changed before this was called. Readings never overlap, as the one that began first might end last: who
   * comes while one is under way waits for the next, with all others.
   */
  load(): Promise<void> {
    if (!this.loading) return (this.loading = this.readAll().finally(() => { this.loading = undefined }))
    const again = (): Promise<void> => {
      this.loadingNext = undefined
      return this.load()
    }
    return (this.loadingNext ??= this.loading.then(again, again))
  }

  private async readAll(): Promise<void> {
    const changes = (this.changesLoading = this.changes)
    const indexes = await this.engine.query(raw('select scope, name from indexes'))
    const collections = await this.engine.query(raw('select key, scope, index_name, name, mappings, settings from collections'))
    const loaded = new Map<string, Collections>(indexes.map(({ scope, name }) => [keyOf(String(scope), String(name)), new Map()]))
    for (const collection of collections.map(readCollection)) {
      loaded.get(keyOf(collection.scope, collection.index))?.set(collection.name, collection)
    }
    this.indexes = loaded
    this.changesSeen = changes
  }

  private get isStale(): boolean {
    return this.changesSeen !== this.changes
  }

  private async change(work: (run: Run) => Promise<unknown>): Promise<void> {
    await this.engine.transaction(work)
    await this.load()
  }

  /** Sees what is known to have been changed by others: a reading that began after that will do. */
  private async refresh(): Promise<void> {
    if (this.isStale) await (this.loading && this.changesLoading === this.changes ? this.loading : this.load())
  }

  private collectionsOf(index: string, scope: Scope): Collections {
    const collections = this.indexes.get(keyOf(scope, index))
    if (!collections) throw createError('services.storage.unknown_index', index)
    return collections
  }

  /** Merges a definition into a collection, and says whether there is one. */
  private async merge(run: Run, place: Place, { mappings = {}, settings }: CollectionDefinition): Promise<boolean> {
    const current = await this.read(run, place)
    if (!current) return false
    await this.store(run, place, { mappings: mergeMappings(current.mappings, mappings), settings: settings ?? current.settings })
    await this.addFieldIndexes(run, current.table, mergeMappings(emptyMappings(), mappings))
    return true
  }

  private async read(run: Run, { scope = 'public', index, collection }: Place): Promise<Collection | undefined> {
    const [row] = await run(sql`
      select key, scope, index_name, name, mappings, settings from collections
      where scope = ${scope} and index_name = ${index} and name = ${collection}`)
    return row && readCollection(row)
  }

  private async store(run: Run, { scope = 'public', index, collection }: Place, { mappings, settings }: Pick<Collection, 'mappings' | 'settings'>): Promise<void> {
    await run(sql`
      update collections set mappings = ${JSON.stringify(mappings)}, settings = ${JSON.stringify(settings)}
      where scope = ${scope} and index_name = ${index} and name = ${collection}`)
  }

  private async unknown(run: Run, { scope = 'public', index, collection }: Place): Promise<Error> {
    const [row] = await run(sql`select name from indexes where scope = ${scope} and name = ${index}`)
    return row ? createError('services.storage.unknown_collection', index, collection) : createError('services.storage.unknown_index', index)
  }

  private async addFieldIndexes(run: Run, table: string, mappings: Mappings): Promise<void> {
    for (const { path, type } of declaredFields(mappings).values()) {
      const steps = fieldPath(path)
      for (const statement of steps ? this.engine.dialect.fieldIndexes(table, steps, type) : []) await run(statement)
    }
  }
}

const seenFrom = ({ recorder, judge }: Place, collection: Collection): Collection => (recorder || judge ? { ...collection, recorder, judge } : collection)

/** Whether a mapping has none of the additions under another type. */
function canTake(mappings: Mappings, additions: Mappings): boolean {
  const known = declaredFields(mappings)
  return [...declaredFields(additions)].every(([name, { type }]) => (known.get(name)?.type ?? type) === type)
}

const keyOf = (scope: string, index: string): string => `${scope}/${index}`
const tableOf = (key: unknown): string => `c${String(key)}`

function readCollection(row: Row): Collection {
  const mappings = JSON.parse(String(row.mappings)) as Mappings
  return {
    table: tableOf(row.key),
    scope: row.scope as Scope,
    index: String(row.index_name),
    name: String(row.name),
    mappings,
    settings: JSON.parse(String(row.settings)) as Settings,
    fields: declaredFields(mappings),
    grows: mayGrow(mappings),
  }
}
