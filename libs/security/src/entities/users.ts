import { createError } from '@mortise/sdk'
import type { DocumentStore, SearchBody, SearchOptions, SearchResult, StoredDocument } from '@app/storage'
import type { ChangeFeed } from '../changes.js'
import type { Rights } from '../rights/rights.js'
import { requireId, requireList } from './check-shape.js'
import { created, updated } from './metadata.js'
import { createAnonymous, isAnonymousId, Person } from './person.js'
import { find, findMissing, hasId, places } from './places.js'

type Content = Record<string, unknown>

/** People. Stored; those that are in use are kept at hand until they change. */
export class Users {
  readonly anonymous: Person
  readonly #loaded = new Map<string, Person>()
  readonly #listeners = new Set<(id: string) => void>()
  #changeCount = 0

  constructor(private readonly store: DocumentStore, private readonly rights: Rights, private readonly changes: ChangeFeed) {
    this.anonymous = createAnonymous(rights)
  }

  /** Somebody to act as. @throws `security.user.not_found` */
  async load(id: string): Promise<Person> {
    if (isAnonymousId(id)) return this.anonymous
    const known = this.#loaded.get(id)
    if (known) return known
    const changeCount = this.#changeCount
    const person = new Person(id, (await this.get(id))._source, this.rights)
    // What was read while somebody changed may be old already.
    if (changeCount === this.#changeCount) this.#loaded.set(id, person)
    return person
  }

  /** @throws `security.user.not_found` */
  async get(id: string): Promise<StoredDocument> {
    const user = isAnonymousId(id) ? this.#anonymousDocument : await find(this.store, places.users, id)
    if (!user) throw createError('security.user.not_found', id)
    return user
  }

  /** Those that exist, in the order asked for. */
  async mGet(ids: readonly string[]): Promise<StoredDocument[]> {
    const { successes } = await this.store.mGet(places.users, ids.filter((id) => !isAnonymousId(id)))
    const found = new Map(successes.map((user) => [user._id, user]))
    return ids.flatMap((id) => found.get(id) ?? (isAnonymousId(id) ? this.#anonymousDocument : []))
  }

  async exists(id: string): Promise<boolean> {
    return isAnonymousId(id) || this.store.exists(places.users, id)
  }

  search(body: SearchBody, options: SearchOptions): Promise<SearchResult> {
    return this.store.search(places.users, body, options)
  }

  /** The next page of a search. @throws `services.storage.unknown_scroll_id` */
  scroll(scrollId: string, scroll?: string): Promise<SearchResult> {
    return this.store.scroll(scrollId, { scroll })
  }

  /** How many users hold a profile. */
  countWith(profileId: string): Promise<number> {
    return this.store.count(places.users, { query: { term: { profileIds: profileId } } })
  }

  /** @throws `security.user.already_exists`, `security.profile.not_found`, `api.assert.*` */
  async create(id: string, content: Content): Promise<StoredDocument> {
    await this.#checkProfiles(id, content.profileIds)
    if (isAnonymousId(id)) throw createError('security.user.already_exists', id)
    return this.#written(id, this.store.create(places.users, { _id: requireId(id), body: { ...content, ...created() } }))
  }

  /** @throws `security.user.not_found`, `security.profile.not_found`, `api.assert.*` */
  async replace(id: string, content: Content): Promise<StoredDocument> {
    await this.#checkProfiles(id, content.profileIds)
    return this.#written(id, this.store.replace(places.users, { _id: id, body: { ...content, ...created() } }))
  }

  /** Merges the content in. @throws `security.user.not_found`, `security.profile.not_found`, `api.assert.*` */
  async update(id: string, content: Content, by: string | null): Promise<StoredDocument> {
    if (content.profileIds !== undefined || isAnonymousId(id)) await this.#checkProfiles(id, content.profileIds)
    return this.#written(id, this.store.update(places.users, { _id: id, body: { ...content, ...updated(by) } }))
  }

  /** @throws `security.user.not_found` */
  async delete(id: string): Promise<void> {
    await this.#written(id, this.store.delete(places.users, id))
  }

  /** Takes a profile from everybody who holds it; whoever has no other is left with what anonymous users may do. */
  async removeProfile(profileId: string, by: string | null): Promise<void> {
    const holders: StoredDocument[] = []
    for await (const user of this.store.export(places.users, { query: { term: { profileIds: profileId } } })) holders.push(user)
    const changed = holders.map(({ _id, _source }) => ({ _id, profileIds: (_source.profileIds as string[]).filter((id) => id !== profileId) }))
    for (const { _id, profileIds } of changed) await this.update(_id, { profileIds: profileIds.length > 0 ? profileIds : ['anonymous'] }, by)
  }

  /** Forgets what was read of a user, or of everybody, because it changed. */
  forget(id?: string): void {
    this.#changeCount++
    const ids = id === undefined ? [...this.#loaded.keys()] : [id]
    for (const changed of ids) {
      this.#loaded.delete(changed)
      for (const listener of this.#listeners) listener(changed)
    }
  }

  /** Calls `listener` with the id of each user that changed. */
  onChange(listener: (id: string) => void): void {
    this.#listeners.add(listener)
  }

  get #anonymousDocument(): StoredDocument {
    return { _id: this.anonymous._id, _source: { profileIds: [...this.anonymous.profileIds], name: this.anonymous.name }, _version: 1 }
  }

  async #checkProfiles(id: string, profileIds: unknown): Promise<void> {
    const ids = requireList(profileIds, 'profileIds')
    const stray = ids.find((profileId) => typeof profileId !== 'string')
    if (stray !== undefined) throw createError('api.assert.invalid_type', 'profileIds', 'array of strings')
    if (isAnonymousId(id) && !ids.includes('anonymous')) throw createError('security.user.anonymous_profile_required')
    const unknown = await findMissing(this.store, places.profiles, ids as string[], (profileId) => this.rights.hasProfile(profileId))
    if (unknown !== undefined) throw createError('security.profile.not_found', unknown)
  }

  async #written(id: string, write: Promise<StoredDocument>): Promise<StoredDocument> {
    const { _id, _source, _version } = await write.catch((error: unknown) => {
      if (hasId(error, 'services.storage.not_found')) throw createError('security.user.not_found', id)
      if (hasId(error, 'services.storage.document_already_exists')) throw createError('security.user.already_exists', id)
      throw error
    })
    this.forget(id)
    this.changes.tell({ kind: 'user', id })
    return { _id, _source, _version }
  }
}
