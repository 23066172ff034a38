import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { describeDocumentStore } from '../../document-store.contract.js'
import { openDocumentStore } from '../../open-document-store.js'

describeDocumentStore('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-store-'))
  const path = join(folder, 'store.db')
  return {
    store: openDocumentStore({ path }),
    another: () => openDocumentStore({ path }),
    remove: async () => rmSync(folder, { recursive: true }),
  }
})

test('stores that wait for the lock of the file do not keep the one that has it from committing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-stores-'))
  const place = { index: 'library', collection: 'books' }
  const stores = Array.from({ length: 5 }, () => openDocumentStore({ path: join(folder, 'store.db') }))
  for (const store of stores) await store.start()
  await stores[0]!.createCollection(place, {})
  await Promise.all(stores.map((store, n) => store.create(place, { _id: String(n), body: {} })))
  expect((await stores[0]!.mGet(place, ['0', '1', '2', '3', '4'])).successes).toHaveLength(5)
  for (const store of stores) await store.close()
  rmSync(folder, { recursive: true })
})
