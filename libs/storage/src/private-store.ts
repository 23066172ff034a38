import { ApiError, PluginStore, type CollectionDefinition, type Repository, type Stored, type StoreSearch } from '@mortise/sdk'
import type { DocumentStore, Place } from './document-store.js'
import type { StoredDocument } from './documents.js'
import type { SearchBody } from './searches.js'

/** The index, in the private scope, of what a plugin stores. */
export const privateIndexOf = (plugin: string): string => `plugin-${plugin.toLowerCase()}`

/** After how many documents it is told how far a migration has come. */
const STRIDE = 10_000

/** Told how far the migration of a collection has come. */
type TellMigration = (collection: string, documents: number) => void

/**
 * The storage of one plugin, in the private scope: an index of its own that
 * neither clients nor other plugins reach. Collections come into being on
 * first use, and are empty before.
 */
export class PrivateStore extends PluginStore {
  readonly #index: string
  readonly #migrating: PrivateRepository<object>[] = []

  /** @param tell - Told of a collection that is brought up to date, and how many of its documents are by now. */
  constructor(private readonly store: DocumentStore, plugin: string, private readonly tell?: TellMigration) {
    super()
    this.#index = privateIndexOf(plugin)
  }

  repository<T extends object>(collection: string, definition: CollectionDefinition = {}): Repository<T> {
    const place: Place = { scope: 'private', index: this.#index, collection }
    const repository = new PrivateRepository<T>(this.store, place, { ...definition, tell: this.tell })
    if (definition.migrations) this.#migrating.push(repository as unknown as PrivateRepository<object>)
    return repository
  }

  /**
   * Brings the collections that the plugin has asked for by now up to date. One that it asks for later is migrated on first use.
   *
   * @throws `services.storage.unexpected_error` naming the collection, the step and the object that it failed on
   */
  async migrate(): Promise<void> {
    for (const repository of this.#migrating.splice(0)) await repository.open()
  }
}

class PrivateRepository<T extends object> implements Repository<T> {
  #created: Promise<void> | undefined

  constructor(private readonly store: DocumentStore, private readonly place: Place, private readonly definition: CollectionDefinition & { readonly tell?: TellMigration }) {}

  async get(id: string): Promise<Stored<T> | undefined> {
    await this.open()
    try {
      return flatten<T>(await this.store.get(this.place, id))
    } catch (error) {
      if (ApiError.is(error) && error.id === 'services.storage.not_found') return undefined
      throw error
    }
  }

  async mGet(ids: readonly string[]): Promise<Stored<T>[]> {
    await this.open()
    const { successes } = await this.store.mGet(this.place, ids)
    return successes.map(flatten<T>)
  }

  create(document: T & { _id?: string }): Promise<Stored<T>> {
    return this.#write('create', document)
  }

  createOrReplace(document: Stored<T>): Promise<Stored<T>> {
    return this.#write('createOrReplace', document)
  }

  replace(document: Stored<T>): Promise<Stored<T>> {
    return this.#write('replace', document)
  }

  update(changes: Partial<T> & { _id: string }): Promise<Stored<T>> {
    return this.#write('update', changes)
  }

  async delete(id: string): Promise<boolean> {
    await this.open()
    const { successes } = await this.store.mDelete(this.place, [id])
    return successes.length > 0
  }

  async search({ from, size, ...body }: StoreSearch = {}): Promise<{ hits: Stored<T>[]; total: number }> {
    await this.open()
    const { hits, total } = await this.store.search(this.place, body as SearchBody, { from, size })
    return { hits: hits.map(flatten<T>), total }
  }

  async #write(method: 'create' | 'createOrReplace' | 'replace' | 'update', document: object & { _id?: string }): Promise<Stored<T>> {
    await this.open()
    const { _id, ...body } = document
    return flatten<T>(await this.store[method](this.place, { _id, body }))
  }

  /** Makes the collection, and brings it up to date, once; after a failure the next call tries again. */
  open(): Promise<void> {
    this.#created ??= this.#create().catch((error: unknown) => {
      this.#created = undefined
      throw error
    })
    return this.#created
  }

  async #create(): Promise<void> {
    const { migrations, tell, ...definition } = this.definition
    await this.store.createCollection(this.place, definition)
    let next = 0
    if (migrations) await this.store.migrateCollection(this.place, migrations, (documents) => {
      if (documents < next) return
      next = documents + STRIDE
      tell?.(this.place.collection, documents)
    })
  }
}

const flatten = <T extends object>({ _id, _source }: Pick<StoredDocument, '_id' | '_source'>): Stored<T> => ({ ...(_source as T), _id })
