import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestHost } from '@mortise/sdk/testing'
import CreatedAt from '../../../plugins/available/created-at/dist/index.js'

let host
beforeAll(async () => {
  host = await createTestHost({ plugins: [CreatedAt] })
  await host.createCollection('shop', 'orders')
})
afterAll(() => host.close())

test('a new document carries the time of its creation', async () => {
  const { _source } = await host.document.create('shop', 'orders', { city: 'Hue' })
  expect(_source).toMatchObject({ city: 'Hue', createdAt: expect.any(Number) })
})
