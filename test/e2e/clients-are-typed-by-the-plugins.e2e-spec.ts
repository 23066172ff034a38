import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import Checkout from '../../plugins/available/checkout/src/index.js'
import { compileTypes } from '../support/compile-types.js'
import { RealtimeClients } from '../support/realtime-clients.js'
import { runCommand } from '../support/run-host.js'
import { createProject, startHost } from '../support/start-host.js'

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

describe('the client', () => {
  test('calls the actions over the published client, and passes on what they refuse', async () => {
    const host = await startHost({ plugins: [Checkout] })
    const clients = new RealtimeClients(host.port)
    try {
      const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ES2022 }
      writeFileSync(written('mortise-client.mjs'), ts.transpile(readFileSync(written('mortise-client.ts'), 'utf8'), options))
      const { MortiseClient } = await import(pathToFileURL(written('mortise-client.mjs')).href) as { MortiseClient: new (transport: unknown) => { call(name: string, input?: object): Promise<unknown> } }
      const client = new MortiseClient(await clients.connect())
      await expect(client.call('checkout/payment:find', { id: 'p1' })).rejects.toMatchObject({ id: 'plugin.checkout.unknown_payment' })
      await expect(client.call('checkout/payment:pay', { body: { order: '', amount: 3 } })).rejects.toMatchObject({ id: 'api.assert.invalid_argument' })
    } finally {
      clients.close()
      await host.close()
    }
  })
})
