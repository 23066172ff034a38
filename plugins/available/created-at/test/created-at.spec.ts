import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import CreatedAt from '../src/index.js'

let host: TestHost

beforeEach(async () => {
  host = await createTestHost({ plugins: [CreatedAt] })
  await host.createCollection('shop', 'orders')
})
afterEach(() => host.close())

const stamped = expect.objectContaining({ createdAt: expect.any(Number) })

test('a new document carries the time of its creation, in the answer and in the store', async () => {
  const before = Date.now()
  const { _id, _source } = await host.document.create('shop', 'orders', { city: 'Hue' })
  const stored = await host.document.get<{ city: string; createdAt: number }>('shop', 'orders', _id)
  expect(_source).toEqual(stamped)
  expect(stored._source).toMatchObject({ city: 'Hue' })
  expect(stored._source.createdAt).toBeGreaterThanOrEqual(before)
})

test('many documents at once are each stamped', async () => {
  const documents = [{ _id: 'a', body: { n: 1 } }, { _id: 'b', body: { n: 2 } }]
  await host.call({ controller: 'document', action: 'mCreate', index: 'shop', collection: 'orders', body: { documents } })
  for (const id of ['a', 'b']) expect((await host.document.get('shop', 'orders', id))._source).toEqual(stamped)
})

test('an update leaves the stamp alone', async () => {
  const { _id, _source } = await host.document.create('shop', 'orders', { city: 'Hue' })
  await host.document.update('shop', 'orders', _id, { city: 'Sapa' })
  expect((await host.document.get('shop', 'orders', _id))._source).toMatchObject({ city: 'Sapa', createdAt: (_source as { createdAt?: number }).createdAt })
})
