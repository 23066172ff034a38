import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Cron, Every, Hook, Injectable, Pipe, Plugin, type Delivery, type EventDocument, type Request, type ScheduledRun } from '@mortise/sdk'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'

const START = '2026-03-01T01:50:00.000Z'

@Injectable()
class Billing {
  readonly keys: string[] = []
  isDown = false

  async charge(_order: EventDocument | undefined, { idempotencyKey }: { idempotencyKey: string }): Promise<void> {
    this.keys.push(idempotencyKey)
    if (this.isDown) throw new Error('The bank is closed.')
  }
}

@Plugin({ name: 'invoices', providers: [Billing] })
class Invoices {
  constructor(private readonly billing: Billing) {}

  @Hook('generic:document:afterWrite', { durable: true, where: { equals: { kind: 'order' } } })
  async bill([order]: EventDocument[], _request: Request, _event: string, delivery: Delivery) {
    await this.billing.charge(order, { idempotencyKey: delivery.key })
  }
}

@Injectable()
class Post {
  readonly sent: string[] = []
}

@Plugin({ name: 'reports', providers: [Post] })
class Reports {
  constructor(private readonly post: Post) {}

  @Cron('0 3 * * *', { timezone: 'Europe/Paris', missed: 'once' })
  async send({ plannedAt, isLate }: ScheduledRun) {
    this.post.sent.push(`${new Date(plannedAt).toISOString()}${isLate ? ', late' : ''}`)
  }

  @Every('15m')
  async refresh() {
    this.post.sent.push('refreshed')
  }
}

const called: string[] = []

@Plugin({ name: 'stamps' })
class Stamps {
  @Pipe('document:beforeCreate', { phase: 'early', before: ['audit', 'guard.check'], name: 'stamp' })
  put(request: Request) {
    called.push('stamp')
    return request
  }

  // It is also called for what it wrote itself, with events.
  @Hook('document:afterUpdate', { where: { equals: { kind: 'invoice' } }, reentrant: true })
  note(request: Request) {
    called.push(`note ${request.getId()}`)
  }
}

@Plugin({ name: 'guard' })
class Guard {
  @Pipe('document:beforeCreate', { phase: 'early', name: 'check' })
  look(request: Request) {
    called.push('check')
    return request
  }
}

@Plugin({ name: 'audit' })
class Audit {
  @Pipe('document:beforeCreate', { timeout: 500, concurrency: 10, queue: 100, onFailure: 'fail-open', breaker: { failures: 5, probeAfter: 30_000 } })
  record(): Request {
    called.push('record')
    throw new Error('The book is full.')
  }
}

let host: TestHost
let billing: Billing
let post: Post

beforeEach(async () => {
  called.length = 0
  billing = new Billing()
  post = new Post()
  host = await createTestHost({
    plugins: [Guard, Audit, Stamps, Invoices, Reports], clock: START,
    overrides: [{ provide: Billing, useValue: billing }, { provide: Post, useValue: post }],
  })
  await host.createCollection('shop', 'orders')
})
afterEach(() => host.close())

describe('a durable hook', () => {
  test('is told of what its filter lets through, and again under the same key until it succeeds', async () => {
    billing.isDown = true
    for (const kind of ['note', 'order']) await host.document.create('shop', 'orders', { kind }, kind)
    await host.settle()
    billing.isDown = false
    await host.clock.advance('1m')
    expect(billing.keys).toHaveLength(2)
    expect(new Set(billing.keys).size).toBe(1)
  })
})

describe('scheduled methods', () => {
  test('run at their times, in their time zone', async () => {
    await host.clock.advance('30m')
    expect(post.sent.sort()).toEqual(['2026-03-01T02:00:00.000Z', 'refreshed', 'refreshed'])
  })
})

describe('a listener', () => {
  test('stands where it wishes, and one that fails open stops nobody', async () => {
    const { result, error } = await host.send({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', body: { kind: 'note' } })
    expect([called, error, result]).toEqual([['stamp', 'check', 'record'], null, expect.objectContaining({ _source: expect.objectContaining({ kind: 'note' }) })])
  })

  test('hears of what its filter lets through', async () => {
    for (const kind of ['note', 'invoice']) {
      await host.document.create('shop', 'orders', { kind }, kind)
      await host.document.update('shop', 'orders', kind, { paid: true })
    }
    await host.settle()
    expect(called.filter((line) => line.startsWith('note'))).toEqual(['note invoice'])
  })
})
