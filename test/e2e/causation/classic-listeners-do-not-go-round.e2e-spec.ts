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
