import type { StoredDocument } from './documents.js'

type Properties = Record<string, unknown>

/**
 * A document whose content is the JSON text that was stored, until somebody looks at it. Most documents go on to a client as they
 * are, and need be neither parsed nor written again.
 *
 * To those who look it is an object like any other: `_source` may be changed, replaced and deleted, and is copied with the rest.
 */
export class UnreadDocument implements StoredDocument {
  static readonly #CONTENT = {
    enumerable: true,
    configurable: true,
    get(this: UnreadDocument): Properties { return this.#read() },
    set(this: UnreadDocument, content: Properties): void {
      this.#text = undefined
      this.#content = content
    },
  }
  readonly _id: string
  declare _source: Properties
  readonly _version: number
  #text: string | undefined
  #content: Properties | undefined

  /** @param content - what is in the text, where that is known; or else it is parsed for the first who looks */
  constructor(id: string, text: string, version: number, content?: Properties) {
    this.#text = text
    this.#content = content
    this._id = id
    // Its own, and not of the class: what is only of the class, copies and JSON would leave out.
    Object.defineProperty(this, '_source', UnreadDocument.#CONTENT)
    this._version = version
  }

  #read(): Properties {
    if (this.#text !== undefined) this.#content ??= JSON.parse(this.#text) as Properties
    this.#text = undefined
    return this.#content as Properties
  }

  /** The text of a document's `_source`, if `value` is one that nobody has looked into yet. */
  static textOf(value: object): string | undefined {
    if (!(#text in value) || value.#text === undefined) return undefined
    return Object.getOwnPropertyDescriptor(value, '_source')?.get === UnreadDocument.#CONTENT.get ? value.#text : undefined
  }

  /** A document by itself, without what an answer to a write has beside it; unread if it was. */
  static alone(document: StoredDocument): StoredDocument {
    const text = UnreadDocument.textOf(document)
    if (text === undefined) return { _id: document._id, _source: document._source, _version: document._version }
    return new UnreadDocument(document._id, text, document._version, (document as UnreadDocument).#content)
  }
}
