import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Action, Controller, Hook, Injectable, Pipe, Plugin, Realtime, type EventDocument, type Notification, type Request } from '@mortise/sdk'
import type { Kuzzle } from 'kuzzle-sdk'
import { Ear, RealtimeClients } from '../../support/realtime-clients.js'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

const INVOICES = { equals: { kind: 'invoice' } }
const heard: Notification[] = []
const hooked: string[] = []

@Injectable()
class Watch {
  constructor(private readonly realtime: Realtime) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.realtime.subscribe({ index: 'shop', collection: 'papers', filters: INVOICES, scope: 'in' }, (notification) => {
      heard.push(notification)
      if (notification.action === 'publish') throw new Error('the listener broke')
    })
  }
}

@Controller('papers')
class PapersController {
  constructor(private readonly realtime: Realtime) {}

  @Action()
  async shout(request: Request): Promise<boolean> {
    await this.realtime.publish('shop', 'papers', request.getBody(), { _id: 'shout' })
    return true
  }
}

@Plugin({ name: 'clerk', controllers: [PapersController], providers: [Watch] })
class Clerk {
  @Pipe('generic:document:beforeWrite', { where: INVOICES })
  number(documents: EventDocument[]): EventDocument[] {
    return documents.map(({ _id, _source }) => ({ _id, _source: { ..._source, numbered: true } }))
  }

  @Hook('document:afterCreate', { where: INVOICES })
  note(request: Request): void {
    hooked.push(request.getId())
  }
}

class Classic {
  context: { accessors: { subscription: { register(...given: unknown[]): Promise<{ channel: string; roomId: string }>; unregister(...given: unknown[]): Promise<void> } } } | undefined
  readonly api = {
    desk: {
      actions: {
        watch: { handler: ({ context: { connection } }: Request) => this.context?.accessors.subscription.register(connection.id, 'shop', 'papers', {}) },
        leave: { handler: async ({ context: { connection }, input }: Request) => {
          await this.context?.accessors.subscription.unregister(connection.id, input.args.roomId, true)
          return true
        } },
        lost: { handler: () => this.context?.accessors.subscription.register('nobody', 'shop', 'papers', {}) },
      },
    },
  }

  init(_config: object, context: NonNullable<Classic['context']>): void {
    this.context = context
  }
}

let host: StartedHost
let clients: RealtimeClients
let client: Kuzzle

beforeAll(async () => {
  host = await startHost({ plugins: [Clerk, new Classic()] })
  clients = new RealtimeClients(host.port)
  client = await clients.connect()
  await client.query({ controller: 'admin', action: 'loadMappings', body: { shop: { papers: { mappings: {} } } } })
})
afterAll(async () => {
  clients.close()
  await host.close()
})

describe('a decorated plugin', () => {
  test('hears of what its subscription names, and what its listener throws is logged under its name', async () => {
    await client.document.create('shop', 'papers', { kind: 'note' }, 'n1')
    await client.document.create('shop', 'papers', { kind: 'invoice' }, 'i1')
    await client.realtime.publish('shop', 'papers', { kind: 'invoice' })
    await until(() => heard, ({ length }) => length === 2)
    expect(heard).toMatchObject([{ action: 'create', result: { _id: 'i1' } }, { action: 'publish' }])
    expect(host.logs.filter(({ level, plugin }) => level >= 50 && plugin === 'clerk')).toHaveLength(1)
    const { result: { hits } } = await client.query<{ controller: string; action: string }, { hits: { plugin: string; listeners: object[] }[] }>({ controller: 'plugins', action: 'calls' })
    expect(hits.find(({ plugin }) => plugin === 'clerk')?.listeners).toContainEqual(expect.objectContaining({ kind: 'notification', event: 'realtime:notification', calls: 2, failed: 1 }))
  })

  test('publishes to clients', async () => {
    const ear = new Ear()
    await client.realtime.subscribe('shop', 'papers', { exists: 'text' }, ear.listen)
    await client.query({ controller: 'clerk/papers', action: 'shout', body: { text: 'hey' } })
    expect(await ear.take(1)).toMatchObject([{ action: 'publish', result: { _id: 'shout', _source: { text: 'hey', _kuzzle_info: { author: null } } } }])
  })

  test('is called only for the documents that its listeners\' filters name', async () => {
    hooked.length = 0
    await client.document.mCreate('shop', 'papers', ['note', 'invoice', 'note', 'invoice'].map((kind, n) => ({ _id: `m${n}`, body: { kind } })))
    const { successes } = await client.document.mGet('shop', 'papers', ['m0', 'm1', 'm2', 'm3'])
    expect(successes.map(({ _source }) => _source.numbered as unknown)).toEqual([undefined, true, undefined, true])
    await client.document.create('shop', 'papers', { kind: 'note' }, 'n2')
    await client.document.create('shop', 'papers', { kind: 'invoice' }, 'i2')
    expect(hooked).toEqual(['i2'])
  })
})

describe('a classic plugin', () => {
  test('subscribes the connection of a client, and unsubscribes it', async () => {
    const ear = new Ear()
    const { result } = await client.query({ controller: 'desk', action: 'watch' })
    const { channel, roomId } = result as { channel: string; roomId: string }
    client.protocol.on(channel, ear.listen)
    await client.realtime.publish('shop', 'papers', { n: 1 })
    expect(await ear.take(1)).toMatchObject([{ action: 'publish', room: channel }])
    expect(host.host.rooms.realtime.count(roomId)).toBe(1)
    await client.query({ controller: 'desk', action: 'leave', roomId })
    expect(host.host.rooms.realtime.count(roomId)).toBe(0)
  })

  test('is refused to subscribe a connection that is not there', async () => {
    await expect(client.query({ controller: 'desk', action: 'lost' })).rejects.toMatchObject({ id: 'protocol.runtime.unknown_connection' })
  })
})

test('what plugins subscribed to ends with them', async () => {
  const own = await startHost({ plugins: [Clerk] })
  expect(own.host.rooms.realtime.totals.subscriptions).toBe(1)
  await own.close()
  expect(own.host.rooms.realtime.totals).toEqual({ rooms: 0, subscriptions: 0 })
})
