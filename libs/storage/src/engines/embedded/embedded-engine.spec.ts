import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
