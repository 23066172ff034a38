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

  test('calls as a user, with the user\'s rights, and listeners hear it', async () => {
    host = await createTestHost({ plugins: [Letters] })
    await host.createCollection('shop', 'orders')
    await host.call({ controller: 'security', action: 'createRole', _id: 'writer', body: { controllers: { document: { actions: { create: true } } } } })
    await host.call({ controller: 'security', action: 'createProfile', _id: 'writer', body: { policies: [{ roleId: 'writer' }] } })
    await host.call({ controller: 'security', action: 'createUser', _id: 'ann', body: { content: { profileIds: ['writer'] } } })
    const ann = host.as({ _id: 'ann' })
    seen.length = 0
    await ann.document.create('shop', 'orders', { city: 'Hue' })
    expect(seen).toEqual(['ann'])
    await expect(ann.call({ controller: 'index', action: 'list' })).rejects.toMatchObject({ id: 'security.rights.forbidden' })
  })
})
