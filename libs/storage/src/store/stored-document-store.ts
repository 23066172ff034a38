import { createError, type StoreMigration } from '@mortise/sdk'
import type { CollectionDefinition, DocumentStore, Place, Scope, StoreHealth, StoreStats } from '../document-store.js'
import type { DocumentInput, FailedDocument, FailedId, ManyResult, StoredDocument, UpsertInput, WrittenDocument } from '../documents.js'
import type { Engine } from '../engines/engine.js'
import type { Mappings, MappingsInput, Settings } from '../mappings.js'
import { UnreadDocument } from '../unread-document.js'
import type {
  BulkResult, ByQueryOptions, DeletedByQuery, SearchBody, SearchOptions, SearchResult, UpdatedByQuery,
} from '../searches.js'
import { importBulk } from './bulk-import.js'
import { Catalogue } from './catalogue.js'
import { DocumentsWriter, plans } from './documents-writer.js'
import { canBeStored } from './names.js'
import { migrateDocuments } from './migrate-documents.js'
import { StoredLocks } from './stored-locks.js'
import { StoredMessages } from './stored-messages.js'
import { StoredOutbox } from './stored-outbox.js'
import { StoredSchedules } from './stored-schedules.js'
import { Searches } from './searches.js'
import { readStats } from './stats.js'


/** The document store, whatever the engine: names, mappings, results and errors are settled here, and SQL is the engine's. */
export class StoredDocumentStore implements DocumentStore {
  readonly outbox: StoredOutbox
  readonly schedules: StoredSchedules
  readonly messages: StoredMessages
  readonly locks: StoredLocks
  private readonly catalogue: Catalogue
  private readonly writer: DocumentsWriter
  private readonly searches: Searches

  constructor(private readonly engine: Engine) {
    this.outbox = new StoredOutbox(engine)
    this.schedules = new StoredSchedules(engine)
    this.messages = new StoredMessages(engine)
    this.locks = new StoredLocks(engine)
    this.catalogue = new Catalogue(engine)
    this.writer = new DocumentsWriter(engine, this.catalogue, () => this.outbox.tellStored())
    this.searches = new Searches(engine, this.catalogue, this.writer)
  }

  async start(): Promise<void> {
    await this.engine.open()
    await this.catalogue.load()
  }

  async close(): Promise<void> {
    this.searches.close()
    await this.engine.close()
  }

  async health(): Promise<StoreHealth> {
    try {
      await this.engine.check()
      return { status: 'green', engine: this.engine.name }
    } catch (error) {
      const { hint, message } = error as { hint?: string; message: string }
      return { status: 'red', engine: this.engine.name, reason: hint ?? message }
    }
  }

  createIndex(index: string, scope?: Scope): Promise<void> {
    return this.catalogue.createIndex(index, scope)
  }

  deleteIndex(index: string, scope?: Scope): Promise<void> {
    return this.catalogue.deleteIndex(index, scope)
  }

  indexExists(index: string, scope?: Scope): Promise<boolean> {
    return this.catalogue.hasIndex(index, scope)
  }

  listIndexes(scope?: Scope): Promise<string[]> {
    return this.catalogue.listIndexes(scope)
  }

  stats(scope?: Scope): Promise<StoreStats> {
    return readStats(this.engine, this.catalogue, scope)
  }

  createCollection(place: Place, definition: CollectionDefinition = {}): Promise<void> {
    return this.catalogue.createCollection(place, definition)
  }

  updateCollection(place: Place, definition: CollectionDefinition): Promise<void> {
    return this.catalogue.updateCollection(place, definition)
  }

  deleteCollection(place: Place): Promise<void> {
    return this.catalogue.deleteCollection(place)
  }

  async migrateCollection(place: Place, migrations: readonly StoreMigration[], onProgress?: (documents: number) => void): Promise<void> {
    await migrateDocuments(this.engine, { collection: await this.catalogue.find(place), migrations, onProgress })
  }

  truncate(place: Place): Promise<void> {
    return this.catalogue.truncate(place)
  }

  collectionExists(place: Place): Promise<boolean> {
    return this.catalogue.has(place)
  }

  async listCollections(index: string, scope?: Scope): Promise<string[]> {
    return (await this.catalogue.listCollections(index, scope)).map(({ name }) => name)
  }

  async getMapping(place: Place): Promise<Mappings> {
    return structuredClone((await this.catalogue.find(place)).mappings)
  }

  async updateMapping(place: Place, mappings: MappingsInput): Promise<Mappings> {
    await this.catalogue.updateCollection(place, { mappings })
    return this.getMapping(place)
  }

  async getSettings(place: Place): Promise<Settings> {
    return structuredClone((await this.catalogue.find(place)).settings)
  }

  async get(place: Place, id: string): Promise<StoredDocument> {
    try {
      const { table } = this.catalogue.known(place) ?? await this.catalogue.find(place)
      const [document] = canBeStored(id) ? await this.engine.read(table, [id]) : []
      if (document) return document
    } catch (error) {
      throw await this.catalogue.explain(error, place)
    }
    throw createError('services.storage.not_found', id, place.index, place.collection)
  }

  async mGet(place: Place, ids: readonly string[]): Promise<{ successes: StoredDocument[]; errors: string[] }> {
    const documents = new Map((await this.read(place, ids)).map((document) => [document._id, document]))
    return { successes: ids.flatMap((id) => documents.get(id) ?? []), errors: ids.filter((id) => !documents.has(id)) }
  }

  async exists(place: Place, id: string): Promise<boolean> {
    return (await this.mExists(place, [id])).errors.length === 0
  }

  async mExists(place: Place, ids: readonly string[]): Promise<{ successes: string[]; errors: string[] }> {
    const { successes, errors } = await this.mGet(place, ids)
    return { successes: successes.map(({ _id }) => _id), errors }
  }

  create(place: Place, document: DocumentInput): Promise<WrittenDocument> {
    return this.writer.one(place, plans.create, document)
  }

  createOrReplace(place: Place, document: DocumentInput): Promise<WrittenDocument> {
    return this.writer.one(place, plans.put, document)
  }

  replace(place: Place, document: DocumentInput): Promise<WrittenDocument> {
    return this.writer.one(place, plans.replace, document)
  }

  update(place: Place, document: DocumentInput): Promise<WrittenDocument> {
    return this.writer.one(place, plans.update, document)
  }

  upsert(place: Place, document: UpsertInput): Promise<WrittenDocument> {
    return this.writer.one(place, plans.upsert, document)
  }

  deleteFields(place: Place, id: string, fields: readonly string[], merge: Record<string, unknown> = {}): Promise<WrittenDocument> {
    return this.writer.one(place, plans.deleteFields, { _id: id, fields, merge })
  }

  async delete(place: Place, id: string): Promise<StoredDocument> {
    return UnreadDocument.alone(await this.writer.one(place, plans.delete, id))
  }

  mCreate(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>> {
    return this.writer.many(place, plans.create, documents)
  }

  mCreateOrReplace(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>> {
    return this.writer.many(place, plans.put, documents)
  }

  mReplace(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>> {
    return this.writer.many(place, plans.replace, documents)
  }

  mUpdate(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>> {
    return this.writer.many(place, plans.update, documents)
  }

  mUpsert(place: Place, documents: readonly UpsertInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>> {
    return this.writer.many(place, plans.upsert, documents)
  }

  async mDelete(place: Place, ids: readonly string[]): Promise<ManyResult<StoredDocument, FailedId>> {
    const { successes, errors } = await this.writer.each(place, plans.delete, ids, (_id, fault) => ({ _id, ...fault }))
    return { successes: successes.map(UnreadDocument.alone), errors }
  }

  async search(places: Place | readonly Place[], body: SearchBody = {}, options: SearchOptions = {}): Promise<SearchResult> {
    const [first, ...others] = [places].flat()
    if (!first) throw createError('services.storage.invalid_argument', 'targets', 'at least one')
    return this.catalogue.within(first, () => this.searches.search([first, ...others], body, options))
  }

  scroll(scrollId: string, options: { scroll?: string } = {}): Promise<SearchResult> {
    return this.searches.scroll(scrollId, options.scroll)
  }

  count(place: Place, body: Pick<SearchBody, 'query'> = {}, options: Pick<SearchOptions, 'lang'> = {}): Promise<number> {
    return this.catalogue.within(place, () => this.searches.count(place, body, options))
  }

  updateByQuery(
    place: Place, body: { query?: unknown; changes: Record<string, unknown> }, options: ByQueryOptions = {},
  ): Promise<UpdatedByQuery> {
    return this.searches.updateByQuery(place, body, options)
  }

  deleteByQuery(place: Place, body: { query?: unknown }, options: ByQueryOptions = {}): Promise<DeletedByQuery> {
    return this.searches.deleteByQuery(place, body, options)
  }

  export(place: Place, body: Pick<SearchBody, 'query'> = {}, options: Pick<SearchOptions, 'lang'> = {}): AsyncIterable<StoredDocument> {
    return this.searches.export(place, body, options)
  }

  import(place: Place, bulkData: readonly Record<string, unknown>[]): Promise<BulkResult> {
    return importBulk(this.catalogue, this.writer, { place, bulkData })
  }

  private async read(place: Place, asked: readonly string[]): Promise<StoredDocument[]> {
    const ids = asked.every(canBeStored) ? asked : asked.filter(canBeStored)
    try {
      const { table } = this.catalogue.known(place) ?? await this.catalogue.find(place)
      return await this.engine.read(table, ids)
    } catch (error) {
      throw await this.catalogue.explain(error, place)
    }
  }
}
