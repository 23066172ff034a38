import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Request } from '@mortise/sdk'
import { candidateOf, createClassicHost, importFixture } from '../../../test/support/create-classic-host.js'
import { createLoader } from '../../../test/support/create-loader.js'

let classic: Awaited<ReturnType<typeof createClassicHost>>
beforeAll(async () => { classic = await createClassicHost() })
afterAll(() => classic.close())

const manifest = { name: 'shop', kuzzleVersion: '>=2.0.0 <3.0.0' }
class Shop { init(): void {} }
class FlowerShopPlugin { init(): void {} }

describe('reading a candidate', () => {
  test('accepts classes, functions and ready objects, also under "default", and nothing else', () => {
    const accepts = (exported: unknown): boolean => classic.reader.accepts(candidateOf(exported))
    expect([Shop, function () {}, new Shop(), { default: Shop }, { FlowerShopPlugin, sell: () => 1 }].map(accepts)).toEqual(Array(5).fill(true))
    expect([() => 1, {}, 'shop', undefined, { sell: () => 1 }].map(accepts)).toEqual(Array(5).fill(false))
  })

  test.each([
    ['of the manifest', candidateOf(Shop, { manifest: { ...manifest, name: 'Corner_Shop' } }), 'Corner_Shop'],
    ['of package.json, in lower case', candidateOf(Shop, { packageJson: { name: 'Corner-Shop' } }), 'corner-shop'],
    ['of an object\'s class', candidateOf(new FlowerShopPlugin(), { packageJson: {} }), 'flower-shop'],
    ['of a class exported by its name', candidateOf({ FlowerShopPlugin }), 'flower-shop'],
  ])('takes the name %s', (_, candidate, name) => {
    expect(classic.reader.identify(candidate).name).toBe(name)
  })

  test.each([
    ['plugin.assert.not_a_constructor', candidateOf(() => 1, { manifest })],
    ['plugin.assert.no_name_provided', candidateOf({ init: () => {} })],
    ['plugin.manifest.cannot_load', candidateOf(Shop, { manifest: [] })],
    ['plugin.manifest.missing_name', candidateOf(Shop, { manifest: {} })],
    ['plugin.manifest.invalid_name_type', candidateOf(Shop, { manifest: { name: 7 } })],
    ['plugin.manifest.invalid_name', candidateOf(Shop, { manifest: { name: 'a/b' } })],
    ['plugin.manifest.invalid_privileged', candidateOf(Shop, { manifest: { ...manifest, privileged: 'yes' } })],
    ['plugin.manifest.version_mismatch', candidateOf(Shop, { manifest: { name: 'shop', kuzzleVersion: '>=3.0.0' } })],
    ['plugin.manifest.missing_package', candidateOf(Shop, { packageJson: {} })],
    ['plugin.manifest.missing_package_name', candidateOf(Shop, { packageJson: { version: '1.0.0' } })],
  ])('refuses with %s and says where', (id, candidate) => {
    expect(() => classic.reader.identify(candidate)).toThrow(expect.objectContaining({ id, place: expect.stringContaining('plugins/enabled/shop') }))
  })
})

describe('starting a plugin', () => {
  const starting = (exported: unknown, config = {}, given: object = { manifest }): Promise<unknown> =>
    classic.start(candidateOf(exported, given), config)
  const withInit = (init: () => unknown): unknown => class { init(): unknown { return init() } }

  test.each([
    ['throws an error', () => { throw new Error('no stock') }],
    ['throws a text', () => { throw 'no stock' as unknown }],
    ['rejects', () => Promise.reject(new Error('no stock'))],
  ])('names the plugin when its init %s', async (_, init) => {
    await expect(starting(withInit(init))).rejects.toMatchObject({
      id: 'plugin.runtime.failed_init', place: 'plugins/enabled/shop → init', message: expect.stringMatching(/"shop".*no stock/),
      hint: 'Correct what its constructor or init does there, or disable the plugin.',
    })
    expect(classic.registry.plugins.map(({ name }) => name)).not.toContain('shop')
  })

  test('names the line when its init or constructor throws in a file of its own', async () => {
    const folder = import.meta.dirname
    const place = expect.stringMatching(/^plugins\/enabled\/shop → classic-reader\.spec\.ts:\d+:\d+$/)
    await expect(starting(withInit(() => { throw new Error('no stock') }), {}, { manifest, folder })).rejects.toMatchObject({ id: 'plugin.runtime.failed_init', place })
    await expect(starting(class { constructor() { throw new Error('no stock') } }, {}, { manifest, folder })).rejects.toMatchObject({ id: 'plugin.runtime.unexpected_error', place })
  })

  test('takes false from init for a failure in the first generation only', async () => {
    const first = { manifest: { name: 'shop', kuzzleVersion: '^1.5.0' } }
    await expect(starting(withInit(() => Promise.resolve(false)), {}, first)).rejects.toMatchObject({ id: 'plugin.runtime.failed_init' })
    const { remove } = await classic.start(candidateOf(withInit(() => false), { manifest }))
    remove()
  })

  test.each([
    ['plugin.assert.init_not_found', class {}, {}, { manifest }],
    ['plugin.runtime.unexpected_error', class { constructor() { throw new Error('no shop') } init(): void {} }, {}, { manifest }],
    ['plugin.assert.privileged_not_supported', Shop, { privileged: true }, { manifest }],
    ['plugin.assert.privileged_not_set', Shop, {}, { manifest: { ...manifest, privileged: true } }],
    ['plugin.assert.privileged_not_set', Shop, { privileged: true }, { manifest: { ...manifest, privileged: true } }],
    ['plugin.manifest.missing_version', class extends Shop { _manifest = {} }, {}, {}],
    ['plugin.manifest.invalid_errors', Shop, {}, { manifest: { ...manifest, errors: { late: { code: 1, class: 'NoError', message: 'late' } } } }],
  ])('refuses with %s', async (id, exported, config, given) => {
    await expect(starting(exported, config, given)).rejects.toMatchObject({ id })
  })

  test('gives privileged plugins what the host has for them, when manifest and configuration agree', async () => {
    const privileged = { funnel: true }
    const open = await createClassicHost({ privileged })
    let shown: unknown
    const exported = class { init(_: unknown, context: { accessors: { kuzzle: unknown } }): void { shown = context.accessors.kuzzle } }
    await open.start(candidateOf(exported, { manifest: { ...manifest, privileged: true } }), { privileged: true })
    expect(shown).toBe(privileged)
    await open.close()
  })

  test('hands init a copy of the configuration, over defaults in package.json', async () => {
    const given = { list: [1] }
    let seen: Record<string, unknown> = {}
    const exported = class { init(config: typeof seen): void { seen = config; given.list.forEach(() => (config.list as number[]).push(2)) } }
    const { remove } = await classic.start(candidateOf(exported, { packageJson: { name: 'shop', pluginInfo: { defaultConfig: { size: 3 } } } }), given)
    expect(seen).toEqual({ list: [1, 2], size: 3 })
    expect(given).toEqual({ list: [1] })
    remove()
  })

  test('reads getters only after init', async () => {
    const exported = class {
      #controller?: object
      get api(): object {
        if (!this.#controller) throw new Error('read too early')
        return { desk: this.#controller }
      }
      init(): void { this.#controller = { actions: { ring: { handler: (): Promise<string> => Promise.resolve('ding') } } } }
    }
    const { definition, remove } = await classic.start(candidateOf(exported, { manifest: { name: 'shop' } }))
    expect(definition.controllers).toMatchObject([{ name: 'desk', actions: [{ name: 'ring' }] }])
    remove()
  })

  test('takes the name of one that other code gives it', async () => {
    const { definition, remove } = await classic.start(candidateOf(new FlowerShopPlugin(), { packageJson: {}, manifest: { name: 'corner' } }))
    expect(definition.name).toBe('corner')
    remove()
  })

  test('warns of a manifest without a range of versions', async () => {
    const { remove } = await classic.start(candidateOf(Shop, { manifest: { name: 'shop' } }))
    expect(classic.pluginLogger.textsOf('warn')).toContainEqual(expect.stringContaining('"kuzzleVersion"'))
    remove()
  })

  test('waits for any promise, reads what init declared, and shows it', async () => {
    const { definition, close, remove } = await classic.start(await importFixture('classic-that-promises'), { list: [] })
    expect(definition).toMatchObject({ name: 'classic-that-promises', version: '1.2.3', kind: 'classic' })
    expect(definition.hooks.map(({ name }) => name)).toEqual([
      'ClassicThatPromises.hear', 'ClassicThatPromises.hear', 'ClassicThatPromises.failNow', 'ClassicThatPromises.failLater',
    ])
    expect(definition.details).toMatchObject({ manifest: { kuzzleVersion: '>=2.0.0 <3.0.0' }, strategies: [], imports: [] })
    remove()
    await close()
  })
})

describe('a folder of classic plugins', () => {
  test('is loaded together with decorated ones', async () => {
    const host = createLoader({ fixtures: ['that-greets', 'classic-with-an-api', 'classic-that-is-a-function'], readers: [classic.reader] })
    try {
      await host.loader.load()
      const answer = await host.pipeline.run(new Request({ controller: 'apples/red', action: 'countAll' }))
      expect(answer).toMatchObject({ error: null, result: 3 })
      expect(host.registry.plugins.map(({ name, kind }) => `${name}: ${kind}`)).toEqual(expect.arrayContaining([
        'that-greets: decorated', 'classic-with-an-api: classic', 'classic-that-is-a-function: classic',
      ]))
    } finally {
      await host.loader.close()
      host.remove()
    }
  })
})
