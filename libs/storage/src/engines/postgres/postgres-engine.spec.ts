import { test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { dropSchema } from '../../../../../test/support/drop-schema.js'
import { describeDocumentStore } from '../../document-store.contract.js'
import { openDocumentStore } from '../../open-document-store.js'
import { postgresUrl, whyUnreachable } from './postgres-server.contract.js'

// eslint-disable-next-line no-restricted-properties -- a spec has no other way to learn that it runs in continuous integration
const isServerRequired = process.env.CI === 'true'
const reason = await whyUnreachable()

if (reason === undefined) {
  describeDocumentStore('PostgreSQL', async () => {
    const location = { url: postgresUrl, schema: `test_${randomUUID().replaceAll('-', '')}` }
    return { store: openDocumentStore(location), another: () => openDocumentStore(location), remove: () => dropSchema(postgresUrl, location.schema) }
  })
} else {
  // Left out where there is no server, but never unnoticed, and never in continuous integration.
  const declare = isServerRequired ? test : test.skip
  declare(`the contract suite needs PostgreSQL at ${postgresUrl}: ${reason}`, () => { throw new Error(reason) })
}
