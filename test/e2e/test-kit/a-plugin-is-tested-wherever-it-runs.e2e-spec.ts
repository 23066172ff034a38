import { describe, expect, test } from '@jest/globals'
import { Hook, Plugin } from '@mortise/sdk'
import { createTestHost, inEachIsolation, isolations, type Isolation } from '@mortise/sdk/testing'

const CREATED_AT = 'plugins/available/created-at'
const FRAGILE = 'test/fixtures/plugins/that-is-fragile'
const SELLS = 'test/fixtures/plugins/that-sells'

const pidOf = (plugin: string) => ({ controller: `${plugin}/works`, action: 'pid' })

describe('where plugins run', () => {
  test('one test does for all places', async () => {
    const seen: Isolation[] = []
    await inEachIsolation({ plugins: [CREATED_AT] }, async (host, isolation) => {
      await host.createCollection('shop', 'orders')
      const { _source } = await host.document.create('shop', 'orders', { city: 'Hue' })
      expect(_source).toEqual({ city: 'Hue', createdAt: expect.any(Number), _kuzzle_info: expect.anything() })
      seen.push(isolation)
    })
    expect(seen).toEqual([...isolations])
  }, 180_000)

  test('what fails says where it failed, and that host is closed', async () => {
    const failing = inEachIsolation({ plugins: [CREATED_AT] }, async (_host, isolation) => {
      if (isolation === 'thread') throw new Error('no such order')
    })
    await expect(failing).rejects.toThrow('With the plugins run as "thread": no such order')
  }, 180_000)

  test('each plugin may run somewhere else', async () => {
    const host = await createTestHost({ plugins: [CREATED_AT, SELLS, FRAGILE], isolation: { 'that-is-fragile': 'process' }, secrets: { 'that-is-fragile': { key: 'open' } } })
    const info = await host.call({ controller: 'server', action: 'info' })
    expect(info).toMatchObject({ serverInfo: { kuzzle: { plugins: { 'that-is-fragile': { isolation: 'process' } } } } })
    expect(await host.call(pidOf('that-is-fragile'))).not.toBe(process.pid)
    await host.close()
  }, 180_000)

  test('a class stays with the test, and the report says what to do', async () => {
    @Plugin({ name: 'by-code' })
    class ByCode {
      @Hook('document:afterCreate')
      note() { /* nobody calls it */ }
    }
    const starting = createTestHost({ plugins: [ByCode], isolation: 'thread' })
    await expect(starting).rejects.toThrow(/plugin\.worker\.cannot_isolate: Plugin "by-code" cannot be isolated: it is given by code[^]*Make a package of it/)
  })

  test('a place that there is not is refused', async () => {
    const starting = createTestHost({ plugins: [CREATED_AT], isolation: 'moon' as Isolation })
    await expect(starting).rejects.toMatchObject({ id: 'plugin.testing.invalid_option', message: 'The option "isolation" of the test host is "moon", and not "inline", "thread", "process".' })
  })
})
