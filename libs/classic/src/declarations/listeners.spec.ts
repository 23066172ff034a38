import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Request } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import { candidateOf, createClassicHost, importFixture } from '../../../../test/support/create-classic-host.js'

let classic: Awaited<ReturnType<typeof createClassicHost>>
beforeEach(async () => { classic = await createClassicHost() })
afterEach(() => classic.close())

const request = (): Request => new Request({ controller: 'shop/good', action: 'run' })
const onInstance = async (fixture: string, config = {}): Promise<{ heard: unknown[][] }> => {
  const candidate = await importFixture(fixture)
  const found = candidate.exported as { default?: new () => object } & (new () => object)
  const instance = new (found.default ?? found)()
  await classic.start({ ...candidate, exported: instance } as PluginCandidate, config)
  return instance as { heard: unknown[][] }
}

describe('pipes that call back', () => {
  beforeEach(() => onInstance('classic-that-calls-back', { pipeTimeout: 30 }))

  test.each(['good', 'twice', 'mixed', 'late'])('hand the request on once, also when they answer %s', async (shop) => {
    const given = request()
    await expect(classic.bus.emit(`shop/${shop}:beforeRun`, given)).resolves.toBe(given)
  })

  test('have a second answer logged and dropped', async () => {
    await classic.bus.emit('shop/twice:beforeRun', request())
    expect(classic.pluginLogger.textsOf('warn')).toEqual([expect.stringContaining('answered twice')])
  })

  test.each([
    ['string', { id: 'plugin.runtime.unexpected_error', status: 500, message: expect.stringMatching(/out of apples[^]*classic-that-calls-back/) }],
    ['refused', { status: 403, message: 'closed on Sundays', id: undefined }],
    ['foreign', { id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('the till is stuck') }],
    ['silent', { id: 'plugin.runtime.pipe_timeout', status: 504, message: expect.stringContaining('classic-that-calls-back') }],
    ['empty', { id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('gave nothing back') }],
  ])('end a request that they answer as "%s"', async (shop, error) => {
    await expect(classic.bus.emit(`shop/${shop}:beforeRun`, request())).rejects.toMatchObject(error)
  })

  test('get null in place of a payload that an event lacks', async () => {
    const { definition } = await classic.start(candidateOf(class {
      pipes = { 'plugin-shop:empty': (value: unknown, callback: (error: null, value: unknown) => void): void => callback(null, value === null) }
      init(): void {}
    }))
    await expect(definition.pipes[0]?.handler()).resolves.toBe(true)
  })
})

describe('pipes that promise', () => {
  test('run in a list one after another, whoever made their promises', async () => {
    await onInstance('classic-that-promises', { list: [] })
    const given = request()
    given.setResult(1)
    await classic.bus.emit('shop/good:afterRun', given)
    expect(given.result).toBe(3)
  })

  test('get every argument of an event and replace the first', async () => {
    await onInstance('classic-that-promises', { list: [] })
    const second: { counted?: number } = {}
    await expect(classic.bus.emit('plugin-shop:counted', ['a', 'b'], second)).resolves.toEqual(['a', 'b', 'more'])
    expect(second.counted).toBe(2)
  })

  test('wait for the callback when an async function that names it resolves to nothing', async () => {
    await onInstance('classic-that-calls-back')
    await expect(classic.bus.emit('shop/late:beforeRun', request())).resolves.toBeInstanceOf(Request)
  })
})

describe('hooks', () => {
  test('of the first generation get the first argument and the event they are registered for', async () => {
    const plugin = await onInstance('classic-that-calls-back')
    await classic.bus.emit('plugin-shop:sold', 'apple', 3)
    expect(plugin.heard).toEqual([['apple', 'plugin-shop:sold']])
  })

  test('of the second get all arguments, on their plugin, as methods or functions', async () => {
    const plugin = await onInstance('classic-that-promises', { list: [] })
    await classic.bus.emit('plugin-shop:sold', 'apple', 3)
    expect(plugin.heard).toEqual([['apple', 3, 'plugin-shop:sold'], 'by function'])
  })

  test('fail, at once or later, without anybody noticing but the log', async () => {
    await onInstance('classic-that-promises', { list: [] })
    await expect(classic.bus.emit('plugin-shop:failed', 'apple')).resolves.toBe('apple')
    await new Promise((resolve) => setImmediate(resolve))
    expect(classic.logger.textsOf('error')).toEqual([expect.stringContaining('failed now'), expect.stringContaining('failed later')])
  })
})

describe('notifications', () => {
  const notification = { node: 'n1', event: 'write', result: { _id: 'apple' } }

  test.each([
    ['^1.5.0', { state: 'done', ...notification }],
    ['^2.0.0', notification],
  ])('are seen by a plugin for %s as its generation had them', async (kuzzleVersion, seen) => {
    const heard: unknown[] = []
    const exported = class {
      hooks = { 'notify:*': (...given: unknown[]): void => { heard.push(given) } }
      pipes = { 'notify:document': (told: unknown, callback: (error: null, value: unknown) => void): void => callback(null, told) }
      init(): void {}
    }
    await classic.start(candidateOf(exported, { manifest: { name: 'shop', kuzzleVersion } }))
    await expect(classic.bus.emit('notify:document', notification)).resolves.toEqual(seen)
    expect(heard).toEqual([[seen, 'notify:*']])
  })
})

describe('a declaration that names nothing', () => {
  test.each([
    ['plugin.assert.invalid_hook', { hooks: { 'server:afterNow': 'remembr' } }, 'Did you mean "remember"?'],
    ['plugin.assert.invalid_pipe', { pipes: { 'server:afterNow': ['remember', 'remembre'] } }, 'Did you mean "remember"?'],
    ['plugin.assert.invalid_pipe', { pipes: { 'server:afterNow': 7 } }, 'Give the name of a method'],
    ['plugin.assert.invalid_hook', { hooks: ['remember'] }, 'events as keys'],
  ])('is refused with %s and the nearest method', async (id, declared, hint) => {
    const exported = class {
      constructor() { Object.assign(this, declared) }
      init(): void {}
      remember(): void {}
    }
    await expect(classic.start(candidateOf(exported))).rejects.toMatchObject({ id, hint: expect.stringContaining(hint), place: expect.stringContaining('→') })
  })
})
