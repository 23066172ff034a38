import { privateIndexOf, type CollectionDefinition, type DocumentStore, type Mappings, type Place } from '@app/storage'
import { isRecord } from '../classic-plugin.js'
import { PrivateCollection } from './private-collection.js'

/**
 * A plugin's own index, `plugin-<name>` in the private scope: no client and no
 * other plugin reaches it.
 */
export class PrivateStorage {
  readonly #collections = new Map<string, PrivateCollection>()

  constructor(private readonly store: DocumentStore, private readonly plugin: string) {}

  /** A collection, one object per name. */
  collectionOf(name: string): PrivateCollection {
    const known = this.#collections.get(name)
    if (known) return known
    const made = new PrivateCollection(this.store, this.#place(name))
    this.#collections.set(name, made)
    return made
  }

  /** `accessors.storage.bootstrap`: `{ collection: mappings | { mappings, settings } }`. May be called again, with more. */
  readonly bootstrap = async (collections: Record<string, Record<string, unknown>> = {}): Promise<void> => {
    for (const [name, definition] of Object.entries(collections)) await this.createCollection(name, definition)
  }

  /** `accessors.storage.createCollection`: like an entry of {@link bootstrap}. */
  readonly createCollection = async (name: string, definition: Record<string, unknown> = {}): Promise<void> => {
    await this.store.createCollection(this.#place(name), definitionOf(definition))
  }

  #place(collection: string): Place {
    return { scope: 'private', index: privateIndexOf(this.plugin), collection }
  }
}

function definitionOf(definition: Record<string, unknown>): CollectionDefinition {
  const { mappings, settings, ...rest } = definition
  const isWhole = isRecord(mappings) && !('properties' in definition)
  return { mappings: (isWhole ? mappings : rest) as Partial<Mappings>, ...(isRecord(settings) && { settings }) }
}
