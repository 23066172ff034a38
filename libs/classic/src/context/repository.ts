import { ApiError, createError } from '@mortise/sdk'
import type { SearchBody, SearchResult, WrittenDocument } from '@app/storage'
import type { Era } from '../identity/era.js'
import type { PluginDocument, PrivateCollection } from './private-collection.js'

type Hit = Record<string, unknown>

/** A page of instances. `total` counts all that match. */
export type RepositorySearch = Omit<SearchResult, 'hits'> & { hits: Hit[] }

/** Where a repository reads and writes, and by which rules. */
export interface RepositorySource {
  readonly era: Era
  collectionOf(name: string): PrivateCollection
}

const SEARCH_KEYS = ['query', 'sort', 'aggregations', 'aggs', '_source', 'search_after', 'from', 'size']

/** The collection whose missing documents are `null` in every era; plugins rely on it. */
const USERS = 'users'

/**
 * `constructors.Repository` of one plugin: `new Repository(collection, Class)`.
 * Reading gives instances of the class, constructed without arguments, with
 * `_id` and content as properties; writing gives the stored document.
 */
export function repositoryOf(source: RepositorySource) {
  return class Repository {
    readonly collection: string
    readonly #documents: PrivateCollection

    /** @throws `plugin.context.missing_collection` */
    constructor(collection: string, private readonly type: new () => object = Object) {
      if (!collection) throw createError('plugin.context.missing_collection')
      this.collection = collection
      this.#documents = source.collectionOf(collection)
    }

    /** `null` for a missing one of the collection `users`, and of any collection for plugins made before 1.5. @throws `services.storage.not_found` else */
    async get(id: string): Promise<Hit | null> {
      try {
        return this.#instance(await this.#documents.get(id))
      } catch (error) {
        const isNull = source.era.isEarly || this.collection === USERS
        if (isNull && ApiError.is(error) && error.id === 'services.storage.not_found') return null
        throw error
      }
    }

    /** Those that exist. */
    async mGet(ids: string[]): Promise<Hit[]> {
      return (await this.#documents.mGet(ids)).map((document) => this.#instance(document))
    }

    async search(body: SearchBody = {}, { from, size, scroll }: { from?: number; size?: number; scroll?: string } = {}): Promise<RepositorySearch> {
      const isBare = source.era.isEarly && !Object.keys(body).some((key) => SEARCH_KEYS.includes(key))
      const found = await this.#documents.search(isBare && Object.keys(body).length > 0 ? { query: body } : body, { from, size, scroll })
      return { ...found, hits: found.hits.map((document) => this.#instance(document)) }
    }

    /** @throws `services.storage.document_already_exists` */
    create(document: PluginDocument): Promise<WrittenDocument> { return this.#documents.create(document) }
    createOrReplace(document: PluginDocument): Promise<WrittenDocument> { return this.#documents.createOrReplace(document) }
    /** @throws `services.storage.not_found` */
    replace(document: PluginDocument): Promise<WrittenDocument> { return this.#documents.replace(document) }
    /** @throws `services.storage.not_found` */
    update(document: PluginDocument): Promise<WrittenDocument> { return this.#documents.update(document) }
    /** @throws `services.storage.not_found` */
    delete(id: string): Promise<unknown> { return this.#documents.delete(id) }

    #instance({ _id, _source }: { _id: string; _source: Record<string, unknown> }): Hit {
      return Object.assign(new this.type(), _source, { _id }) as Hit
    }
  }
}
