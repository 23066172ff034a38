import { METADATA_FIELD, type DocumentStore, type Place, type SearchBody, type SearchResult, type StoredDocument, type WrittenDocument } from '@app/storage'

/** A document as plugins hand it in: its id beside its content. */
export type PluginDocument = Record<string, unknown> & { _id?: string }

/**
 * One of a plugin's own collections. Documents carry who wrote them and when,
 * as clients' do; a plugin writes as nobody, which is `null`. A collection
 * that was never made comes into being when it is first used.
 */
export class PrivateCollection {
  #made: Promise<void> | undefined

  constructor(private readonly store: DocumentStore, private readonly place: Place) {}

  async get(id: string): Promise<StoredDocument> {
    await this.#make()
    return this.store.get(this.place, id)
  }

  async mGet(ids: readonly string[]): Promise<StoredDocument[]> {
    await this.#make()
    return (await this.store.mGet(this.place, ids)).successes
  }

  async search(body: SearchBody, options: { from?: number; size?: number; scroll?: string }): Promise<SearchResult> {
    await this.#make()
    return this.store.search(this.place, body, options)
  }

  create(document: PluginDocument): Promise<WrittenDocument> {
    return this.#write('create', document, { author: null, createdAt: Date.now(), updatedAt: null, updater: null })
  }

  createOrReplace(document: PluginDocument): Promise<WrittenDocument> {
    return this.#write('createOrReplace', document, rewritten())
  }

  replace(document: PluginDocument): Promise<WrittenDocument> {
    return this.#write('replace', document, rewritten())
  }

  update(document: PluginDocument): Promise<WrittenDocument> {
    return this.#write('update', document, { updatedAt: Date.now(), updater: null })
  }

  async delete(id: string): Promise<StoredDocument> {
    await this.#make()
    return this.store.delete(this.place, id)
  }

  async #write(method: 'create' | 'createOrReplace' | 'replace' | 'update', document: PluginDocument, metadata: object): Promise<WrittenDocument> {
    await this.#make()
    const { _id, ...content } = JSON.parse(JSON.stringify(document)) as PluginDocument
    return this.store[method](this.place, { _id, body: { ...content, [METADATA_FIELD]: metadata } })
  }

  /** Once; after a failure the next use tries again. */
  #make(): Promise<void> {
    return (this.#made ??= this.#open().catch((error: unknown) => {
      this.#made = undefined
      throw error
    }))
  }

  async #open(): Promise<void> {
    if (!(await this.store.collectionExists(this.place))) await this.store.createCollection(this.place)
  }
}

const rewritten = (): object => ({ author: null, createdAt: Date.now(), updatedAt: Date.now(), updater: null })
