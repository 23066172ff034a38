import { describe, expect, test } from '@jest/globals'
import { Request, type RequestData } from '@mortise/sdk'
import { entitiesOf } from './entity-keys.js'

const request = (data: Partial<RequestData>, result?: unknown): Request => new Request({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', ...data }, { result })

describe('what a listener is at work on', () => {
  test.each<[string, readonly unknown[], string[]]>([
    ['a request about a document', [request({ _id: 'a' })], ['document:create shop/orders/a']],
    ['a request whose document got its id', [request({}, { _id: 'b' })], ['document:create shop/orders/b']],
    ['a request that has none yet', [request({ body: { n: 1 } })], ['document:create shop/orders']],
    ['a request about no document', [new Request({ controller: 'server', action: 'now' })], ['server:now undefined/undefined']],
    ['a request with many', [request({ action: 'mCreate', body: { documents: [{ _id: 'a', body: {} }, { body: {} }] } })], ['document:mCreate shop/orders/a']],
    ['a request with ids', [request({ action: 'mDelete', body: { ids: ['a', 'b'] } })], ['document:mDelete shop/orders/a', 'document:mDelete shop/orders/b']],
    ['an answer with many', [request({ action: 'mCreate' }, { successes: [{ _id: 'c' }] })], ['document:mCreate shop/orders/c']],
    ['documents of a request', [[{ _id: 'a' }, { _id: 'b' }], request({ action: 'mGet' })], ['document:mGet shop/orders/a', 'document:mGet shop/orders/b']],
    ['an outcome', [{ request: request({ _id: 'a' }), success: true }], ['document:create shop/orders/a']],
    ['something with an id', [{ _id: 'a', total: 3 }, 'plugin-shop:sold'], ['a']],
    ['something without', [{ total: 3 }], ['']],
    ['a text', ['message'], ['']],
    ['nothing', [null], ['']],
  ])('is told of %s', (_, payload, expected) => expect(entitiesOf(payload)).toEqual(expected))
})
