import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'

/** Many hours of a quiet host in miniature: clients come, subscribe and go, one way or another. */
const CLIENTS = 10_000
const AT_ONCE = 50
/** Whoever leaks a connection or a subscription leaks kilobytes; the heap itself wavers by some hundred. */
const BYTES_EACH = 400

interface Held { connections: Record<string, number>; rooms: number; subscriptions: number; heap: number }

let child: ChildProcess
let url: string
beforeAll(async () => {
  child = fork(resolve('test/e2e/realtime/churned-host.mjs'), [], { execArgv: ['--expose-gc'], env: { ...process.env, NODE_OPTIONS: '' } })
  const [{ port }] = await once(child, 'message') as [{ port: number }]
  url = `ws://127.0.0.1:${port}/`
}, 60_000)
afterAll(() => child.disconnect())

async function ask(what: 'held' | 'heap'): Promise<Held> {
  child.send(what)
  return (await once(child, 'message'))[0] as Held
}

/** One client's life. Filters are shared by some and not by others; one client in two leaves without a word. */
async function live(number: number): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  await once(socket, 'open')
  const filters = number % 3 === 0 ? {} : { equals: { city: `city-${number % 500}` } }
  socket.send(JSON.stringify({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: `orders-${number % 20}`, body: filters, users: 'all', requestId: `r${number}` }))
  await once(socket, 'message')
  const closed = once(socket, 'close')
  if (number % 2 === 0) socket.close()
  else socket.terminate()
  await closed
}

async function churn(count: number): Promise<Held> {
  let next = 0
  const liveOn = async (): Promise<void> => {
    while (next < count) await live(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, liveOn))
  for (;;) {
    const held = await ask('held')
    if (Object.keys(held.connections).length === 0 && held.rooms === 0) return ask('heap')
  }
}

test(`${CLIENTS} clients that come, subscribe and go leave nothing behind`, async () => {
  const before = await churn(CLIENTS / 5)
  const after = await churn(CLIENTS)
  expect(after).toMatchObject({ connections: {}, rooms: 0, subscriptions: 0 })
  expect((after.heap - before.heap) / CLIENTS).toBeLessThan(BYTES_EACH)
}, 120_000)
