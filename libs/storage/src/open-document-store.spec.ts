import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openDocumentStore } from './open-document-store.js'

test('a path opens a store in this process, which keeps what it is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-open-'))
  const path = join(folder, 'mortise.db')

  const store = openDocumentStore({ path })
  await store.start()
  await store.createCollection({ index: 'shop', collection: 'orders' }, { mappings: { properties: { city: { type: 'keyword' } } } })
  const { _id } = await store.create({ index: 'shop', collection: 'orders' }, { body: { city: 'Hue' } })
  await store.close()

  const again = openDocumentStore({ path })
  await again.start()
  expect(await again.get({ index: 'shop', collection: 'orders' }, _id)).toMatchObject({ _source: { city: 'Hue' } })
  await again.close()
  rmSync(folder, { recursive: true, force: true })
})
