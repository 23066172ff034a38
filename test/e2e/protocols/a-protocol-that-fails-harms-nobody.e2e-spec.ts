import { afterEach, describe, expect, test } from '@jest/globals'
import { createId, Plugin, Protocol, type EntryPoint, type ProtocolMethods } from '@mortise/sdk'
import { Ear, RealtimeClients } from '../../support/realtime-clients.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

/** A door that lets one client in and fails at everything else. */
@Protocol('smoke')
@Plugin({ name: 'smoke-signals' })
class SmokeSignals implements ProtocolMethods {
  static entryPoint: EntryPoint
  static client = { id: '', protocol: 'smoke', ips: ['10.0.0.1'] }

  start(entryPoint: EntryPoint): void {
    SmokeSignals.entryPoint = entryPoint
    SmokeSignals.client = { id: createId(), protocol: 'smoke', ips: ['10.0.0.1'] }
    entryPoint.newConnection(SmokeSignals.client)
  }

  stop(): Promise<void> { return Promise.reject(new Error('it still smokes')) }
  broadcast(): void { throw new Error('no wind') }
  notify(): Promise<void> { return Promise.reject(new Error('no wind')) as Promise<void> }
  joinChannel(): void { throw new Error('no blanket') }
  leaveChannel(): void { throw new Error('no blanket') }
  disconnect(): void { throw new Error('no fire') }
}

let host: StartedHost
afterEach(() => host.close())

const failures = (): (string | undefined)[] => host.logs.filter(({ level }) => level === 50).map(({ msg }) => msg)

test('a protocol that throws is logged under its plugin\'s name, and other clients hear what they subscribed to', async () => {
  host = await startHost({ plugins: [SmokeSignals] })
  await host.ask('POST', '/shop/_create')
  await host.ask('PUT', '/shop/orders')
  const clients = new RealtimeClients(host.port)
  const ear = new Ear()
  const browser = await clients.connect()
  await browser.realtime.subscribe('shop', 'orders', {}, ear.listen)
  for (let n = 1; n <= 3; n++) expect((await host.ask('POST', '/shop/orders/_create', { body: { n } })).status).toBe(200)
  expect((await ear.take(3)).map(({ result }) => result._source.n)).toEqual([1, 2, 3])
  clients.close()
  expect(failures()).toEqual(Array(3).fill('Protocol "smoke" of plugin "smoke-signals" failed.'))
})

test('one that fails to close does not keep the host from stopping, and its clients are gone', async () => {
  host = await startHost({ plugins: [SmokeSignals] })
  const { connections } = host.host.rooms.gateway.entryPoint
  expect(connections.counts).toEqual({ smoke: 1 })
  await host.close()
  expect(connections.counts).toEqual({})
  expect(failures()).toEqual(['Protocol "smoke" of plugin "smoke-signals" failed.'])
})

describe('a protocol that cannot open', () => {
  test('keeps the host from starting, which says whose it is and what to look at', async () => {
    @Protocol('broken')
    @Plugin({ name: 'broken' })
    class Broken extends SmokeSignals {
      override start(): void { throw new Error('the port is taken') }
    }
    host = await startHost()
    await expect(startHost({ plugins: [Broken] })).rejects.toThrow([
      'plugin.runtime.failed_init: Plugin "broken" failed to start: its protocol "broken" did not open: the port is taken',
      '  at    given by code',
      '  do    Look at plugins.broken in the configuration, or disable the plugin.',
    ].join('\n'))
  })

  test('for its name is another\'s is told with every other fault of the start', async () => {
    @Protocol('smoke')
    @Plugin({ name: 'rival' })
    class Rival extends SmokeSignals {}
    host = await startHost()
    await expect(startHost({ plugins: [SmokeSignals, Rival] })).rejects.toThrow('protocol.runtime.already_exists: Protocol "smoke" already exists.')
  })
})
