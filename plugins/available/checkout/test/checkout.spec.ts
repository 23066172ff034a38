import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import Checkout from '../src/index.js'

let service: Server
let asked: { body: unknown; authorization: string | undefined }[]
let answer: { status: number; body: string }
let host: TestHost

/** A payment service of our own, over a real connection. */
beforeEach(async () => {
  asked = []
  answer = { status: 200, body: '{"id":"p1"}' }
  service = createServer((request: IncomingMessage, response) => {
    void json(request).then((body) => {
      asked.push({ body, authorization: request.headers.authorization })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/charges`
  host = await createTestHost({ plugins: [Checkout], config: { checkout: { url } }, secrets: { checkout: { key: 'sesame' } } })
})
afterEach(async () => {
  await host.close()
  service.closeAllConnections()
  service.close()
})

const pay = (body: object) => host.call({ controller: 'checkout/payment', action: 'pay', body })

describe('a payment', () => {
  test('is charged with the key of the service, recorded, and found again', async () => {
    const payment = await pay({ order: 'o1', amount: 1250 })
    expect(asked).toEqual([{ body: { order: 'o1', amount: 1250, currency: 'EUR' }, authorization: 'Bearer sesame' }])
    expect(payment).toEqual({ _id: 'p1', order: 'o1', amount: 1250, currency: 'EUR', paidAt: expect.any(Number) })
    expect(await host.call({ controller: 'checkout/payment', action: 'find', id: 'p1' })).toEqual(payment)
  })

  test('that is refused is not recorded', async () => {
    answer = { status: 402, body: '{"reason":"card expired"}' }
    await expect(pay({ order: 'o1', amount: 1 })).rejects.toMatchObject({ id: 'plugin.checkout.payment_refused', status: 412, props: ['card expired'] })
    await expect(host.call({ controller: 'checkout/payment', action: 'find', id: 'p1' })).rejects.toMatchObject({ id: 'plugin.checkout.unknown_payment', status: 404 })
  })

  test.each([[{ amount: 1 }, 'body.order'], [{ order: 'o1' }, 'body.amount'], [{ order: 'o1', amount: 'much' }, 'body.amount']])('such as %j is refused for %s, and nothing is charged', async (body, name) => {
    await expect(pay(body)).rejects.toMatchObject({ status: 400, props: expect.arrayContaining([name]) })
    expect(asked).toEqual([])
  })

  test.each([['an answer that is no JSON', 200, 'oops'], ['an answer without an id', 200, '{}'], ['a failure', 500, '{}']])('meets %s with an error of the service', async (_, status, body) => {
    answer = { status, body }
    await expect(pay({ order: 'o1', amount: 1 })).rejects.toMatchObject({ status: 500, message: expect.stringContaining('payment service') })
  })
})

test('payments are reached over HTTP, and never through the document API', async () => {
  const paid = await host.fetch('/_/checkout/payment', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"order":"o1","amount":5}' })
  expect(await paid.json()).toMatchObject({ status: 200, result: { _id: 'p1' } })
  expect(await (await host.fetch('/_/checkout/payment/p1')).json()).toMatchObject({ result: { order: 'o1' } })
  expect((await host.send({ controller: 'document', action: 'get', index: 'plugin-checkout', collection: 'payments', _id: 'p1' })).status).toBe(412)
})
