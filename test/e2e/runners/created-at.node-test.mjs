import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestHost } from '@mortise/sdk/testing'
import CreatedAt from '../../../plugins/available/created-at/dist/index.js'

let host
before(async () => {
  host = await createTestHost({ plugins: [CreatedAt] })
  await host.createCollection('shop', 'orders')
})
after(() => host.close())

test('a new document carries the time of its creation', async () => {
  const { _source } = await host.document.create('shop', 'orders', { city: 'Hue' })
  assert.equal(typeof _source.createdAt, 'number')
})
