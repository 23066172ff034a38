import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ApiError, Request } from '@mortise/sdk'
import { candidateOf, createClassicHost } from '../../../../test/support/create-classic-host.js'
import type { Backend } from '../backend/backend.js'
import { openApplication } from './module.js'

const require = createRequire(import.meta.url)

type Exported = typeof import('../../kuzzle/index.js')

/** What plugins and applications import. A name that has no type does not compile here; one that has no value fails the test. */
const IMPORTED: (keyof Exported)[] = [
  'Backend', 'BadRequestError', 'Controller', 'DocumentSearchResult', 'EmbeddedSDK', 'ExternalServiceError', 'ForbiddenError', 'GatewayTimeoutError', 'HttpStream', 'Inflector',
  'InternalError', 'Koncorde', 'Kuzzle', 'KuzzleError', 'KuzzleRequest', 'MultipleErrorsError', 'Mutex', 'NameGenerator', 'NotFoundError', 'ObjectRepository', 'ParseError', 'PartialError', 'Plugin',
  'PluginImplementationError', 'PreconditionError', 'QueryTranslator', 'Request', 'RequestContext', 'RequestInput', 'RequestResponse', 'ServiceUnavailableError', 'SizeLimitError', 'Store',
  'TooManyRequestsError', 'UnauthorizedError', 'WebSocket', 'cacheDbEnum', 'storeScopeEnum',
]

/** Types alone: a missing one does not compile. */
type ImportedTypes = [
  import('../../kuzzle/index.js').ControllerDefinition, import('../../kuzzle/index.js').JSONObject, import('../../kuzzle/index.js').PluginContext,
  import('../../kuzzle/index.js').PluginManifest, import('../../kuzzle/index.js').KDocument<object>,
]
const typesImported: ImportedTypes['length'] = 5
const globals = globalThis as unknown as { app?: Backend; kuzzle?: Backend }

let classic: Awaited<ReturnType<typeof createClassicHost>>
let application: Backend
let close: () => void
let kuzzle: typeof import('../../kuzzle/index.js')

beforeEach(async () => {
  classic = await createClassicHost()
  const { registry, bus, logger, host, pipeline } = classic
  ;({ close } = openApplication({ registry, bus, logger, host, transport: { pipeline, loadUser: host.loadUser } }))
  application = globals.app!
  kuzzle = require('../../kuzzle/index.js') as typeof kuzzle
})
afterEach(async () => {
  close()
  await classic.close()
})

describe('the package that plugins require', () => {
  test('gives the host\'s own classes, and the public client\'s', () => {
    const error = new kuzzle.NotFoundError('gone')
    expect([ApiError.is(error), error instanceof kuzzle.KuzzleError, error.status]).toEqual([true, true, 404])
    expect(kuzzle.KuzzleRequest).toBe(Request)
    expect(Object.keys(kuzzle)).toEqual(expect.arrayContaining(['Kuzzle', 'WebSocket', 'BatchController', 'DocumentSearchResult', 'EmbeddedSDK']))
  })

  test.each(IMPORTED)('gives %s, with its type', (name) => {
    expect([typesImported, kuzzle[name] === undefined]).toEqual([5, false])
  })

  test('gives nothing beside them and what the public client gives', () => {
    const client = require('kuzzle-sdk') as object
    const own = (names: readonly string[]): string[] => names.filter((name) => name === 'WebSocket' || !(name in client)).sort()
    expect(own(Object.keys(kuzzle))).toEqual(own(IMPORTED))
  })

  test('gives a base class whose plugins start by their own manifest and name', async () => {
    class FlowerShopPlugin extends kuzzle.Plugin {
      constructor() { super({ kuzzleVersion: '>=2.16.9 <3' }) }
      override init(): void { this.api = { flowers: { actions: { count: { handler: () => Promise.resolve(3) } } } } }
    }
    const { definition } = await classic.start(candidateOf(new FlowerShopPlugin(), { packageJson: {} }))
    expect(definition).toMatchObject({ name: 'flower-shop', controllers: [{ name: 'flowers' }] })
    await expect(classic.run({ controller: 'flowers', action: 'count' })).resolves.toMatchObject({ result: 3 })
  })

  test('has plugins say which versions they are made for', () => {
    class Shop extends kuzzle.Plugin { init(): void {} }
    expect(() => new Shop({} as never)).toThrow(expect.objectContaining({ id: 'plugin.manifest.missing_version' }))
  })

  test('locks by the open host', async () => {
    await expect(new kuzzle.Mutex('till').lock()).resolves.toBe(true)
    await expect(new kuzzle.Mutex('till', { timeout: 0 }).lock()).resolves.toBe(false)
    close()
    expect(() => new kuzzle.Mutex('till')).toThrow('running host')
  })

  test.each([
    ['upFirst', 'assets', 'Assets'],
    ['kebabCase', 'AssetsGroup controller', 'assets-group-controller'],
    ['pascalCase', 'assets-group_list', 'AssetsGroupList'],
  ] as const)('writes names: %s of "%s" is "%s"', (method, text, written) => {
    expect(kuzzle.Inflector[method](text)).toBe(written)
  })

  test('makes names that people can tell apart', () => {
    expect(kuzzle.NameGenerator.generateRandomName({ prefix: 'group' })).toMatch(/^group-[a-z]+-[a-z]+-\d{1,5}$/)
    expect(kuzzle.NameGenerator.generateRandomName({ separator: '_', postfixRandRange: false })).toMatch(/^[a-z]+_[a-z]+$/)
  })

  test('wraps streams', () => {
    const stream = new kuzzle.HttpStream(Readable.from(['a']), { totalBytes: 1 })
    expect([stream.totalBytes, stream.destroyed, stream.errored]).toEqual([1, false, false])
    stream.destroy()
    expect(stream.destroyed).toBe(true)
  })
})

describe('objects kept in a collection', () => {
  class Lamp {
    _id = ''
    color = 'white'
    get isWarm(): boolean { return this.color === 'amber' }
  }

  const open = () => {
    class Lamps extends kuzzle.ObjectRepository<Lamp> {
      protected override collection = 'lamps'
      protected override ObjectConstructor = Lamp
    }
    const store = new kuzzle.Store('house', 'private')
    return { store, lamps: new Lamps({ store }) }
  }

  test('are of their class, wherever they come from', async () => {
    const { store, lamps } = open()
    await store.init({ lamps: { properties: { color: { type: 'keyword' } } } })
    await lamps.persistToDatabase(Object.assign(new Lamp(), { _id: 'hall', color: 'amber' }), { userId: 'ann' })
    expect(await lamps.load('hall')).toMatchObject({ _id: 'hall', isWarm: true })
    expect((await lamps.search({ query: { term: { color: 'amber' } } })).hits).toMatchObject([{ _id: 'hall', isWarm: true }])
    expect((await store.get('lamps', 'hall'))._source).toMatchObject({ _kuzzle_info: { author: 'ann' } })
    await store.update('lamps', 'hall', { color: 'white' })
    expect([(await lamps.load('hall')).isWarm, (await lamps.loadOneFromDatabase('hall')).isWarm]).toEqual([true, false])
    await lamps.delete(await lamps.load('hall'))
    await expect(lamps.load('hall')).rejects.toMatchObject({ id: 'services.storage.not_found' })
  })

  test('are written and counted one by one and in lots', async () => {
    const { store } = open()
    await store.init({ lamps: {} })
    await store.create('lamps', { color: 'red' }, { id: 'a' })
    await expect(store.create('lamps', { color: 'red' }, { id: 'a' })).rejects.toMatchObject({ id: 'services.storage.document_already_exists' })
    await store.createOrReplace('lamps', 'b', { color: 'blue' })
    await store.replace('lamps', 'b', { color: 'green' })
    expect([await store.count('lamps'), await store.exists('lamps', 'b'), (await store.mGet('lamps', ['a', 'x'])).errors]).toEqual([2, true, ['x']])
    await store.mDelete('lamps', ['a'])
    await store.truncateCollection('lamps')
    expect((await store.search('lamps')).total).toBe(0)
  })

  test('need a host, a scope and a collection', async () => {
    const { store } = open()
    expect(() => new kuzzle.Store('house', 'attic' as 'private')).toThrow('"attic"')
    await expect(new kuzzle.ObjectRepository({ store }).load('hall')).rejects.toThrow('collection')
    close()
    await expect(store.init()).rejects.toThrow('running host')
  })
})

describe('translating filters into queries', () => {
  test.each([
    [{}, { match_all: {} }],
    [{ equals: { kind: 'apple' } }, { term: { kind: 'apple' } }],
    [{ in: { kind: ['apple'] } }, { terms: { kind: ['apple'] } }],
    [{ exists: 'kind' }, { exists: { field: 'kind' } }],
    [{ missing: { field: 'kind' } }, { bool: { must_not: [{ exists: { field: 'kind' } }] } }],
    [{ ids: { values: ['a'] } }, { ids: { values: ['a'] } }],
    [{ and: [{ range: { age: { gt: 3 } } }, { not: { equals: { kind: 'pear' } } }] },
      { bool: { filter: [{ range: { age: { gt: 3 } } }, { bool: { must_not: [{ term: { kind: 'pear' } }] } }] } }],
    [{ or: [{ equals: { kind: 'apple' } }] }, { bool: { should: [{ term: { kind: 'apple' } }], minimum_should_match: 1 } }],
    [{ bool: { mustNot: [{ equals: { kind: 'apple' } }] } }, { bool: { must_not: [{ term: { kind: 'apple' } }] } }],
  ])('%j becomes %j', (filters, query) => {
    expect(new kuzzle.QueryTranslator().translate(filters)).toEqual(query)
  })

  test.each([[{ select: {} }], [{ and: 'x' }], [{ nothing: {} }]])('%j is refused', (filters) => {
    expect(() => new kuzzle.QueryTranslator().translate(filters)).toThrow(expect.objectContaining({ id: 'api.assert.koncorde_dsl_error' }))
  })
})

describe('the application', () => {
  test('is there for plugins, is of the class they know, and goes with the host', () => {
    expect([globals.app, globals.kuzzle]).toEqual([application, application])
    expect(globals.app).toBeInstanceOf(kuzzle.Backend)
    close()
    expect([globals.app, globals.kuzzle]).toEqual([undefined, undefined])
  })

  test('says whether the host takes requests', () => {
    expect(application.started).toBe(false)
    application.markStarted()
    expect(application.started).toBe(true)
  })

  test('takes pipes and hooks while it runs, and lets pipes go', async () => {
    const heard: unknown[] = []
    application.hook.register('plugin-shop:sold', (payload) => heard.push(payload))
    const id = application.pipe.register('plugin-shop:sold', (payload) => Promise.resolve(Number(payload) + 1))
    await expect(application.trigger('plugin-shop:sold', 1)).resolves.toBe(2)
    application.pipe.unregister(id)
    await expect(application.trigger('plugin-shop:sold', 1)).resolves.toBe(1)
    expect(heard).toEqual([2, 1])
    expect(() => application.pipe.unregister(id)).toThrow(expect.objectContaining({ id: 'plugin.runtime.unknown_pipe' }))
  })

  test('carries questions from one plugin to another', async () => {
    application.onAsk('shop:count', (kind) => `3 ${String(kind)}`)
    await expect(application.ask('shop:count', 'apples')).resolves.toBe('3 apples')
    await expect(application.ask('shop:price')).rejects.toMatchObject({ message: expect.stringContaining('shop:price') })
    expect(() => application.onAsk('shop:count', () => 4)).toThrow('shop:count')
  })

  test('has a client of its own', async () => {
    await expect(application.sdk.server.now({})).resolves.toBe(1)
  })
})
