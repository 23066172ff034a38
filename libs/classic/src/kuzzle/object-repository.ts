import type { SearchBody, StoredDocument } from '@app/storage'
import type { Store, WriteOptions } from './store.js'

/** What is kept: an object with an id. */
export interface Identified {
  _id: string
}

/** For how long an object is kept at hand, in seconds; 0 for as long as there is room. */
interface CacheOptions {
  readonly ttl?: number
}

interface Cached {
  readonly text: string
  readonly endsAt: number
}

interface Page<T> {
  readonly hits: T[]
  readonly total: number
  readonly scrollId?: string
  readonly aggregations?: unknown
}

/** How many objects are kept at hand; the oldest goes first. */
const ROOM = 10_000

/**
 * Objects of one class as documents of one collection, and those used last
 * kept at hand in this process: what another host changes is seen here once
 * the time to live (`ttl`) is over, or `loadOneFromDatabase` asks for it. To be derived from: classes set `collection`
 * and `ObjectConstructor`, and override what makes objects of content.
 */
export class ObjectRepository<T extends Identified = Identified> {
  protected ttl = 3600
  protected index: string | null
  protected collection: string | null = null
  protected ObjectConstructor: (new () => object) | null = null
  protected store: Store | null
  readonly #cache = new Map<string, Cached>()

  constructor({ store = null }: { store?: Store | null; cache?: string } = {}) {
    this.store = store
    this.index = store?.index ?? null
  }

  /** From what is at hand, or the store. @throws `services.storage.not_found` */
  async load(id: string, options: CacheOptions = {}): Promise<T> {
    const known = await this.loadFromCache(id)
    if (known) return known
    const loaded = await this.loadOneFromDatabase(id)
    await this.persistToCache(loaded, options)
    return loaded
  }

  /** @throws `services.storage.not_found` */
  async loadOneFromDatabase(id: string): Promise<T> {
    const { store, collection } = this.#place()
    return this.#read(await store.get(collection, id))
  }

  /** Those that exist. */
  async loadMultiFromDatabase(ids: string[]): Promise<T[]> {
    const { store, collection } = this.#place()
    const { items } = await store.mGet(collection, ids)
    return Promise.all(items.map((item) => this.#read(item)))
  }

  async search(body: SearchBody = {}, page: { from?: number; size?: number; scroll?: string } = {}): Promise<Page<T>> {
    const { store, collection } = this.#place()
    return this.#readPage(await store.search(collection, body, page))
  }

  async scroll(scrollId: string, ttl?: string): Promise<Page<T>> {
    return this.#readPage(await this.#place().store.scroll(scrollId, { scroll: ttl }))
  }

  async persistToDatabase(object: T, options: WriteOptions = {}): Promise<unknown> {
    const { store, collection } = this.#place()
    return store.createOrReplace(collection, object._id, this.serializeToDatabase(object), options)
  }

  async deleteFromDatabase(id: string): Promise<void> {
    const { store, collection } = this.#place()
    await store.delete(collection, id)
  }

  /** From both. */
  async delete(object: T): Promise<void> {
    await this.deleteFromCache(object._id)
    await this.deleteFromDatabase(object._id)
  }

  async truncate(): Promise<void> {
    const { store, collection } = this.#place()
    this.#cache.clear()
    await store.truncateCollection(collection)
  }

  async loadFromCache(id: string): Promise<T | null> {
    const cached = this.#cache.get(id)
    if (!cached || cached.endsAt <= Date.now()) return null
    return this.fromDTO(JSON.parse(cached.text) as Record<string, unknown>)
  }

  async persistToCache(object: T, { ttl = this.ttl }: CacheOptions = {}): Promise<T> {
    this.#cache.delete(object._id)
    const [oldest] = this.#cache.keys()
    if (this.#cache.size >= ROOM && oldest !== undefined) this.#cache.delete(oldest)
    this.#cache.set(object._id, { text: JSON.stringify(this.serializeToCache(object)), endsAt: ttl > 0 ? Date.now() + ttl * 1_000 : Infinity })
    return object
  }

  async refreshCacheTTL(object: T, options: CacheOptions = {}): Promise<void> {
    if (await this.loadFromCache(object._id)) await this.persistToCache(object, options)
  }

  async expireFromCache(object: T): Promise<void> { this.#cache.delete(object._id) }
  async deleteFromCache(id: string): Promise<void> { this.#cache.delete(id) }
  getCacheKey(id: string): string { return `repos/${String(this.index)}/${String(this.collection)}/${id}` }

  /** What stays when an object is kept at hand. */
  serializeToCache(object: T): Record<string, unknown> { return this.toDTO(object) }

  /** What is stored of an object: all but its id. */
  serializeToDatabase(object: T): Record<string, unknown> {
    const { _id, ...content } = this.toDTO(object)
    return content
  }

  /** An object of the class, from its content. */
  async fromDTO(content: Record<string, unknown>): Promise<T> {
    return Object.assign(this.ObjectConstructor ? new this.ObjectConstructor() : {}, content) as unknown as T
  }

  toDTO(object: T): Record<string, unknown> { return { ...object } as Record<string, unknown> }

  #read({ _id, _source }: Pick<StoredDocument, '_id'> & { _source: object }): Promise<T> {
    return this.fromDTO({ ..._source, _id })
  }

  async #readPage({ hits, ...page }: { hits: { _id: string; _source: Record<string, unknown> }[]; total: number }): Promise<Page<T>> {
    return { ...page, hits: await Promise.all(hits.map((hit) => this.#read(hit))) }
  }

  #place(): { store: Store; collection: string } {
    const { store, collection } = this
    if (store === null || collection === null) throw new TypeError(`${this.constructor.name} has no ${store === null ? 'store' : 'collection'}: give one to its constructor, or set it there.`)
    return { store, collection }
  }
}
