import { service } from './service.js'

/** Something stored, with its id beside its own fields. */
export type Stored<T> = T & { _id: string }

/**
 * One step in the history of a private collection. A step that has been released never changes; what comes later is a new step.
 *
 * @example
 * { title: 'amounts in cents', change: ({ amount, ...payment }) => ({ ...payment, cents: Math.round(amount * 100) }) }
 */
export interface StoreMigration {
  /** What it does, for people: told when it fails. */
  readonly title: string
  /**
   * Makes of a stored object, as the step before left it, what it is from now on; `undefined` deletes it. The `_id` stays.
   * It may be called again when the host was stopped meanwhile, so it must depend on nothing but the object.
   */
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects of former versions have no type any more */
  readonly change: (stored: any) => object | undefined
}

/** How a private collection is made: mappings as in the `collection` controller. */
export interface CollectionDefinition {
  mappings?: Record<string, unknown>
  settings?: Record<string, unknown>
  /**
   * All steps there ever were, in order: the collection's version is how many of them it has seen. Those that are missing run at the start
   * of the plugin, before it serves, for a repository that a constructor or `onModuleInit` asked for, else before the first use;
   * all together or not at all, and under a lock where several hosts share a database. A collection that has seen more steps
   * than are given was used by a newer version of the plugin, and is refused.
   */
  migrations?: readonly StoreMigration[]
}

/** A search in a private collection. */
export interface StoreSearch {
  query?: Record<string, unknown>
  sort?: unknown
  from?: number
  size?: number
}

/**
 * Storage of this plugin alone: an index that no client and no other plugin
 * can reach. Collections are made on first use.
 */
@service('store')
export abstract class PluginStore {
  /** One collection, as a typed repository. */
  abstract repository<T extends object>(collection: string, definition?: CollectionDefinition): Repository<T>
}

/** Reads and writes one private collection. */
export interface Repository<T extends object> {
  /** The stored object, or `undefined` when there is none of that id. */
  get(id: string): Promise<Stored<T> | undefined>
  /** Those that exist, in the order asked for. */
  mGet(ids: readonly string[]): Promise<Stored<T>[]>
  /** @throws `services.storage.document_already_exists` when the id is taken. */
  create(document: T & { _id?: string }): Promise<Stored<T>>
  createOrReplace(document: Stored<T>): Promise<Stored<T>>
  /** @throws `services.storage.not_found` when there is none of that id. */
  replace(document: Stored<T>): Promise<Stored<T>>
  /** Changes the given fields only. @throws `services.storage.not_found` when there is none of that id. */
  update(changes: Partial<T> & { _id: string }): Promise<Stored<T>>
  /** Whether there was something to delete. */
  delete(id: string): Promise<boolean>
  search(search?: StoreSearch): Promise<{ hits: Stored<T>[]; total: number }>
}
