import type { DocumentStore, Place, StoredDocument } from '@app/storage'
import { find } from './places.js'

/** What is done with a document that is new, changed or gone. */
interface Keeper {
  put(id: string, content: StoredDocument['_source']): void
  remove(id: string): void
  ids(): Iterable<string>
}

/**
 * Keeps what lies at hand of a collection in line with the store, while this node and others write there at the same time: whatever was
 * read or written counts only when nothing else was heard of that document meanwhile; else it is read again.
 */
export class LiveCopy {
  /** When each document was last heard of: so many were heard of before. */
  readonly #heardAt = new Map<string, number>()
  #heard = 0

  constructor(private readonly store: DocumentStore, private readonly place: Place, private readonly keeper: Keeper) {}

  /** Reads everything, and forgets what is gone. */
  async readAll(): Promise<void> {
    const since = this.#heard
    const gone = new Set(this.keeper.ids())
    for await (const { _id, _source } of this.store.export(this.place)) {
      gone.delete(_id)
      if (this.#isUndisturbed(_id, since)) this.keeper.put(_id, _source)
    }
    for (const id of gone) if (this.#isUndisturbed(id, since)) this.keeper.remove(id)
  }

  /** Takes over what another node wrote. */
  async read(id: string): Promise<void> {
    this.#hear(id)
    for (;;) {
      const since = this.#heard
      const document = await find(this.store, this.place, id)
      if (this.#isUndisturbed(id, since)) return this.#keep(id, document?._source)
    }
  }

  /** Writes, and keeps what was written; `content` is absent when the write removes it. */
  async write<T>(id: string, content: StoredDocument['_source'] | undefined, write: () => Promise<T>): Promise<T> {
    const since = this.#heard
    const written = await write()
    if (!this.#isUndisturbed(id, since)) await this.read(id)
    else {
      this.#hear(id)
      this.#keep(id, content)
    }
    return written
  }

  #keep(id: string, content: StoredDocument['_source'] | undefined): void {
    if (content) this.keeper.put(id, content)
    else this.keeper.remove(id)
  }

  #hear(id: string): void {
    this.#heardAt.set(id, ++this.#heard)
  }

  #isUndisturbed(id: string, since: number): boolean {
    return (this.#heardAt.get(id) ?? 0) <= since
  }
}
