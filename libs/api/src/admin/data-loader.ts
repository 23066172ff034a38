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

  /** Creates what is missing of `{ index: { collection: definition } }`, and updates the rest. */
  async loadMappings(content: Properties): Promise<void> {
    for (const { place, value } of readPlaces(content)) {
      const isNew = !await this.store.collectionExists(place)
      await this.store.createCollection(place, readDefinition(value))
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
    for (const { place, value } of readPlaces(content)) {
      if (!Array.isArray(value)) throw createError('api.assert.invalid_type', `body.${place.index}.${place.collection}`, 'array')
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
}

function readPlaces(content: Properties): { place: Place; value: unknown }[] {
  return Object.entries(content).flatMap(([index, collections]) => {
    if (!isObject(collections)) throw createError('api.assert.invalid_type', `body.${index}`, 'object')
    return Object.entries(collections).map(([collection, value]) => ({ place: { index, collection }, value }))
  })
}
