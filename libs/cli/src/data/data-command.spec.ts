import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDocumentStore, type DocumentStore } from '@app/storage'
import { dataCommand } from './data-command.js'

let folder: string
let printed: string[]
let told: string[]
/** Which of the stores is at hand. */
let name = 'one'

async function openStore(): Promise<DocumentStore> {
  const store = openDocumentStore({ path: join(folder, `${name}.sqlite`) })
  await store.start()
  return store
}

async function run(...words: string[]): Promise<string> {
  await dataCommand({ root: folder, openStore, print: (text) => printed.push(text), progress: (text) => told.push(text) }).parseAsync(words, { from: 'user' })
  return printed.splice(0).join('\n')
}

async function withStore<T>(work: (store: DocumentStore) => Promise<T>): Promise<T> {
  const store = await openStore()
  return work(store).finally(() => store.close())
}

const ORDERS = { index: 'shop', collection: 'orders' }
const file = (): string => join(folder, 'out.jsonl')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-data-'));
  [printed, told, name] = [[], [], 'one']
  await withStore(async (store) => {
    await store.createCollection(ORDERS, { mappings: { properties: { city: { type: 'keyword' } } } })
    await store.createCollection({ index: 'home', collection: 'lamps' })
    await store.mCreate(ORDERS, Array.from({ length: 12_000 }, (_, n) => ({ _id: `o${n}`, body: { city: 'Huế\n', n, _kuzzle_info: { author: 'ann' } } })))
    await store.create({ index: 'home', collection: 'lamps' }, { _id: 'hall', body: { color: 'white' } })
  })
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what was exported is in another store as it was, mappings and metadata included', async () => {
  expect(await run('export', file())).toBe(`12001 documents of 2 collections are in ${file()}.`)
  expect(told).toEqual(['exporting home/lamps', 'exporting shop/orders', '10000 documents so far'])
  name = 'two'
  expect(await run('import', file())).toBe('12001 documents of 2 collections are stored.')
  await withStore(async (store) => {
    expect(await store.count(ORDERS)).toBe(12_000)
    expect((await store.get(ORDERS, 'o11999'))._source).toEqual({ city: 'Huế\n', n: 11_999, _kuzzle_info: { author: 'ann' } })
    expect((await store.getMapping(ORDERS)).properties).toMatchObject({ city: { type: 'keyword' } })
  })
}, 60_000)

test('documents that are there already stay, unless they are to be replaced', async () => {
  await run('export', file(), '--index', 'home')
  await withStore((store) => store.createOrReplace({ index: 'home', collection: 'lamps' }, { _id: 'hall', body: { color: 'red' } }))
  const color = async (): Promise<unknown> => withStore(async (store) => (await store.get({ index: 'home', collection: 'lamps' }, 'hall'))._source.color)
  expect([await run('import', file()), await color()]).toEqual(['0 documents of 1 collection are stored. 1 document that was there already is left as before; --replace takes those of the file.', 'red'])
  expect([JSON.parse(await run('import', file(), '--replace', '--json')), await color()]).toEqual([{ file: file(), collections: 1, documents: 1, left: 0 }, 'white'])
})

test('an export that fails leaves the file as it was', async () => {
  writeFileSync(file(), 'before')
  await expect(run('export', file(), '--index', 'attic')).rejects.toThrow('There is no index "attic". There are: home, shop.')
  await expect(run('export', file(), '--collection', 'attic')).rejects.toThrow('There is no collection "attic" to be exported.')
  await expect(run('export', join(folder, 'none/out.jsonl'))).rejects.toThrow(/cannot be written/)
  expect([readFileSync(file(), 'utf8'), existsSync(`${file()}.part`)]).toEqual(['before', false])
})

test('what is no export is refused with its line, and what the store refuses by its id', async () => {
  await expect(run('import', join(folder, 'none.jsonl'))).rejects.toThrow(/none\.jsonl" cannot be read/)
  writeFileSync(file(), '{"index":"shop","collection":"orders"}\nnonsense\n')
  await expect(run('import', file())).rejects.toThrow(`${file()}:2 is no line of an export.`)
  writeFileSync(file(), '{"_id":"x","_source":{}}\n')
  await expect(run('import', file())).rejects.toThrow('does not say of which collection')
})
