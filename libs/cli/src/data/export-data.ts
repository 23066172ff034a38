import { open, rename, rm } from 'node:fs/promises'
import type { DocumentStore, Place } from '@app/storage'
import { Refusal } from '../refusal.js'
import { Tally, type CollectionLine, type DocumentLine } from './data-file.js'

/** What is exported, and where to. */
interface Wish {
  readonly file: string
  readonly index?: string
  readonly collection?: string
  readonly progress: (text: string) => void
}

/** How many lines are written at once. */
const LINES = 500

/**
 * Writes collections into a file, whole or not at all: a file of that name
 * stays as it is until all is written.
 *
 * @throws {@link Refusal} when there is nothing of that name
 */
export async function exportData(store: DocumentStore, { file, index, collection, progress }: Wish): Promise<{ collections: number; documents: number }> {
  const places = await findPlaces(store, index, collection)
  const tally = new Tally(progress, 'exporting')
  const aside = `${file}.part`
  const handle = await open(aside, 'w', 0o600).catch((error: Error) => { throw new Refusal(`"${file}" cannot be written: ${error.message}.`) })
  try {
    for (const place of places) await writeCollection(store, place, { tally, write: (text) => handle.appendFile(text) })
    await handle.close()
    await rename(aside, file)
  } catch (error) {
    await handle.close()
    await rm(aside, { force: true })
    throw error
  }
  return { collections: tally.collections, documents: tally.documents }
}

async function findPlaces(store: DocumentStore, index: string | undefined, collection: string | undefined): Promise<Place[]> {
  const indexes = (await store.listIndexes()).filter((name) => index === undefined || name === index)
  if (index !== undefined && indexes.length === 0) throw new Refusal(`There is no index "${index}". There are: ${(await store.listIndexes()).join(', ') || 'none'}.`)
  const places: Place[] = []
  for (const name of indexes) for (const one of await store.listCollections(name)) if (collection === undefined || one === collection) places.push({ index: name, collection: one })
  if (places.length === 0) throw new Refusal(`There is no collection${collection === undefined ? '' : ` "${collection}"`} to be exported.`)
  return places
}

async function writeCollection(store: DocumentStore, place: Place, { tally, write }: { tally: Tally; write: (text: string) => Promise<void> }): Promise<void> {
  const { index, collection } = place
  tally.collect(`${index}/${collection}`)
  const head: CollectionLine = { index, collection, mappings: await store.getMapping(place), settings: await store.getSettings(place) }
  const lines = [JSON.stringify(head)]
  const flush = async (): Promise<void> => { await write(lines.splice(0).map((line) => `${line}\n`).join('')) }
  for await (const { _id, _source } of store.export(place)) {
    lines.push(JSON.stringify({ _id, _source } satisfies DocumentLine))
    tally.add(1)
    if (lines.length >= LINES) await flush()
  }
  await flush()
}
