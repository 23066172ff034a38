import { randomUUID } from 'node:crypto'
import { createError } from '@mortise/sdk'
import type { DocumentStore, SearchOptions, StoredDocument } from '@app/storage'
import type { Clock } from '@app/supervision'
import { find, places } from '../entities/places.js'
import { endOf, readLifetime, type Lifetime } from './lifetime.js'
import { fingerprintOf, type Signer } from './signer.js'
import { API_KEY_PREFIX, type Tokens } from './tokens.js'

/** What an API key is wanted for. */
export interface ApiKeyWish {
  readonly id?: string | null
  readonly description: string
  readonly expiresIn?: unknown
  /** Id of the user who asks. */
  readonly by: string | null
}

/** An API key as clients see it. */
export interface ApiKey {
  _id: string
  _source: Record<string, unknown>
}

/** Tokens that last, for machines. Shown once, when made; the store keeps the fingerprint. */
export class ApiKeys {
  constructor(
    private readonly store: DocumentStore,
    private readonly signer: Signer,
    private readonly tokens: Tokens,
    private readonly options: { readonly maxTTL: Lifetime; readonly clock: Clock },
  ) {}

  /** @throws `security.token.invalid_expiration`, `security.token.ttl_exceeded`, `services.storage.document_already_exists` */
  async create(userId: string, { id, description, expiresIn = -1, by }: ApiKeyWish): Promise<ApiKey> {
    const { maxTTL, clock } = this.options
    const ttl = readLifetime(expiresIn, maxTTL)
    const expiresAt = endOf(ttl, clock.now())
    const _id = id ?? randomUUID()
    const jwt = await this.signer.sign({ userId, id: _id }, expiresAt)
    const info = { author: by, createdAt: clock.now(), updatedAt: null, updater: null }
    const body = { userId, description, expiresAt, ttl, fingerprint: fingerprintOf(jwt), _kuzzle_info: info }
    await this.store.create(places.apiKeys, { _id, body })
    return { _id, _source: { ...body, token: API_KEY_PREFIX + jwt } }
  }

  /** The keys of one user that match a query. */
  async search(userId: string, query: unknown, options: SearchOptions): Promise<{ hits: ApiKey[]; total: number }> {
    const owned = options.lang === 'koncorde'
      ? { and: [{ equals: { userId } }, ...query === undefined ? [] : [query]] }
      : { bool: { filter: [{ term: { userId } }, ...query === undefined ? [] : [query]] } }
    const { hits, total } = await this.store.search(places.apiKeys, { query: owned }, options)
    return { hits: hits.map(({ _id, _source: { _kuzzle_info: _info, ...source } }) => ({ _id, _source: source })), total }
  }

  /** @throws `services.storage.not_found` when the user has no such key */
  async delete(userId: string, id: string): Promise<void> {
    const key = await find(this.store, places.apiKeys, id)
    if (key?._source.userId !== userId) throw createError('services.storage.not_found', id, places.apiKeys.index, places.apiKeys.collection)
    await this.store.delete(places.apiKeys, id)
    this.#end(key)
  }

  /** Removes all keys of a user. */
  async deleteAll(userId: string): Promise<void> {
    const { documents } = await this.store.deleteByQuery(places.apiKeys, { query: { term: { userId } } })
    for (const key of documents) this.#end(key)
  }

  #end({ _source }: StoredDocument): void {
    this.tokens.end(_source.userId as string, _source.fingerprint as string)
  }
}
