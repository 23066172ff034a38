import { createError, Injectable } from '@mortise/sdk'
import { EventBus } from '@app/registry'
import { isObject } from '@app/storage'
import type { Place, Properties } from '@app/storage'
import { Specifications } from '../collection/specifications.js'
import { readDefinition } from '../collection/read-definition.js'
import { Store } from '../ports/store.js'

/** Puts whole sets of indexes and documents in place, and takes all of them away. */
@Injectable()
export class DataLoader {
  constructor(private readonly store: Store, private readonly bus: EventBus, private readonly specifications: Specifications) {}

  /** Creates what is missing of `{ index: { collection: definition } }`, also indexes without a collection, and updates the rest. */
  async loadMappings(content: Properties): Promise<void> {
    const definitions = readPlaces(content).map(({ place, value }) => ({ place, definition: readDefinition(value, pathOf(place)) }))
    for (const [index, collections] of Object.entries(content)) if (Object.keys(collections as object).length === 0) await this.#createIndex(index)
    for (const { place, definition } of definitions) {
      const isNew = !await this.store.collectionExists(place)
      await this.store.createCollection(place, definition)
      if (isNew) this.bus.notify('core:storage:collection:create:after', { index: place.index, collection: place.collection, scope: 'public' })
    }
  }

  /**
   * Imports `{ index: { collection: bulk array } }`.
   *
   * @throws `services.storage.import_failed` (206) with the lines that failed; the others are stored.
   */
  async loadFixtures(content: Properties): Promise<void> {
    const errors: unknown[] = []
    const fixtures = readPlaces(content)
    const mistaken = fixtures.find(({ value }) => !Array.isArray(value))
    if (mistaken) throw createError('api.assert.invalid_type', pathOf(mistaken.place), 'array')
    for (const { place, value } of fixtures) {
      for (const error of (await this.store.import(place, value as Properties[])).errors) errors.push(error)
    }
    if (errors.length > 0) throw createError('services.storage.import_failed', errors)
  }

  /** Deletes every index that clients can reach. */
  async reset(): Promise<void> {
    const indexes = await this.store.listIndexes()
    for (const index of indexes) {
      await this.store.deleteIndex(index)
      await this.specifications.forget({ index })
    }
    if (indexes.length > 0) this.bus.notify('core:storage:index:mDelete:after', { indexes, scope: 'public' })
  }

  async #createIndex(index: string): Promise<void> {
    if (await this.store.indexExists(index)) return
    await this.store.createIndex(index)
    this.bus.notify('core:storage:index:create:after', { index, scope: 'public' })
  }
}

const pathOf = ({ index, collection }: Place): string => `body.${index}.${collection}`

function readPlaces(content: Properties): { place: Place; value: unknown }[] {
  return Object.entries(content).flatMap(([index, collections]) => {
    if (!isObject(collections)) throw createError('api.assert.invalid_type', `body.${index}`, 'object')
    return Object.entries(collections).map(([collection, value]) => ({ place: { index, collection }, value }))
  })
}
