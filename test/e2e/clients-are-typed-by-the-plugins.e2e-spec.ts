import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Http, Kuzzle, WebSocket } from 'kuzzle-sdk'
import ts from 'typescript'
import Checkout from '../../plugins/available/checkout/src/index.js'
import { compileTypes } from '../support/compile-types.js'
import { runCommand } from '../support/run-host.js'
import { createProject, startHost, type StartedHost } from '../support/start-host.js'

/** What a person would write against the files; each marked line must not compile, and the others must. */
const PROGRAM = `
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import { Hook, type Actions, type Request } from '@mortise/sdk'
import { MortiseClient } from './mortise-client.js'
import './mortise-events.js'

const client = new MortiseClient(new Kuzzle(new WebSocket('localhost')))
const payment = await client.call('checkout/payment:pay', { body: { order: 'o1', amount: 3 } })
export const total: number = payment.amount
export const id: string = (await client.call('checkout/payment:find', { id: payment._id }))._id
export const greeting: unknown = await client.call('hello-world/hello:sayHello')

// @ts-expect-error -- no such action
await client.call('checkout/payment:refund')
// @ts-expect-error -- the amount is a number
await client.call('checkout/payment:pay', { body: { order: 'o1', amount: 'much' } })
// @ts-expect-error -- the order is missing
await client.call('checkout/payment:pay', { body: { amount: 3 } })
// @ts-expect-error -- something is required
await client.call('checkout/payment:find')
// @ts-expect-error -- the answer has no such field
export const wrong = payment.price

export const known: Actions['checkout/payment'][] = ['pay', 'find']
// @ts-expect-error -- no such action
export const unknown: Actions['checkout/payment'] = 'refund'

export class Listener {
  @Hook('checkout/payment:afterPay')
  tell(request: Request) { return request.id }

  // @ts-expect-error -- no such event
  @Hook('checkout/payment:afterRefund')
  miss(request: Request) { return request.id }
}
`

let root: string
let said: string
const written = (name: string): string => join(root, 'mortise-types', name)

beforeAll(async () => {
  root = createProject(['checkout', 'hello-world'])
  const { code, out, err } = await runCommand(root, ['types'])
  expect([code, err]).toEqual([0, ''])
  said = out
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('the command tells what it wrote, and where', () => {
  expect(said).toMatch(/^3 actions in mortise-types\/mortise-actions\.d\.ts, mortise-types\/mortise-events\.d\.ts, mortise-types\/mortise-client\.ts\n$/)
})

test('what it wrote compiles, and refuses what the plugins would refuse', async () => {
  writeFileSync(written('program.ts'), PROGRAM)
  expect(await compileTypes(root, ['mortise-types/program.ts'])).toEqual([])
}, 180_000)

/** What carries requests for the client: the published one, over either wire. */
const TRANSPORTS = {
  http: (port: number) => new Kuzzle(new Http('127.0.0.1', { port })),
  websocket: (port: number) => new Kuzzle(new WebSocket('127.0.0.1', { port })),
}

describe('the client', () => {
  let host: StartedHost
  let MortiseClient: new (transport: unknown) => { call(name: string, input?: object): Promise<unknown> }
  let service: Server

  beforeAll(async () => {
    service = createServer((_request, response) => void response.end('{ "id": "p1" }'))
    await new Promise<void>((done) => { service.listen(0, '127.0.0.1', done) })
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`
    host = await startHost({ plugins: [Checkout], config: { plugins: { checkout: { url } } }, secrets: { checkout: { key: 'open sesame' } } })
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ES2022 }
    writeFileSync(written('mortise-client.mjs'), ts.transpile(readFileSync(written('mortise-client.ts'), 'utf8'), options))
    ;({ MortiseClient } = await import(pathToFileURL(written('mortise-client.mjs')).href) as { MortiseClient: typeof MortiseClient })
  })
  afterAll(async () => {
    await host.close()
    service.close()
  })

  test.each(['http', 'websocket'] as const)('calls the actions over %s, and passes on what they refuse', async (transport) => {
    const kuzzle = TRANSPORTS[transport](host.port)
    await kuzzle.connect()
    try {
      const client = new MortiseClient(kuzzle)
      const id = `${transport}-unknown`
      await expect(client.call('checkout/payment:find', { id })).rejects.toMatchObject({ id: 'plugin.checkout.unknown_payment' })
      await expect(client.call('checkout/payment:pay', { body: { order: '', amount: 3 } })).rejects.toMatchObject({ id: 'api.assert.invalid_argument' })
      // The second time, the payment is there already.
      const paid = client.call('checkout/payment:pay', { body: { order: 'o1', amount: 3 } })
      if (transport === 'http') expect(await paid).toMatchObject({ _id: 'p1', amount: 3 })
      else await expect(paid).rejects.toMatchObject({ id: 'services.storage.document_already_exists' })
      expect(await client.call('checkout/payment:find', { id: 'p1' })).toMatchObject({ order: 'o1', currency: 'EUR' })
    } finally {
      kuzzle.disconnect()
    }
  })
})
