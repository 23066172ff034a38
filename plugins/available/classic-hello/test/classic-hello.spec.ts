import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'

const folder = fileURLToPath(new URL('..', import.meta.url))

let host: TestHost

beforeEach(async () => {
  host = await createTestHost({ plugins: [folder], config: { 'classic-hello': { greeting: 'Salut' } } })
})
afterEach(() => host.close())

test('greets over its action and over both of its URLs', async () => {
  expect(await host.call({ controller: 'classic-hello/hello', action: 'sayHello', name: 'Ann' })).toBe('Salut Ann')
  for (const path of ['/_plugin/classic-hello/hello/Ann', '/_/hello/Ann']) expect(await (await host.fetch(path)).json()).toMatchObject({ result: 'Salut Ann' })
})

test('logs deletions by its hook', async () => {
  await host.createCollection('shop', 'orders')
  await host.document.create('shop', 'orders', {}, 'o1')
  await host.document.delete('shop', 'orders', 'o1')
  expect(host.logs).toContainEqual(expect.objectContaining({ level: 'info', message: expect.stringContaining('document:afterDelete: o1') }))
})
