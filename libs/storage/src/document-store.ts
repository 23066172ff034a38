import type { StoreMigration } from '@mortise/sdk'
import type { Outbox, Recorder } from './deliveries.js'
import type { Locks } from './locks.js'
import type { Messages } from './messages.js'
import type { Schedules } from './schedules.js'
import type { StoredDocument, DocumentInput, UpsertInput, ManyResult, WrittenDocument, FailedDocument, FailedId } from './documents.js'
import type { Mappings, MappingsInput, Settings } from './mappings.js'
import type { ByQueryOptions, BulkResult, DeletedByQuery, SearchBody, SearchOptions, SearchResult, UpdatedByQuery } from './searches.js'

/**
 * Who an index belongs to. The same name may exist once in each scope, and no scope sees another's.
 *
 * - `public`: what clients create and reach through the API
 * - `private`: the plugins' own indexes, named `plugin-<name>`
 * - `internal`: the house's own: people and rights, specifications, the outbox
 */
export type Scope = 'public' | 'private' | 'internal'

/** Where documents live. `scope` is `public` when it is left out. */
export interface Place {
  scope?: Scope
  index: string
  collection: string
  /** Says what is to be delivered of what is written here with this place; stored in the same transaction. */
  recorder?: Recorder
  /** Shown what each update that is written with this place makes of a document, before it is stored; what it throws refuses that update. */
  judge?: Judge
}

/** @throws ApiError why the document must not be stored */
export type Judge = (document: Record<string, unknown>, id: string) => void

/** How the store is: `green` answers reads and writes, `red` does not, and `reason` says why in one sentence. */
export interface StoreHealth {
  status: 'green' | 'red'
  engine: 'sqlite' | 'postgres'
  reason?: string
}

/** Documents and bytes on disk, by index and collection. */
export interface StoreStats {
  size: number
  indexes: { name: string; size: number; collections: { name: string; documentCount: number; size: number }[] }[]
}

/**
 * THE port of this room: everything that the house keeps goes through it, and each engine passes one contract suite
 * (`document-store.contract.ts`).
 *
 * Promises that hold for every method:
 * - A write that has resolved is on disk, whole, and the next read sees it. A write that has rejected left nothing behind; of more than
 *   1000 documents at once, a part may have been stored before the fault. Only a lost connection during a commit leaves it open which of
 *   the two happened.
 * - Bodies are plain JSON and are stored as given: metadata such as `_kuzzle_info` is the caller's to put in. A body handed
 *   in must not change before its promise settles; then it is the caller's own again.
 * - Many documents at once (`m…`) stand each for itself: what failed is listed in `errors`, and the rest is stored.
 * - Unknown places are refused with `services.storage.unknown_index` or `services.storage.unknown_collection` (412).
 * - A store that cannot be reached refuses with `services.storage.not_connected`, and works again when the cause is gone.
 */
export interface DocumentStore {
  /** What listeners are to be told of for sure. */
  readonly outbox: Outbox
  /** When scheduled jobs have run. */
  readonly schedules: Schedules
  /** What hosts on this store tell each other. */
  readonly messages: Messages
  readonly locks: Locks

  /** Opens the store, runs the migrations that are missing, reads the catalogue. Refuses a store that is newer than this code. */
  start(): Promise<void>
  /** Waits for what is under way, then lets go of files and connections. A second call does nothing. */
  close(): Promise<void>
  /** Tries one read and, where the engine has files, whether it may write. Never rejects. */
  health(): Promise<StoreHealth>

  /** @throws `services.storage.index_already_exists`, `services.storage.invalid_index_name` */
  createIndex(index: string, scope?: Scope): Promise<void>
  /** Deletes the index with all its collections. */
  deleteIndex(index: string, scope?: Scope): Promise<void>
  indexExists(index: string, scope?: Scope): Promise<boolean>
  /** Names in alphabetical order. */
  listIndexes(scope?: Scope): Promise<string[]>
  /** Documents are counted anew on each call; sizes are the engine's own account of them. */
  stats(scope?: Scope): Promise<StoreStats>

  /**
   * Creates the collection, and its index when that is missing. On a collection that exists the mappings are merged and the settings
   * replaced, as by {@link updateCollection}.
   * @throws `services.storage.invalid_collection_name`, `services.storage.invalid_mapping` and its relatives
   */
  createCollection(place: Place, definition?: CollectionDefinition): Promise<void>
  /** Merges mappings and replaces settings; what is left out stays. */
  updateCollection(place: Place, definition: CollectionDefinition): Promise<void>
  deleteCollection(place: Place): Promise<void>
  /**
   * Runs the steps that the collection has not seen over all of its documents, in order, together or not at all. Whoever else wants to
   * write waits for it, other machines too; memory does not grow with the collection. `onProgress` is told, now and then, how many
   * documents have been dealt with.
   * @throws `services.storage.unexpected_error` when it has seen more steps than there are, or when one of them throws
   */
  migrateCollection(place: Place, migrations: readonly StoreMigration[], onProgress?: (documents: number) => void): Promise<void>
  /** Deletes all documents and keeps mappings and settings. */
  truncate(place: Place): Promise<void>
  collectionExists(place: Place): Promise<boolean>
  /** Names in alphabetical order. */
  listCollections(index: string, scope?: Scope): Promise<string[]>
  getMapping(place: Place): Promise<Mappings>
  /** Adds fields. The type of a declared field cannot change: `services.storage.unexpected_bad_request`. Returns what now holds. */
  updateMapping(place: Place, mappings: MappingsInput): Promise<Mappings>
  getSettings(place: Place): Promise<Settings>

  /** @throws `services.storage.not_found` (404) */
  get(place: Place, id: string): Promise<StoredDocument>
  /** In the order asked for; `errors` holds the ids that lead nowhere. */
  mGet(place: Place, ids: readonly string[]): Promise<{ successes: StoredDocument[]; errors: string[] }>
  exists(place: Place, id: string): Promise<boolean>
  mExists(place: Place, ids: readonly string[]): Promise<{ successes: string[]; errors: string[] }>

  /** Without `_id` one of 20 URL-safe characters is made. @throws `services.storage.document_already_exists` (400) */
  create(place: Place, document: DocumentInput): Promise<WrittenDocument>
  createOrReplace(place: Place, document: DocumentInput): Promise<WrittenDocument>
  /** @throws `services.storage.not_found` (404) */
  replace(place: Place, document: DocumentInput): Promise<WrittenDocument>
  /**
   * Merges `body` into the document: objects are merged at every depth, anything else (arrays too) is replaced. `_source` is the whole
   * new document, `_updatedFields` the top-level fields given. Updates of one document wait for each other, so none is ever lost and
   * there is no conflict to retry.
   * @throws `services.storage.not_found` (404)
   */
  update(place: Place, document: DocumentInput): Promise<WrittenDocument>
  /** Merges `changes` into the document, or creates it from `default` with `changes` merged in. See {@link UpsertInput} for metadata. */
  upsert(place: Place, document: UpsertInput): Promise<WrittenDocument>
  /** Removes fields, given as dotted paths. `merge` is merged in afterwards, for metadata. @throws `services.storage.not_found` */
  deleteFields(place: Place, id: string, fields: readonly string[], merge?: Record<string, unknown>): Promise<WrittenDocument>
  /** Returns the document as it was last. @throws `services.storage.not_found` (404) */
  delete(place: Place, id: string): Promise<StoredDocument>

  mCreate(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>>
  mCreateOrReplace(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>>
  mReplace(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>>
  mUpdate(place: Place, documents: readonly DocumentInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>>
  mUpsert(place: Place, documents: readonly UpsertInput[]): Promise<ManyResult<WrittenDocument, FailedDocument>>
  /** `successes` are the documents as they were last. */
  mDelete(place: Place, ids: readonly string[]): Promise<ManyResult<StoredDocument, FailedId>>

  /**
   * Finds documents, in one place or in several. Hits come in the order of `body.sort`, or else in the order of their creation.
   * Work that grows with the collection is done off the main thread or in slices.
   * @throws `services.storage.unexpected_bad_request` for what is not understood, named; `services.storage.invalid_search_query`
   */
  search(places: Place | readonly Place[], body?: SearchBody, options?: SearchOptions): Promise<SearchResult>
  /** The next page of a search that was started with `scroll`. @throws `services.storage.unknown_scroll_id` (404) */
  scroll(scrollId: string, options?: { scroll?: string }): Promise<SearchResult>
  count(place: Place, body?: Pick<SearchBody, 'query'>, options?: Pick<SearchOptions, 'lang'>): Promise<number>
  /** Updates page by page; what other callers write meanwhile is neither lost nor missed, and a document is updated at most once. */
  updateByQuery(place: Place, body: { query?: unknown; changes: Record<string, unknown> }, options?: ByQueryOptions): Promise<UpdatedByQuery>
  deleteByQuery(place: Place, body: { query?: unknown }, options?: ByQueryOptions): Promise<DeletedByQuery>
  /** All documents that match, in the order of their creation, page by page: memory does not grow with the collection. */
  export(place: Place, body?: Pick<SearchBody, 'query'>, options?: Pick<SearchOptions, 'lang'>): AsyncIterable<StoredDocument>
  /**
   * Carries out an Elasticsearch bulk array: `{index|create|update|delete: {_id?}}`, each but `delete` followed by its document. Lines run
   * in order. @throws `services.storage.invalid_argument` when the array cannot be read; then nothing has been stored.
   */
  import(place: Place, bulkData: readonly Record<string, unknown>[]): Promise<BulkResult>
}

/** What a collection is made of. Mappings as in Elasticsearch; settings are kept and given back. */
export interface CollectionDefinition {
  mappings?: MappingsInput
  settings?: Settings
}
