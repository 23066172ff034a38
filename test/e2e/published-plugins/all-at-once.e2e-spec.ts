import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import '../../../src/index.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

/** Packages with a plugin in them; the seventh is a library that two of them are built on. */
const ALL = {
  installed: [
    'kuzzle-plugin-logger', 'kuzzle-plugin-auth-passport-local', 'kuzzle-plugin-auth-passport-oauth', 'kuzzle-plugin-prometheus', 'kuzzle-plugin-hermes-messenger',
  ],
  config: { plugins: { 'kuzzle-plugin-logger': { services: {} } } },
}
const { DeviceManagerPlugin } = createRequire(import.meta.url)('kuzzle-device-manager') as { DeviceManagerPlugin: new () => object }

describe('all published plugins in one host', () => {
  let host: StartedHost
  let client: Kuzzle

  beforeAll(async () => {
    host = await startHost({ ...ALL, plugins: [new DeviceManagerPlugin()] })
    client = new Kuzzle(new WebSocket('127.0.0.1', { port: host.port }))
    await client.connect()
  })
  afterAll(async () => {
    client.disconnect()
    await host.close()
  })

  test('are told by the host, with versions and routes', async () => {
    const { serverInfo } = await client.server.info({}) as { serverInfo: { kuzzle: { plugins: Record<string, { version?: string }> } } }
    expect(serverInfo.kuzzle.plugins).toMatchObject({
      'kuzzle-plugin-logger': { version: '3.0.3' },
      'kuzzle-plugin-auth-passport-local': { version: '6.4.1', manifest: { kuzzleVersion: '>=2.0.0 <3.0.0' } },
      'kuzzle-plugin-auth-passport-oauth': { version: '5.0.4' },
      prometheus: { version: '4.2.0' },
      'hermes-messenger': { version: '1.0.0' },
      'device-manager': expect.any(Object),
    })
  })

  test('answer side by side', async () => {
    const statuses = await Promise.all(['/_/metrics', '/_/hermes/smtp/accounts', '/_/device-manager/engines', '/strategies'].map(async (path) => (await host.ask('GET', path)).status))
    expect(statuses).toEqual([200, 200, 200, 200])
    expect((await client.query({ controller: 'device-manager/engine', action: 'list' })).result).toEqual({ engines: [] })
  })

  test('start again over what they left', async () => {
    const storage = { path: `${host.root}/data/kept.sqlite` }
    for (const time of ['first', 'second']) {
      const again = await startHost({ ...ALL, plugins: [new DeviceManagerPlugin()], config: { ...ALL.config, storage } })
      const made = await again.ask('POST', `/_/device-manager/engine/${time}`)
      await again.close()
      expect(made.status).toBe(200)
    }
  })
})
