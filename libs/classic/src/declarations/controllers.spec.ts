import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RequestData } from '@mortise/sdk'
import { candidateOf, createClassicHost, importFixture } from '../../../../test/support/create-classic-host.js'

let classic: Awaited<ReturnType<typeof createClassicHost>>
beforeAll(async () => {
  classic = await createClassicHost()
  await classic.start(await importFixture('classic-that-is-a-function'), { greeting: 'Good morning' })
  await classic.start(await importFixture('classic-with-an-api'))
})
afterAll(() => classic.close())

const oldest = 'classic-that-is-a-function/greetings'
const routesOf = (controller: string): string[] =>
  classic.registry.routes.all.filter((route) => route.controller === controller).map(({ verb, path }) => `${verb} ${path}`)
const answerOf = async (controller: string, action: string, data: RequestData = {}) => {
  const { error, result, response } = await classic.run({ controller, action, ...data })
  return { error, result, response: response.toJSON() }
}

describe('controllers and routes', () => {
  test('are called by the plugin\'s name, on the plugin', async () => {
    await expect(answerOf(oldest, 'hello', { name: 'Ada' })).resolves.toMatchObject({ error: null, result: 'Good morning Ada' })
  })

  test('of the first generation are mounted under the plugin alone, urls without a slash also as they are meant', () => {
    expect(routesOf(oldest)).toEqual([
      'GET /_plugin/classic-that-is-a-function/hello/:name',
      'POST /_plugin/classic-that-is-a-functionseen',
      'POST /_plugin/classic-that-is-a-function/seen',
    ])
  })

  test('of the second are mounted twice', async () => {
    const exported = class {
      controllers = { desk: { ring: 'ring' } }
      routes = [{ verb: 'get', path: '/bell', controller: 'desk', action: 'ring' }, { verb: 'get', url: 'door', controller: 'desk', action: 'ring' }]
      init(): void {}
      ring(): Promise<string> { return Promise.resolve('ding') }
    }
    const { definition, remove } = await classic.start(candidateOf(exported, { manifest: { name: 'shop', kuzzleVersion: '^2.0.0' } }))
    expect(definition.details).toMatchObject({ routes: [{ url: '/bell', path: '/bell' }, { url: 'door', path: 'door' }] })
    expect(routesOf('shop/desk')).toEqual(['GET /_plugin/shop/bell', 'GET /_/bell', 'GET /_plugin/shopdoor', 'GET /_plugin/shop/door', 'GET /_/shop/door'])
    remove()
  })

  test('are rewritten in the plugin\'s own objects, once, however many instances share them', async () => {
    const routes = [{ verb: 'get', url: '/bell', controller: 'desk', action: 'ring' }]
    const exported = class {
      controllers = { desk: { ring: (): string => 'ding' } }
      routes = routes
      init(): void {}
    }
    for (let times = 0; times < 2; times++) (await classic.start(candidateOf(exported))).remove()
    expect(routes).toEqual([{ verb: 'get', url: '/_plugin/shop/bell', controller: 'shop/desk', action: 'ring' }])
  })

  const controllers = { desk: { ring: (): void => {} } }
  test.each([
    ['plugin.controller.invalid_description', { controllers: { desk: 'ring' } }],
    ['plugin.controller.invalid_description', { controllers: 'desk' }],
    ['plugin.controller.invalid_action', { controllers: { desk: { ring: 'knock' } } }],
    ['plugin.controller.unexpected_route_property', { controllers, routes: [{ verb: 'get', url: '/', controller: 'desk', action: 'ring', colour: 'red' }] }],
    ['plugin.controller.invalid_route_property', { controllers, routes: [{ verb: 'get', url: 7, controller: 'desk', action: 'ring' }] }],
    ['plugin.controller.invalid_route_property', { controllers, routes: [{ verb: 'get', url: '/', controller: 'desk' }] }],
    ['plugin.controller.invalid_route_property', { controllers, routes: ['/bell'] }],
    ['plugin.controller.undefined_controller', { controllers, routes: [{ verb: 'get', url: '/', controller: 'dask', action: 'ring' }] }],
    ['plugin.controller.undefined_action', { controllers, routes: [{ verb: 'get', url: '/', controller: 'desk', action: 'rong' }] }],
    ['plugin.controller.unsupported_verb', { controllers, routes: [{ verb: 'gett', url: '/', controller: 'desk', action: 'ring' }] }],
    ['plugin.assert.duplicated_api_definition', { controllers, api: { desk: { actions: {} } } }],
    ['plugin.assert.invalid_controller_definition', { api: { desk: { ring: () => {} } } }],
    ['plugin.assert.invalid_controller_definition', { api: { desk: { actions: { ring: { handler: 'ring' } } } } }],
    ['plugin.assert.invalid_controller_definition', { api: { desk: { actions: { ring: { handler: () => {}, cache: true } } } } }],
    ['plugin.assert.invalid_controller_definition', { api: { desk: { actions: { ring: { handler: () => {}, http: [{ verb: 'get' }] } } } } }],
    ['plugin.controller.invalid_openapi_schema', { api: { desk: { actions: { ring: { handler: () => {}, http: [{ verb: 'get', path: '/', openapi: 'no' }] } } } } }],
  ])('are refused with %s', async (id, declared) => {
    const exported = class {
      constructor() { Object.assign(this, declared) }
      init(): void {}
    }
    await expect(classic.start(candidateOf(exported))).rejects.toMatchObject({ id, place: expect.stringContaining('plugins/enabled/shop') })
  })
})

describe('api', () => {
  test('keeps controllers\' names and mounts paths as they are, under /_/, or by default', () => {
    expect(routesOf('apples/red')).toEqual(['GET /_/apples/red/count-all', 'GET /apples/:id', 'POST /_/apples/pick'])
  })

  test('may say more of an action where the host allows it', async () => {
    const lax = await createClassicHost({ config: { controllers: { definition: { allowAdditionalActionProperties: true } } } })
    const exported = class {
      api = { desk: { actions: { ring: { handler: (): Promise<string> => Promise.resolve('ding'), cache: true } } } }
      init(): void {}
    }
    await lax.start(candidateOf(exported))
    await expect(lax.run({ controller: 'desk', action: 'ring' })).resolves.toMatchObject({ result: 'ding' })
    await lax.close()
  })

  test('calls methods on the plugin', async () => {
    await expect(answerOf('apples/red', 'pick', { id: '7' })).resolves.toMatchObject({ result: { picked: '7', by: 'ClassicWithAnApi' } })
  })
})

describe('the result of an action', () => {
  test('may be nothing', async () => {
    await expect(answerOf('answers', 'nothing')).resolves.toMatchObject({ error: null, result: undefined })
    await expect(answerOf(oldest, 'nothing')).resolves.toMatchObject({ error: null })
  })

  test.each([
    ['plain', 'plugin.controller.invalid_action_response'],
    ['circular', 'plugin.controller.unserializable_response'],
  ])('is refused when it is %s', async (action, id) => {
    const { error } = await answerOf('answers', action)
    expect(error).toMatchObject({ id, status: 500 })
  })

  test.each([
    ['rawBySwitch', { status: 200, content: 'raw', headers: { 'content-type': 'text/plain' } }],
    ['rawByConfiguration', { status: 201, content: 'a,b', headers: { 'content-type': 'text/csv' } }],
    ['rawByResult', { status: 202, content: 'raw', headers: { 'x-kind': 'raw' } }],
  ])('is sent raw by way of %s', async (action, payload) => {
    const { response } = await answerOf('answers', action)
    expect(response).toMatchObject({ raw: true, ...payload })
  })

  test.each([
    ['declared', { id: 'plugin.classic-with-an-api.rotten', code: 0x04000004, status: 412, message: 'The apple has been rotten for 3 days.' }],
    ['thrown', { id: 'plugin.classic-with-an-api.rotten', message: 'The pear has been rotten for 1 days.' }],
    ['undeclared', { id: 'core.fatal.unexpected_error' }],
    ['withProperty', { status: 401, resetToken: 'r1' }],
    ['foreign', { id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('no such fruit') }],
  ])('is an error of the plugin\'s: %s', async (action, expected) => {
    const { error } = await answerOf('failures', action)
    expect(error?.toJSON()).toMatchObject(expected)
  })
})
