import { createError } from '@mortise/sdk'
import type { DocumentStore, Place, SearchOptions, SearchResult, StoredDocument } from '@app/storage'
import type { ChangeFeed } from '../changes.js'
import type { ProfileRules, Rights } from '../rights/rights.js'
import { isBuiltIn } from './built-in-entities.js'
import { readRules } from './check-profile.js'
import { requireId } from './check-shape.js'
import { LiveCopy } from './live-copy.js'
import { created, updated } from './metadata.js'
import { find, findMissing, hasId, places } from './places.js'

type Content = Record<string, unknown>

/** How a profile is written. */
export interface ProfileWriteOptions {
  /** Id of the user who writes. */
  readonly by?: string | null
  /** Refuses restrictions to indexes and collections that do not exist. */
  readonly strict?: boolean
}

/** Profiles: roles, and where they hold. Stored, and put into {@link Rights} in the same breath. */
export class Profiles {
  readonly #copy: LiveCopy

  constructor(private readonly store: DocumentStore, private readonly rights: Rights, private readonly changes: ChangeFeed) {
    this.#copy = new LiveCopy(store, places.profiles, {
      put: (id, content) => rights.setProfile(id, content as unknown as ProfileRules),
      remove: (id) => rights.removeProfile(id),
      ids: () => rights.profileIds,
    })
  }

  /** Reads all profiles, or one that another node changed. */
  load(id?: string): Promise<void> {
    return id === undefined ? this.#copy.readAll() : this.#copy.read(id)
  }

  /** @throws `security.profile.not_found` */
  async get(id: string): Promise<StoredDocument> {
    const profile = await find(this.store, places.profiles, id)
    if (!profile) throw createError('security.profile.not_found', id)
    return profile
  }

  /** Those that exist, in the order asked for. */
  async mGet(ids: readonly string[]): Promise<StoredDocument[]> {
    return (await this.store.mGet(places.profiles, ids)).successes
  }

  /** Those that hold one of the roles; all of them when none is named. */
  search(roles: readonly string[], options: SearchOptions): Promise<SearchResult> {
    return this.store.search(places.profiles, roles.length > 0 ? { query: { terms: { 'policies.roleId': [...roles] } } } : {}, options)
  }

  /** The next page of a search. @throws `services.storage.unknown_scroll_id` */
  scroll(scrollId: string, scroll?: string): Promise<SearchResult> {
    return this.store.scroll(scrollId, { scroll })
  }

  /** @throws `services.storage.document_already_exists`, and what {@link createOrReplace} throws */
  async create(id: string, body: Content, options: ProfileWriteOptions = {}): Promise<StoredDocument> {
    return this.#write('create', id, { ...await this.#checked(id, body, options), ...created() })
  }

  /** @throws `api.assert.*`, `security.role.not_found`, `security.profile.missing_anonymous_role`, unknown places when `strict` */
  async createOrReplace(id: string, body: Content, options: ProfileWriteOptions = {}): Promise<StoredDocument> {
    return this.#write('createOrReplace', id, { ...await this.#checked(id, body, options), ...created() })
  }

  /** Replaces the given fields as a whole. @throws `security.profile.not_found`, and what {@link createOrReplace} throws */
  async update(id: string, body: Content, options: ProfileWriteOptions = {}): Promise<StoredDocument> {
    const { _kuzzle_info: info, ...profile } = (await this.get(id))._source
    const content = await this.#checked(id, { ...profile, ...body }, options)
    return this.#write('replace', id, { ...content, _kuzzle_info: { ...info as object, ...updated(options.by ?? null)._kuzzle_info as object } })
  }

  /** Whoever deletes sees to it that nobody holds it. @throws `security.profile.cannot_delete`, `security.profile.not_found` */
  async delete(id: string): Promise<void> {
    this.refuseBuiltIn(id)
    await this.#copy.write(id, undefined, () => this.store.delete(places.profiles, id)).catch((error: unknown) => {
      throw hasId(error, 'services.storage.not_found') ? createError('security.profile.not_found', id) : error
    })
    this.changes.tell({ kind: 'profile', id })
  }

  /** @throws `security.profile.cannot_delete` */
  refuseBuiltIn(id: string): void {
    if (isBuiltIn(id)) throw createError('security.profile.cannot_delete')
  }

  async #checked(id: string, body: Content, { strict }: ProfileWriteOptions): Promise<Content> {
    const rules = readRules(id, body)
    const unknown = await findMissing(this.store, places.roles, rules.policies.map(({ roleId }) => roleId), (roleId) => this.rights.hasRole(roleId))
    if (unknown !== undefined) throw createError('security.role.not_found', unknown)
    if (strict) await this.#refuseUnknownPlaces(rules)
    return { ...body, ...rules }
  }

  async #refuseUnknownPlaces({ policies }: ProfileRules): Promise<void> {
    for (const { index, collections = [] } of policies.flatMap(({ restrictedTo }) => restrictedTo ?? [])) {
      if (!await this.store.indexExists(index)) throw createError('services.storage.unknown_index', index)
      for (const collection of collections) {
        const place: Place = { index, collection }
        if (!await this.store.collectionExists(place)) throw createError('services.storage.unknown_collection', index, collection)
      }
    }
  }

  async #write(verb: 'create' | 'createOrReplace' | 'replace', id: string, body: Content): Promise<StoredDocument> {
    const { _id, _source, _version } = await this.#copy.write(id, body, () => this.store[verb](places.profiles, { _id: requireId(id), body }))
    this.changes.tell({ kind: 'profile', id })
    return { _id, _source, _version }
  }
}
