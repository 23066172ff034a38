import type { Mappings, Settings } from '@app/storage'

/** A line that begins a collection: those after it are its documents. */
export interface CollectionLine {
  readonly index: string
  readonly collection: string
  readonly mappings: Mappings
  readonly settings: Settings
}

/** A line that is a document. */
export interface DocumentLine {
  readonly _id: string
  readonly _source: Record<string, unknown>
}

/** After how many documents it is told how far the work has come. */
const STRIDE = 10_000

/** Counts documents of collections, and tells of every many of them. */
export class Tally {
  documents = 0
  collections = 0

  constructor(private readonly progress: (text: string) => void, private readonly verb: string) {}

  collect(place: string): void {
    this.collections++
    this.progress(`${this.verb} ${place}`)
  }

  add(many: number): void {
    const before = Math.floor(this.documents / STRIDE)
    this.documents += many
    if (Math.floor(this.documents / STRIDE) > before) this.progress(`${this.documents} documents so far`)
  }
}
