import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import { EventSource } from 'eventsource'
import Sse from '../src/index.js'

let host: TestHost
let url: string
const sources: EventSource[] = []

beforeEach(async () => {
  host = await createTestHost({ plugins: [Sse], config: { sse: { port: 0, host: '127.0.0.1', heartbeat: 20 } } })
  await host.createCollection('shop', 'orders')
  const line = host.logs.map(({ message }) => String(message)).find((message) => message.startsWith('Server-sent events'))
  url = `http://127.0.0.1:${/\d+/.exec(line ?? '')?.[0]}`
})

afterEach(async () => {
  for (const source of sources.splice(0)) source.close()
  await host.close()
})

/** A stream that is subscribed, and the events of one name that it hears. */
async function listen(path: string, event: string): Promise<{ source: EventSource; next: () => Promise<Record<string, unknown>> }> {
  const source = new EventSource(url + path)
  sources.push(source)
  const heard: Record<string, unknown>[] = []
  const waiting: ((data: Record<string, unknown>) => void)[] = []
  source.addEventListener(event, ({ data }) => {
    const parsed = JSON.parse(data as string) as Record<string, unknown>
    const next = waiting.shift()
    if (next) next(parsed)
    else heard.push(parsed)
  })
  await new Promise((resolve) => source.addEventListener('subscribed', resolve))
  return { source, next: async () => heard.shift() ?? new Promise((resolve) => waiting.push(resolve)) }
}

const rooms = async (): Promise<unknown> => (await host.send({ controller: 'realtime', action: 'list' })).result
/** Resolves once nobody is subscribed to anything any more; fails when it does not come to that. */
async function gone(): Promise<void> {
  for (let look = 0; JSON.stringify(await rooms()) !== '{}'; look++) {
    if (look === 400) throw new Error('A subscription outlives its stream.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const filter = encodeURIComponent(JSON.stringify({ equals: { city: 'Hue' } }))

describe('an event stream', () => {
  test('tells of the documents that its filter matches', async () => {
    const { next } = await listen(`/shop/orders?filters=${filter}`, 'document')
    await host.document.create('shop', 'orders', { city: 'Rome' })
    await host.document.create('shop', 'orders', { city: 'Hue' })
    expect(await next()).toMatchObject({ type: 'document', action: 'create', scope: 'in', result: { _source: { city: 'Hue' } } })
  })

  test('tells only what it wants to be told', async () => {
    const { next } = await listen(`/shop/orders?filters=${filter}&scope=out`, 'document')
    const { _id } = await host.document.create('shop', 'orders', { city: 'Hue' })
    await host.document.update('shop', 'orders', _id, { city: 'Rome' })
    expect(await next()).toMatchObject({ action: 'update', scope: 'out', result: { _id } })
  })

  test('ends its subscription when its client goes', async () => {
    const { source } = await listen('/shop/orders', 'document')
    expect(await rooms()).toMatchObject({ shop: { orders: expect.any(Object) } })
    source.close()
    await gone()
  })

  test('shows a sign of life while nothing happens, and ends with the host', async () => {
    const [answer] = await once(get(`${url}/shop/orders`), 'response') as [IncomingMessage]
    let text = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
    while (!text.includes(':\n\n')) await once(answer, 'data')
    answer.on('error', () => undefined)
    const ended = new Promise<void>((resolve) => answer.once('close', () => resolve()))
    await host.close()
    await ended
    expect(text).toMatch(/^event: subscribed\ndata: {.*}\n\n/)
  })
})

describe('a stream that cannot be', () => {
  test.each([
    ['filter', '/shop/orders?filters=%7B%22equalz%22%3A%7B%7D%7D', 400],
    ['JSON', '/shop/orders?filters=%7B', 400],
    ['address', '/%zz/orders', 400],
    ['place', '/', 400],
    ['token', '/shop/orders?jwt=forged', 401],
  ])('for its %s is answered, and closed', async (_what, path, status) => {
    const answer = await fetch(url + path)
    await answer.text()
    expect(answer.status).toBe(status)
    await gone()
  })
})
