import { KuzzleError } from '@mortise/sdk'
import { METADATA_FIELD, type CollectionDefinition, type DocumentStore, type ManyResult, type Mappings, type Place, type Scope, type SearchBody, type SearchResult, type StoredDocument, type WrittenDocument } from '@app/storage'

/** How a document is written. */
export interface WriteOptions {
  /** Of a document that is created; made up when absent. */
  readonly id?: string
  /** Who writes; nobody, when absent. */
  readonly userId?: string
}

type Content = Record<string, unknown>
type Page = { from?: number; size?: number; scroll?: string }

/**
 * The collections of one index, public or private, past pipes, hooks and
 * rights. Plugins rather use `constructors.Repository`, or the client.
 */
export abstract class Store {
  constructor(readonly index: string, readonly scope: Scope) {
    if (scope !== 'public' && scope !== 'private') throw new KuzzleError(`The scope of a Store is "public" or "private", and not "${String(scope)}".`, 400)
  }

  /** Makes the index and its collections, where they are missing: `{ collection: mappings | { mappings, settings } }`. */
  async init(collections: Record<string, CollectionDefinition> = {}): Promise<void> {
    if (!await this.documents.indexExists(this.index, this.scope)) await this.documents.createIndex(this.index, this.scope)
    for (const [name, definition] of Object.entries(collections)) await this.createCollection(name, definition)
  }

  createCollection(collection: string, definition: CollectionDefinition & Partial<Mappings> = {}): Promise<void> {
    const { mappings, settings, ...bare } = definition
    return this.documents.createCollection(this.place(collection), { mappings: mappings ?? bare, ...(settings && { settings }) })
  }

  async deleteCollection(collection: string): Promise<void> { await this.documents.deleteCollection(this.place(collection)) }
  async deleteIndex(): Promise<void> { await this.documents.deleteIndex(this.index, this.scope) }
  async truncateCollection(collection: string): Promise<void> { await this.documents.truncate(this.place(collection)) }
  /** What is written can be searched at once. */
  async refreshCollection(collection: string): Promise<void> { await this.documents.count(this.place(collection)) }
  getMapping(collection: string): Promise<Mappings> { return this.documents.getMapping(this.place(collection)) }
  updateMapping(collection: string, mappings: Partial<Mappings>): Promise<Mappings> { return this.documents.updateMapping(this.place(collection), mappings) }
  updateCollection(collection: string, definition: CollectionDefinition): Promise<void> { return this.documents.updateCollection(this.place(collection), definition) }

  /** @throws `services.storage.not_found` */
  get(collection: string, id: string): Promise<StoredDocument> { return this.documents.get(this.place(collection), id) }
  async mGet(collection: string, ids: string[]): Promise<{ items: StoredDocument[]; errors: string[] }> {
    const { successes, errors } = await this.documents.mGet(this.place(collection), ids)
    return { items: successes, errors }
  }

  exists(collection: string, id: string): Promise<boolean> { return this.documents.exists(this.place(collection), id) }
  count(collection: string, body: { query?: unknown } = {}): Promise<number> { return this.documents.count(this.place(collection), body as Pick<SearchBody, 'query'>) }
  search(collection: string, body: SearchBody = {}, page: Page = {}): Promise<SearchResult> { return this.documents.search(this.place(collection), body, page) }
  scroll(scrollId: string, options: { scroll?: string } = {}): Promise<SearchResult> { return this.documents.scroll(scrollId, options) }

  /** @throws `services.storage.document_already_exists` */
  create(collection: string, content: Content, { id, userId }: WriteOptions = {}): Promise<WrittenDocument> {
    return this.documents.create(this.place(collection), { _id: id, body: { ...content, [METADATA_FIELD]: createdBy(userId) } })
  }

  createOrReplace(collection: string, id: string, content: Content, { userId }: WriteOptions = {}): Promise<WrittenDocument> {
    return this.documents.createOrReplace(this.place(collection), { _id: id, body: { ...content, [METADATA_FIELD]: createdBy(userId) } })
  }

  /** @throws `services.storage.not_found` */
  replace(collection: string, id: string, content: Content, { userId }: WriteOptions = {}): Promise<WrittenDocument> {
    return this.documents.replace(this.place(collection), { _id: id, body: { ...content, [METADATA_FIELD]: createdBy(userId) } })
  }

  /** @throws `services.storage.not_found` */
  update(collection: string, id: string, content: Content, { userId }: WriteOptions = {}): Promise<WrittenDocument> {
    const metadata = { updatedAt: Date.now(), updater: userId ?? null }
    return this.documents.update(this.place(collection), { _id: id, body: { ...content, [METADATA_FIELD]: metadata } })
  }

  /** @throws `services.storage.not_found` */
  async delete(collection: string, id: string): Promise<void> { await this.documents.delete(this.place(collection), id) }
  mDelete(collection: string, ids: string[]): Promise<ManyResult<StoredDocument, unknown>> { return this.documents.mDelete(this.place(collection), ids) }

  /** Of the open host: plugins load this class once, hosts come and go. */
  protected abstract get documents(): DocumentStore

  protected place(collection: string): Place {
    return { index: this.index, collection, ...(this.scope === 'private' && { scope: this.scope }) }
  }
}

const createdBy = (userId: string | undefined): object => ({ author: userId ?? null, createdAt: Date.now(), updatedAt: null, updater: null })
