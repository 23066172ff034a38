import { existsSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Hook, Plugin, type ClientConnection } from '@mortise/sdk'
import type { ConsoleMessage } from 'playwright-core'
import { openBrowser, type BrowserPage } from '../../support/open-browser.js'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

/** What a page keeps of a stream that it opened. */
interface Heard { events: { name: string; data: Record<string, unknown> }[]; errors: number; state: number }

const connected: string[] = []

@Plugin({ name: 'doorkeeper' })
class Doorkeeper {
  @Hook('connection:new')
  note({ id, protocol }: ClientConnection) {
    if (protocol === 'sse') connected.push(id)
  }
}

const inBrowser = existsSync('/usr/bin/chromium') || process.env.CI === 'true' ? describe : describe.skip

inBrowser('a real browser, left out outside CI where there is none,', () => {
  let browser: BrowserPage
  let host: StartedHost
  let events: string

  beforeAll(async () => { browser = await openBrowser() }, 60_000)
  afterAll(() => browser.close())

  beforeEach(() => start())
  afterEach(() => host.close())

  async function start(sse: Record<string, unknown> = {}): Promise<void> {
    host = await startHost({ enabled: ['sse', 'auth-local'], plugins: [Doorkeeper], config: { plugins: { sse: { port: 0, host: '127.0.0.1', ...sse } }, limits: { loginsPerSecond: 0 } } })
    await host.ask('POST', '/shop/_create')
    await host.ask('PUT', '/shop/orders')
    const line = host.logs.find(({ msg }) => msg?.startsWith('Server-sent events'))
    events = `http://127.0.0.1:${/\d+/.exec(line?.msg ?? '')?.[0]}`
    // Any page will do; this one is of another origin than the streams.
    await browser.page.goto(`${host.url}/_now`)
  }

  /** Opens a stream in the page, which keeps what it hears under `name`. */
  async function listen(name: string, query: Record<string, string> = {}): Promise<void> {
    const url = `${events}/shop/orders?${new URLSearchParams(query).toString()}`
    await browser.page.evaluate(`{
      const source = new EventSource(${JSON.stringify(url)})
      const heard = window[${JSON.stringify(name)}] = { source, events: [], errors: 0 }
      for (const name of ['subscribed', 'document', 'user', 'TokenExpired']) {
        source.addEventListener(name, ({ data }) => heard.events.push({ name, data: JSON.parse(data) }))
      }
      source.addEventListener('error', () => heard.errors++)
      undefined
    }`)
  }

  const heardBy = (name: string): Promise<Heard> => browser.page.evaluate(`({ events: ${name}.events, errors: ${name}.errors, state: ${name}.source.readyState })`)
  /** Resolves to what a stream has heard, once that is so. */
  const awaitHeard = (name: string, holds: (heard: Heard) => boolean): Promise<Heard> => until(() => heardBy(name), holds, 20_000)
  const namesOf = ({ events: heard }: Heard): string[] => heard.map(({ name }) => name)
  const subscribed = (name: string): Promise<Heard> => awaitHeard(name, (heard) => namesOf(heard).includes('subscribed'))
  const create = (body: object) => host.ask('POST', '/shop/orders/_create', { body })
  const connections = (): Readonly<Record<string, number>> => host.host.rooms.gateway.entryPoint.connections.counts

  test('hears of the documents that its filter matches, in the order they were written', async () => {
    await listen('hue', { filters: JSON.stringify({ equals: { city: 'Hue' } }) })
    await subscribed('hue')
    for (const [city, number] of [['Hue', 1], ['Rome', 2], ['Hue', 3]]) await create({ city, number })
    const { events: heard } = await awaitHeard('hue', ({ events: all }) => all.length >= 3)
    expect(heard.map(({ name, data }) => [name, data.action, (data.result as { _source?: { number: number } })?._source?.number])).toEqual([
      ['subscribed', undefined, undefined], ['document', 'create', 1], ['document', 'create', 3],
    ])
  })

  test('does so with what the page of the plugin shows', async () => {
    const [, shown = ''] = /^```js\n([^]*?)^```$/m.exec(readFileSync('plugins/available/sse/README.md', 'utf8')) ?? []
    const told: unknown[] = []
    const listener = async (message: ConsoleMessage): Promise<void> => { if (message.type() === 'log') told.push(await message.args()[0]?.jsonValue()) }
    browser.page.on('console', listener)
    await browser.page.evaluate(`{
      const token = ''
      ${shown.replace('http://localhost:7513', events)}
      globalThis.shown = new Promise((resolve) => events.addEventListener('subscribed', resolve))
      undefined
    }`)
    await browser.page.evaluate('globalThis.shown.then(() => undefined)')
    for (const city of ['Rome', 'Hue']) await create({ city })
    await until(() => told, (all) => all.length > 0)
    browser.page.off('console', listener)
    expect(told).toMatchObject([{ _source: { city: 'Hue' } }])
  })

  test('hears on several streams, each with its own filter', async () => {
    await listen('hue', { filters: JSON.stringify({ equals: { city: 'Hue' } }) })
    await listen('rome', { filters: JSON.stringify({ equals: { city: 'Rome' } }) })
    await Promise.all([subscribed('hue'), subscribed('rome')])
    await create({ city: 'Rome' })
    await create({ city: 'Hue' })
    for (const name of ['hue', 'rome']) {
      const { events: heard } = await awaitHeard(name, ({ events: all }) => all.length === 2)
      expect((heard[1]?.data.result as { _source: { city: string } })._source.city.toLowerCase()).toBe(name)
    }
  })

  test('comes back by itself when it is sent away, and hears on', async () => {
    await listen('all')
    await subscribed('all')
    host.host.rooms.gateway.protocols.disconnect(connected.at(-1) as string)
    await awaitHeard('all', (heard) => namesOf(heard).filter((name) => name === 'subscribed').length === 2)
    await create({ number: 1 })
    const heard = await awaitHeard('all', ({ events: all }) => all.length === 3)
    expect(namesOf(heard)).toEqual(['subscribed', 'subscribed', 'document'])
    expect(heard.errors).toBe(1)
  })

  test('leaves nothing behind when its page goes elsewhere', async () => {
    await listen('all')
    await subscribed('all')
    expect(connections().sse).toBe(1)
    await browser.page.goto('about:blank')
    await until(connections, (counts) => counts.sse === undefined)
    expect(host.host.rooms.realtime.totals).toEqual({ rooms: 0, subscriptions: 0 })
  })

  test('with a token hears what that allows, and without one is refused and stays away', async () => {
    await host.ask('POST', '/_createFirstAdmin?reset', { body: { content: {}, credentials: { local: { username: 'boss', password: 'secret-1' } } } })
    const { jwt } = (await host.ask('POST', '/_login/local', { body: { username: 'boss', password: 'secret-1' } })).body.result
    await listen('boss', { jwt })
    await subscribed('boss')
    await listen('nobody')
    const refused = await awaitHeard('nobody', ({ state }) => state === 2)
    expect([refused.events, refused.errors]).toEqual([[], 1])
  })

  test('hears nothing on pages of another origin than the one that may listen', async () => {
    await host.close()
    await start({ allowOrigin: 'https://shop.example' })
    await listen('foreign')
    const refused = await awaitHeard('foreign', ({ state }) => state === 2)
    expect(refused.events).toEqual([])
    await until(connections, (counts) => counts.sse === undefined)
  })
})
