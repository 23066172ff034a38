import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import StockGuard from '../src/index.js'

let host: TestHost

beforeEach(async () => {
  host = await createTestHost({ plugins: [StockGuard] })
  await host.createCollection('shop', 'orders')
  await host.createCollection('shop', 'stock')
  await host.document.create('shop', 'stock', { quantity: 5 }, 'apple')
})
afterEach(() => host.close())

const order = (body: object) => host.document.create('shop', 'orders', body)

describe('an order', () => {
  test('within the stock is taken', async () => {
    expect((await order({ product: 'apple', quantity: 5 }))._source).toMatchObject({ product: 'apple', quantity: 5 })
  })

  test('beyond the stock is refused, and nothing is stored', async () => {
    await expect(order({ product: 'apple', quantity: 6 })).rejects.toMatchObject({
      id: 'plugin.stock-guard.out_of_stock', status: 412, props: ['apple', 5], message: expect.stringContaining('only 5 of "apple"'),
    })
    expect((await host.document.search('shop', 'orders', {})).total).toBe(0)
  })

  test('for something that nobody has stocked is refused', async () => {
    await expect(order({ product: 'pear', quantity: 1 })).rejects.toMatchObject({ id: 'plugin.stock-guard.out_of_stock', props: ['pear', 0] })
  })

  test.each([
    [{ quantity: 1 }, 'product'], [{ product: '', quantity: 1 }, 'product'], [{ product: 7, quantity: 1 }, 'product'],
    [{ product: 'apple' }, 'quantity'], [{ product: 'apple', quantity: 0 }, 'quantity'], [{ product: 'apple', quantity: 1.5 }, 'quantity'], [{ product: 'apple', quantity: '3' }, 'quantity'],
  ])('such as %j is refused for its %s', async (body, field) => {
    await expect(order(body)).rejects.toMatchObject({ id: 'plugin.stock-guard.invalid_order', status: 400, props: [field, expect.any(String)] })
  })
})

test('other documents are none of its business', async () => {
  expect((await host.document.create('shop', 'stock', { quantity: 'many' }))._id).toEqual(expect.any(String))
})

test('index and collections are a matter of configuration', async () => {
  await host.close()
  host = await createTestHost({ plugins: [StockGuard], config: { 'stock-guard': { index: 'store', orders: 'sales' } } })
  await host.createCollection('store', 'sales')
  await host.createCollection('store', 'stock')
  await expect(host.document.create('store', 'sales', { product: 'apple', quantity: 1 })).rejects.toMatchObject({ id: 'plugin.stock-guard.out_of_stock' })
})
