import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

interface Context {
  readonly constructors: { Request: new (original: Request, data: object) => Request }
  readonly accessors: {
    execute(request: Request): Promise<unknown>
    sdk: { document: { update(index: string, collection: string, id: string, body: object, options?: object): Promise<unknown> } }
  }
}

/** Writes what it hears of, with events, in one of both ways. */
class GoesRound {
  readonly calls: string[] = []
  readonly hooks = { 'document:afterUpdate': 'again' }
  #context!: Context

  constructor(private readonly way: 'execute' | 'sdk') {}

  async init(_config: object, context: Context): Promise<void> {
    this.#context = context
  }

  async again(request: Request): Promise<void> {
    const { args: { index, collection, _id }, body } = request.input
    this.calls.push(_id)
    await new Promise(setImmediate)
    if (this.calls.length > 9) return
    const { constructors, accessors } = this.#context
    if (this.way === 'sdk') await accessors.sdk.document.update(index, collection, _id, body as object, { triggerEvents: true })
    else await accessors.execute(new constructors.Request(request, { controller: 'document', action: 'update', index, collection, _id, body, triggerEvents: true }))
  }
}

describe.each(['execute', 'sdk'] as const)('a classic plugin that calls back by %s', (way) => {
  let host: StartedHost
  let plugin: GoesRound

  const start = async (config: Record<string, unknown> = {}): Promise<void> => {
    plugin = new GoesRound(way)
    host = await startHost({ plugins: [plugin], config: { plugins: { 'goes-round': config } } })
    await host.ask('POST', '/shop/_create')
    await host.ask('PUT', '/shop/orders')
    await host.ask('POST', '/shop/orders/a/_create', { body: {} })
  }
  beforeEach(() => { plugin = new GoesRound(way) })
  afterEach(() => host.close())

  test('is not told of what it wrote', async () => {
    await start()
    expect((await host.ask('PUT', '/shop/orders/a/_update', { body: { n: 1 } })).status).toBe(200)
    await until(() => host.logs, (logs) => logs.some((line) => JSON.stringify(line).includes('plugin goes-round.again -> document:update -> plugin goes-round.again')))
    expect(plugin.calls).toEqual(['a'])
  })

  test('is told of it when the configuration says so', async () => {
    await start({ reentrant: true })
    await host.ask('PUT', '/shop/orders/a/_update', { body: { n: 1 } })
    await until(() => plugin.calls.length, (times) => times === 10)
  })
})

test('a classic plugin that writes what a subscription notifies it of is stopped when the chain is too long', async () => {
  interface Sdk {
    readonly realtime: { subscribe(index: string, collection: string, filters: object, listener: (notification: { result: { _id: string } }) => void): Promise<string> }
    readonly document: { update(index: string, collection: string, id: string, body: object): Promise<unknown> }
  }
  let notified = 0
  class Echo {
    #sdk!: Sdk
    readonly api = { room: { actions: { enter: { handler: () => this.#enter() } } } }

    async init(_config: object, { accessors }: { accessors: { sdk: Sdk } }): Promise<void> {
      this.#sdk = accessors.sdk
    }

    #enter(): Promise<string> {
      return this.#sdk.realtime.subscribe('shop', 'orders', {}, ({ result: { _id } }) => {
        if (++notified < 50) void this.#sdk.document.update('shop', 'orders', _id, { notified })
      })
    }
  }
  const host = await startHost({ plugins: [new Echo()], config: { limits: { causationDepth: 6 } } })
  try {
    await host.ask('POST', '/shop/_create')
    await host.ask('PUT', '/shop/orders')
    expect((await host.ask('POST', '/_query', { body: { controller: 'room', action: 'enter' } })).body.error).toBeNull()
    await host.ask('POST', '/shop/orders/a/_create', { body: {} })
    await until(() => host.logs, (logs) => logs.some((line) => JSON.stringify(line).includes('More than 6 calls with events led from one to the next: a subscription of a classic plugin')))
    expect(notified).toBe(6)
  } finally {
    await host.close()
  }
})
