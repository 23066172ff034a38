import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import '../../../src/index.js'
import { askSocket } from '../../support/ask-socket.js'
import { startHost, type StartedHost } from '../../support/start-host.js'

/* eslint-disable @typescript-eslint/no-explicit-any -- the package's own types name modules that it does not bring */
const require = createRequire(import.meta.url)
const { BadRequestError } = require('kuzzle') as typeof import('kuzzle')
const { Decoder, DeviceManagerPlugin } = require('kuzzle-device-manager') as { Decoder: any; DeviceManagerPlugin: any }

class DummyTempDecoder extends Decoder {
  constructor() {
    super()
    this.measures = [{ name: 'temperature', type: 'temperature' }]
    this.payloadsMappings = { deviceEUI: { type: 'keyword' } }
  }

  validate(payload: { deviceEUI?: string }): Promise<boolean> {
    if (!payload.deviceEUI) throw new BadRequestError('The payload does not say which device it is of.')
    this.ensureProperties(payload, ['register55'])
    return Promise.resolve(true)
  }

  decode(decoded: any, { deviceEUI, register55 }: { deviceEUI: string; register55: number }): Promise<unknown> {
    decoded.addMeasurement(deviceEUI, 'temperature', { measuredAt: Date.now(), type: 'temperature', values: { temperature: register55 } })
    return Promise.resolve(decoded)
  }
}

function createPlugin(): object {
  const plugin = new DeviceManagerPlugin()
  plugin.models.registerDevice('DummyTemp', { decoder: new DummyTempDecoder(), metadataMappings: {} })
  plugin.models.registerAsset('commons', 'Container', { measures: [{ name: 'temperatureExt', type: 'temperature' }], metadataMappings: {} })
  return plugin
}
/* eslint-enable */

describe('kuzzle-device-manager', () => {
  let host: StartedHost

  beforeAll(async () => {
    host = await startHost({ plugins: [createPlugin()] })
  })
  afterAll(() => host.close())

  const collectionsOf = async (index: string): Promise<string[]> => {
    const { body } = await host.ask('GET', `/${index}/_list`)
    return (body.result.collections as { name: string }[]).map(({ name }) => name).sort()
  }
  const payloads = async (): Promise<{ _source: object }[]> => {
    await host.ask('POST', '/device-manager/payloads/_refresh')
    return (await host.ask('POST', '/device-manager/payloads/_search', { body: {} })).body.result.hits
  }

  test('makes the collections that it works with when it starts', async () => {
    expect(await collectionsOf('device-manager')).toEqual(['config', 'devices', 'models', 'payloads'])
  })

  test('makes an engine with collections of its own, and lists it', async () => {
    expect(await host.ask('POST', '/_/device-manager/engine/tenant1')).toMatchObject({ status: 200 })
    expect(await collectionsOf('tenant1')).toEqual(['assets', 'assets-groups', 'assets-history', 'config', 'devices', 'measures'])
    expect((await host.ask('GET', '/_/device-manager/engines')).body.result.engines).toMatchObject([{ index: 'tenant1' }])
  })

  test('keeps a payload that its decoder refuses, marked as faulty', async () => {
    const { body } = await host.ask('POST', '/_/device-manager/payload/dummy-temp', { body: {} })
    expect(body).toMatchObject({ status: 400, error: { status: 400 } })
    expect(await payloads()).toMatchObject([{ _source: { state: 'ERROR', valid: false, deviceModel: 'DummyTemp' } }])
  })

  test('refuses what its own check of properties refuses', async () => {
    const { body } = await host.ask('POST', '/_/device-manager/payload/dummy-temp', { body: { deviceEUI: '12345' } })
    expect(body.error).toMatchObject({ status: 412, message: 'Missing property "register55" in payload' })
  })

  test('takes a payload, and makes the device that sent it', async () => {
    const { body } = await host.ask('POST', '/_/device-manager/payload/dummy-temp', { body: { deviceEUI: '12345', register55: 23.3 } })
    expect(body).toMatchObject({ status: 200, result: { valid: true } })
    expect(await payloads()).toContainEqual(expect.objectContaining({ _source: expect.objectContaining({ state: 'VALID', valid: true }) }))
    expect((await host.ask('GET', '/device-manager/devices/DummyTemp-12345')).body.result).toMatchObject({
      _source: { model: 'DummyTemp', reference: '12345', measures: { temperature: { values: { temperature: 23.3 } } } },
    })
  })

  test('brings a role, a profile and a user for those who send payloads', async () => {
    const everything = { controllers: { 'device-manager/payloads': { actions: { '*': true } } } }
    expect((await host.ask('GET', '/roles/payload_gateway')).body.result).toMatchObject({ _source: everything })
    expect((await host.ask('GET', '/profiles/payload_gateway')).body.result).toMatchObject({ _source: { policies: [{ roleId: 'payload_gateway' }] } })
    expect((await host.ask('GET', '/users/payload_gateway')).body.result).toMatchObject({ _source: { profileIds: ['payload_gateway'] } })
  })

  test('does the same over WebSocket', async () => {
    const ask = (controller: string, action: string, given: object) => askSocket(host.port, { controller: `device-manager/${controller}`, action, ...given })
    expect(await ask('engine', 'create', { index: 'tenant2' })).toMatchObject({ status: 200 })
    expect(await collectionsOf('tenant2')).toEqual(['assets', 'assets-groups', 'assets-history', 'config', 'devices', 'measures'])
    expect((await ask('engine', 'list', {})).result.engines.map(({ index }: { index: string }) => index).sort()).toEqual(['tenant1', 'tenant2'])
    expect(await ask('payloads', 'dummy-temp', { body: {} })).toMatchObject({ status: 400, error: { status: 400 } })
    expect(await ask('payloads', 'dummy-temp', { body: { deviceEUI: '678', register55: 1 } })).toMatchObject({ status: 200, result: { valid: true } })
    expect(await host.ask('GET', '/device-manager/devices/DummyTemp-678')).toMatchObject({ status: 200 })
  })
})
