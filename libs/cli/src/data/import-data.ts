import { open } from 'node:fs/promises'
import type { DocumentStore, Place } from '@app/storage'
import { Refusal } from '../refusal.js'
import { Tally, type CollectionLine, type DocumentLine } from './data-file.js'

/** Where it comes from, and what is to become of documents that are there already. */
interface Wish {
  readonly file: string
  readonly replace: boolean
  readonly progress: (text: string) => void
}

/** How many documents are written at once. */
const BATCH = 500

/** Reason of documents that are there already: they are left, not faulty. */
const THERE_ALREADY = 'already exists'

/**
 * Writes into the store what {@link exportData} has written into a file.
 * Documents that the store refuses end it; what came before them is stored.
 *
 * @throws {@link Refusal} naming the line that is none, or the document that is refused
 */
export async function importData(store: DocumentStore, { file, replace, progress }: Wish): Promise<{ collections: number; documents: number; left: number }> {
  const handle = await open(file).catch((error: Error) => { throw new Refusal(`"${file}" cannot be read: ${error.message}.`) })
  const run = new ImportRun(store, replace, new Tally(progress, 'importing'))
  let number = 0
  try {
    for await (const line of handle.readLines()) {
      number++
      if (line !== '') await run.take(readLine(line, `${file}:${number}`))
    }
    await run.write()
  } finally {
    await handle.close()
  }
  return run.counts
}

function readLine(line: string, place: string): CollectionLine | DocumentLine {
  try {
    const value = JSON.parse(line) as Partial<CollectionLine & DocumentLine>
    if (typeof value.collection === 'string' && typeof value.index === 'string') return value as CollectionLine
    if (typeof value._id === 'string' && typeof value._source === 'object') return value as DocumentLine
  } catch {
    // Told below, as any other line that is none.
  }
  throw new Refusal(`${place} is no line of an export. "mortise data export <file>" writes files that can be imported.`)
}

class ImportRun {
  #place: Place | undefined
  #documents: DocumentLine[] = []
  #left = 0

  constructor(private readonly store: DocumentStore, private readonly replace: boolean, private readonly tally: Tally) {}

  get counts(): { collections: number; documents: number; left: number } {
    const { documents, collections } = this.tally
    return { collections, documents, left: this.#left }
  }

  async take(line: CollectionLine | DocumentLine): Promise<void> {
    if ('collection' in line) return this.#begin(line)
    this.#documents.push(line)
    if (this.#documents.length >= BATCH) await this.write()
  }

  /** @throws {@link Refusal} */
  async write(): Promise<void> {
    const documents = this.#documents.splice(0).map(({ _id, _source }) => ({ _id, body: _source }))
    if (documents.length === 0) return
    if (!this.#place) throw new Refusal('The file begins with a document, and does not say of which collection.')
    const { successes, errors } = await this.store[this.replace ? 'mCreateOrReplace' : 'mCreate'](this.#place, documents)
    this.tally.add(successes.length)
    const fault = errors.find(({ reason }) => !reason.includes(THERE_ALREADY))
    if (fault) throw new Refusal(`Document "${String(fault.document._id)}" of "${this.#place.index}/${this.#place.collection}" is refused: ${fault.reason}`)
    this.#left += errors.length
  }

  async #begin({ index, collection, mappings, settings }: CollectionLine): Promise<void> {
    await this.write()
    this.#place = { index, collection }
    this.tally.collect(`${index}/${collection}`)
    await this.store.createCollection(this.#place, { mappings, settings })
  }
}
