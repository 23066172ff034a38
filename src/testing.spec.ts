import { afterEach, describe, expect, test } from '@jest/globals'
import { Controller, Hook, Injectable, Plugin, Post, type Request } from '@mortise/sdk'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'
import { until } from '../test/support/until.js'

@Injectable()
class Mailer {
  async send(_to: string): Promise<string> {
    throw new Error('There is no mail server here.')
  }
}

@Controller('post')
class PostController {
  constructor(private readonly mailer: Mailer) {}

  @Post()
  send(request: Request) {
    return this.mailer.send(request.getString('to'))
  }
}

const seen: unknown[] = []

@Plugin({ name: 'letters', controllers: [PostController], providers: [Mailer] })
class Letters {
  @Hook('document:afterCreate')
  note(request: Request) { seen.push(request.getKuid()) }
}

let host: TestHost
afterEach(() => host.close())

const send = () => host.call({ controller: 'letters/post', action: 'send', to: 'ann@example.org' })

describe('a test host', () => {
  test('lets another provider stand in, and leaves the plugin as it is for the next', async () => {
    const sent: string[] = []
    host = await createTestHost({ plugins: [Letters], overrides: [{ provide: Mailer, useValue: { send: async (to: string) => { sent.push(to); return 'sent' } } }] })
    expect([await send(), sent]).toEqual(['sent', ['ann@example.org']])
    await host.close()
    host = await createTestHost({ plugins: [Letters] })
    await expect(send()).rejects.toThrow('There is no mail server here.')
  })

  test('notes what subscribers are told', async () => {
    host = await createTestHost({ plugins: [Letters] })
    await host.createCollection('shop', 'orders')
    const told = await host.listen('shop', 'orders', { equals: { city: 'Hue' } })
    await host.document.create('shop', 'orders', { city: 'Rome' })
    await host.document.create('shop', 'orders', { city: 'Hue' })
    await until(() => told, (list) => list.length > 0)
    expect(told).toMatchObject([{ type: 'document', action: 'create', result: { _source: { city: 'Hue' } } }])
  })

  test('lets clients in by each door with their users\' rights, and opens no port', async () => {
    host = await createTestHost({ plugins: [Letters] })
    await host.createCollection('shop', 'orders')
    const ann = await host.createUser('ann', { document: { create: true }, auth: { getCurrentUser: true } })
    for (const transport of ['http', 'websocket'] as const) {
      const client = await host.connect(transport, ann)
      expect(await client.call({ controller: 'auth', action: 'getCurrentUser' })).toMatchObject({ _id: 'ann' })
      expect(await client.document.create('shop', 'orders', { transport })).toMatchObject({ _source: { transport, _kuzzle_info: { author: 'ann' } } })
      await expect(client.call({ controller: 'index', action: 'list' })).rejects.toMatchObject({ id: 'security.rights.forbidden', status: 403 })
      expect(await client.send({ controller: 'index', action: 'list', requestId: 'mine' })).toMatchObject({ requestId: 'mine', status: 403, result: null })
    }
    expect(process.getActiveResourcesInfo().filter((resource) => resource.startsWith('TCP'))).toEqual([])
  })

  test('tells clients over WebSocket what they subscribed to', async () => {
    host = await createTestHost({ plugins: [Letters] })
    await host.createCollection('shop', 'orders')
    const client = await host.connect('websocket')
    await client.call({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {} })
    await host.document.create('shop', 'orders', { city: 'Hue' })
    await until(() => client.notifications, ({ length }) => length > 0)
    expect(client.notifications).toMatchObject([{ type: 'document', action: 'create', result: { _source: { city: 'Hue' } } }])
    client.close()
    await expect(client.call({ controller: 'server', action: 'now' })).rejects.toMatchObject({ id: 'plugin.testing.connection_closed' })
  })

  test('lets nobody in who does not exist, and by no door that there is not', async () => {
    host = await createTestHost({ plugins: [Letters] })
    await expect(host.connect('http', { _id: 'nobody' })).rejects.toMatchObject({ id: 'security.user.not_found' })
    await expect(host.connect('pigeon' as 'http')).rejects.toMatchObject({ id: 'plugin.testing.invalid_option', message: expect.stringContaining('"pigeon"') })
  })

  test('calls as a user, with the user\'s rights, and listeners hear it', async () => {
    host = await createTestHost({ plugins: [Letters] })
    await host.createCollection('shop', 'orders')
    const ann = host.as(await host.createUser('ann', { document: { create: true } }))
    seen.length = 0
    await ann.document.create('shop', 'orders', { city: 'Hue' })
    expect(seen).toEqual(['ann'])
    await expect(ann.call({ controller: 'index', action: 'list' })).rejects.toMatchObject({ id: 'security.rights.forbidden' })
  })
})
