import { filterId, matchesFilter, normalizeFilter, parseFilter, type Filter } from '@app/storage'

/** A filter in its normal form, with the id that equal filters share. */
export interface NormalizedFilter {
  readonly id: string
  readonly index: string
  readonly collection: string
  readonly filter: Filter
}

/**
 * `constructors.Koncorde`, in the first generation `Dsl`: keeps filters and
 * tells which of them a document satisfies. Each filter of a collection is
 * tried in turn, which suits the handful that a plugin keeps.
 */
export class Koncorde {
  readonly #filters = new Map<string, NormalizedFilter>()

  /** @throws `api.assert.koncorde_dsl_error` naming the place in the filter */
  async validate(filters: unknown): Promise<boolean> {
    await Promise.resolve(parseFilter(filters))
    return true
  }

  /** @throws `api.assert.koncorde_dsl_error` */
  async normalize(index: string, collection: string, filters: unknown): Promise<NormalizedFilter> {
    const filter = await Promise.resolve(normalizeFilter(parseFilter(filters)))
    return { id: filterId(index, collection, filter), index, collection, filter }
  }

  /** Resolves to the filter's id, with `diff: false` when it was known already. */
  async register(index: string, collection: string, filters: unknown): Promise<{ id: string; diff: unknown }> {
    return this.store(await this.normalize(index, collection, filters))
  }

  store(normalized: NormalizedFilter): Promise<{ id: string; diff: unknown }> {
    const isKnown = this.#filters.has(normalized.id)
    this.#filters.set(normalized.id, normalized)
    const { id, index, collection, filter } = normalized
    return Promise.resolve({ id, diff: isKnown ? false : { index, collection, filters: filter } })
  }

  remove(id: string): Promise<void> {
    this.#filters.delete(id)
    return Promise.resolve()
  }

  /** Ids of the filters that a document satisfies. */
  test(index: string, collection: string, document: Record<string, unknown>, id?: string): string[] {
    return this.#of(index, collection).filter(({ filter }) => matchesFilter(filter, document, id)).map((known) => known.id)
  }

  exists(index: string, collection: string): boolean { return this.#of(index, collection).length > 0 }
  hasFilter(id: string): boolean { return this.#filters.has(id) }
  getFilterIds(index: string, collection: string): string[] { return this.#of(index, collection).map(({ id }) => id) }
  getIndexes(): string[] { return [...new Set([...this.#filters.values()].map(({ index }) => index))] }

  getCollections(index: string): string[] {
    return [...new Set([...this.#filters.values()].filter((known) => known.index === index).map(({ collection }) => collection))]
  }

  #of(index: string, collection: string): NormalizedFilter[] {
    return [...this.#filters.values()].filter((known) => known.index === index && known.collection === collection)
  }
}
