import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ApiError } from '@mortise/sdk'
import { createClassicHost } from '../../../../test/support/create-classic-host.js'
import { openApplication } from '../kuzzle/module.js'
import { Backend } from './backend.js'
import { provideLauncher } from './launcher.js'

const withId = (id: string): unknown => expect.objectContaining({ id })

class FlowerShopPlugin { init(): void {} }

let application: Backend
beforeEach(() => { application = new Backend('flower-shop') })

describe('an application', () => {
  test.each(['Flower Shop', 'flowerShop', '', 'a/b', undefined])('is not called %j', (name) => {
    expect(() => new Backend(name as string)).toThrow(withId('plugin.assert.invalid_application_name'))
  })

  test.each([
    ['trigger', (app: Backend) => app.trigger('a:b')],
    ['sdk', async (app: Backend) => app.sdk],
    ['nodeId', async (app: Backend) => app.nodeId],
    ['log', async (app: Backend) => app.log.info('x')],
    ['cluster', async (app: Backend) => app.cluster],
    ['vault.secrets', async (app: Backend) => app.vault.secrets],
    ['subscription', (app: Backend) => app.subscription.add({ id: 'c' }, 'i', 'c', {})],
    ['start', (app: Backend) => app.start()],
  ])('has no %s before it starts', async (member, use) => {
    await expect(use(application)).rejects.toMatchObject({ id: 'plugin.runtime.unavailable_before_start', message: expect.stringContaining(`"${member}"`) })
  })

  test.each(['storageClient', 'StorageClient'] as const)('has no %s at all', (member) => {
    expect(() => application.storage[member]).toThrow(member)
  })
})

describe('plugins of an application', () => {
  test('are found by the names of their classes, or those given', () => {
    const [first, second] = [new FlowerShopPlugin(), new FlowerShopPlugin()]
    application.plugin.use(first as never)
    application.plugin.use(second as never, { name: 'second', manifest: { kuzzleVersion: '^1.5.0' } })
    expect(application.plugin.list()).toEqual(['flower-shop', 'second'])
    expect(application.plugin.get('second')).toBe(second)
    expect(() => application.plugin.get('third')).toThrow(withId('plugin.assert.plugin_not_found'))
    expect(application.candidates.plugins.map(({ manifest }) => manifest)).toEqual([
      { name: 'flower-shop', kuzzleVersion: '>=2.0.0 <3.0.0' }, { name: 'second', kuzzleVersion: '^1.5.0' },
    ])
  })

  test.each([
    ['plugin.assert.no_name_provided', { init: () => undefined }, {}],
    ['plugin.assert.invalid_plugin_name', new FlowerShopPlugin(), { name: 'Flower_Shop' }],
    ['plugin.assert.init_not_found', {}, { name: 'empty' }],
    ['plugin.assert.not_a_constructor', undefined, {}],
    ['plugin.assert.not_a_constructor', FlowerShopPlugin, {}],
  ])('are refused with %s', (id, plugin, options) => {
    expect(() => application.plugin.use(plugin as never, options)).toThrow(withId(id))
  })

  test('have names of their own', () => {
    application.plugin.use(new FlowerShopPlugin() as never)
    expect(() => application.plugin.use(new FlowerShopPlugin() as never)).toThrow(withId('plugin.assert.name_already_exists'))
  })
})

describe('controllers of an application', () => {
  const actions = { ring: { handler: (): Promise<string> => Promise.resolve('ding') } }

  test.each([
    ['without actions', {}],
    ['with an action that is no function', { actions: { ring: { handler: 'ring' } } }],
    ['with an unknown property', { actions: { ring: { ...actions.ring, route: '/' } } }],
    ['with an unknown verb', { actions: { ring: { ...actions.ring, http: [{ verb: 'fetch', path: 'ring' }] } } }],
  ])('are refused %s, at once', (_fault, definition) => {
    expect(() => application.controller.register('desk', definition)).toThrow(withId('plugin.assert.invalid_controller_definition'))
  })

  test('may carry more where the configuration allows it', () => {
    application.config.set('controllers.definition.allowAdditionalActionProperties', true)
    application.controller.register('desk', { actions: { ring: { ...actions.ring, note: 'loud' } } })
    expect(Object.keys(application.controller.declared)).toEqual(['desk'])
  })

  test('are registered once under a name', () => {
    application.controller.register('desk', { actions })
    expect(() => application.controller.register('desk', { actions })).toThrow(withId('plugin.assert.invalid_controller_definition'))
  })

  test('are called as their class, or as they say', () => {
    class FrontDeskController { definition = { actions } }
    application.controller.use(new FrontDeskController())
    application.controller.use(Object.assign(new FrontDeskController(), { name: 'side' }))
    expect(Object.keys(application.controller.declared)).toEqual(['front-desk', 'side'])
    expect(() => application.controller.use({} as never)).toThrow(withId('plugin.assert.invalid_controller_definition'))
  })
})

describe('listeners of an application', () => {
  test.each(['pipe', 'hook'] as const)('are functions: a %s that is none is refused', (kind) => {
    expect(() => application[kind].register('server:afterNow', 'name' as never)).toThrow(withId(`plugin.assert.invalid_${kind}`))
  })
})

describe('the configuration of an application', () => {
  test('is set by paths and in pieces, and shown as it stands', () => {
    application.config.set('plugins.shop.colours', ['red'])
    application.config.merge({ plugins: { shop: { size: 3 }, other: 1 } })
    application.config.set('plugins.shop.colours', ['blue'])
    expect(application.config.content).toEqual({ plugins: { shop: { colours: ['blue'], size: 3 }, other: 1 } })
  })

  test.each(['', 'a..b', '__proto__.polluted'])('is not set by the path "%s"', (path) => {
    expect(() => application.config.set(path, true)).toThrow(withId('core.configuration.cannot_parse'))
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('what an application imports', () => {
  test('adds up, and a role given again is the later one', () => {
    application.import.mappings({ shop: { flowers: { mappings: {} } } })
    application.import.mappings({ shop: { pots: { mappings: {} } } })
    application.import.roles({ a: { x: 1 }, b: { x: 1 } })
    application.import.roles({ a: { y: 2 } })
    application.import.profiles({ p: { policies: [] } })
    application.import.fixtures({ shop: { pots: [] } })
    application.import.userMappings({ properties: { age: { type: 'integer' } } })
    application.import.users({ ann: { content: {} } })
    application.import.users({ bob: { content: {} } }, { onExistingUsers: 'overwrite' })
    application.import.users({ cid: { content: {} } })
    expect(application.import.declared).toEqual({
      mappings: { shop: { flowers: { mappings: {} }, pots: { mappings: {} } } },
      roles: { a: { y: 2 }, b: { x: 1 } },
      profiles: { p: { policies: [] } },
      fixtures: { shop: { pots: [] } },
      userMappings: { properties: { age: { type: 'integer' } } },
      users: { ann: { content: {} }, bob: { content: {} }, cid: { content: {} } },
      onExistingUsers: 'overwrite',
    })
  })

  test('is an object', () => {
    expect(() => application.import.roles([] as never)).toThrow('app.import.roles takes an object')
  })
})

describe('installations of an application', () => {
  const nothing = (): void => undefined

  test.each([
    ['its id is no text', '', nothing],
    ['its id is no text', 7, nothing],
    ['it is declared already', 'shelves', nothing],
    ['its handler is no function', 'sign', 'put it up'],
  ])('are refused when %s', (fault, id, handler) => {
    application.install('shelves', nothing, 'Puts up the first shelf')
    expect(() => application.install(id as string, handler as () => void)).toThrow(expect.objectContaining({ id: 'plugin.runtime.unexpected_installation_error', message: expect.stringContaining(fault) }))
  })
})

describe('errors of an application', () => {
  beforeEach(() => application.errors.register('shop', 'till', 'empty', { class: 'PreconditionError', message: 'The till %s is empty.' }))

  test('have ids, codes and messages of their own', () => {
    application.errors.register('shop', 'till', 'full', { class: 'SizeLimitError', message: 'Full.' })
    application.errors.register('shop', 'door', 'closed', { class: 'ForbiddenError', message: 'Closed.' })
    const errors = [application.errors.get('shop', 'till', 'empty', 3), application.errors.get('shop', 'till', 'full'), application.errors.get('shop', 'door', 'closed')]
    expect(errors.map(({ id, status, message, props }) => ({ id, status, message, props }))).toEqual([
      { id: 'shop.till.empty', status: 412, message: 'The till 3 is empty.', props: [3] },
      { id: 'shop.till.full', status: 413, message: 'Full.', props: [] },
      { id: 'shop.door.closed', status: 403, message: 'Closed.', props: [] },
    ])
    expect(errors.map(({ code }) => code)).toEqual([0x10010001, 0x10010002, 0x10020003])
    expect(errors.every((error) => ApiError.is(error))).toBe(true)
  })

  test('keep what they were made from', () => {
    const source = new Error('no coin')
    expect(application.errors.getFrom(source, 'shop', 'till', 'empty', 1)).toMatchObject({ cause: source, stack: source.stack, id: 'shop.till.empty' })
  })

  test('stand beside those of the host', () => {
    expect(application.errors.get('api', 'assert', 'missing_argument', 'x')).toMatchObject({ id: 'api.assert.missing_argument', status: 400 })
    expect(application.errors.get('shop', 'till', 'nothing')).toMatchObject({ id: 'core.fatal.unexpected_error' })
  })

  test.each([
    ['declared twice', ['shop', 'till', 'empty'], { class: 'NotFoundError', message: 'x' }],
    ['the host\'s', ['api', 'assert', 'missing_argument'], { class: 'NotFoundError', message: 'x' }],
    ['of a class that is none', ['shop', 'till', 'x'], { class: 'TillError', message: 'x' }],
    ['without a message', ['shop', 'till', 'x'], { class: 'NotFoundError' }],
  ])('are refused when they are %s', (_fault, name, definition) => {
    expect(() => application.errors.register(...name as [string, string, string], definition as never)).toThrow(withId('plugin.manifest.invalid_errors'))
  })
})

describe('an application whose host is open', () => {
  let classic: Awaited<ReturnType<typeof createClassicHost>>
  let close: () => void

  beforeEach(async () => {
    classic = await createClassicHost()
    const { registry, bus, logger, host, pipeline } = classic
    ;({ close } = openApplication({ registry, bus, logger, host, transport: { pipeline, loadUser: host.loadUser } }, application))
  })
  afterEach(async () => {
    close()
    await classic.close()
  })

  test.each([
    ['plugin', (app: Backend) => app.plugin.use(new FlowerShopPlugin() as never)],
    ['config', (app: Backend) => app.config.set('a', 1)],
    ['vault.key', (app: Backend) => { app.vault.key = 'k' }],
    ['vault.file', (app: Backend) => { app.vault.file = 'f' }],
  ])('has no more use for %s', (_member, use) => {
    expect(() => use(application)).toThrow(withId('plugin.runtime.already_started'))
  })

  test('takes controllers from its plugins until it is read itself, and says so', async () => {
    expect(application.declares).toBe(false)
    application.controller.register('desk', { actions: { ring: { handler: () => Promise.resolve('ding') } } })
    expect(application.declares).toBe(true)
    const { exported, manifest, place } = application.candidates.itself
    await classic.start({ exported, manifest, place, packageJson: {}, folder: '/' })
    await expect(classic.run({ controller: 'desk', action: 'ring' })).resolves.toMatchObject({ result: 'ding' })
    expect(() => application.controller.register('more', { actions: {} })).toThrow(withId('plugin.runtime.already_started'))
    expect(() => application.errors.register('a', 'b', 'c', { class: 'NotFoundError', message: '' })).toThrow(withId('plugin.runtime.already_started'))
    expect(() => application.import.users({})).toThrow(withId('plugin.runtime.already_started'))
  })

  test('logs, and hears nothing of itself on the cluster', async () => {
    const heard: unknown[] = []
    application.cluster.on('sold', (payload) => heard.push(payload))
    await application.cluster.broadcast('sold', { count: 1 })
    application.log.warn('late', 1)
    expect(classic.logger.textsOf('warn')).toContain('late 1')
    expect([heard, application.nodeId]).toEqual([[], 'node-1'])
  })

  test('has no subscriptions on a host without realtime', async () => {
    await expect(application.subscription.remove({ id: 'c' }, 'room')).rejects.toMatchObject({ id: 'plugin.context.unavailable_realtime' })
  })
})

test('an application is started by whoever can start hosts, with its vault open, once', async () => {
  const launched: unknown[] = []
  provideLauncher({
    facts: () => ({ version: '1.2.3', commit: 'abc' }),
    settings: () => ({ limits: { a: 1 } }),
    openVault: (vault) => ({ vault }),
    launch: (given) => Promise.resolve({ close: () => Promise.resolve(void launched.push(given.name, 'closed')) }),
  })
  const shop = new Backend('shop')
  shop.vault.key = 'k'
  await shop.start()
  expect([shop.version, shop.commit, shop.started, shop.config.content, shop.vault.opened]).toEqual(['1.2.3', 'abc', true, { limits: { a: 1 } }, { vault: { key: 'k', file: undefined } }])
  await expect(shop.start()).rejects.toMatchObject({ id: 'plugin.runtime.already_started' })
  await shop.shutdown()
  expect(launched).toEqual(['shop', 'closed'])
})
