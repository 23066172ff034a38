import { fieldTypes, type FieldType } from '../collection/field-types.js'

/**
 * The types that specifications may name: the host's own, and those of
 * plugins that run, which whoever looks after plugins sets.
 */
export class KnownTypes {
  #ofPlugins: ReadonlyMap<string, FieldType> = new Map()
  readonly #listeners = new Set<() => void>()

  get(name: string): FieldType | undefined {
    return fieldTypes.get(name) ?? this.#ofPlugins.get(name)
  }

  /** From here on plugins bring these, by name, and no others. */
  setOfPlugins(types: ReadonlyMap<string, FieldType>): void {
    this.#ofPlugins = types
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` whenever types came or went; returns what stops that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
