import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ApiError, Request, type RequestData } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import type { ClassicHost, ValidationType } from '../classic-host.js'
import { candidateOf, createClassicHost, importFixture } from '../../../../test/support/create-classic-host.js'
import { until } from '../../../../test/support/until.js'
import type { EmbeddedSdk } from '../sdk/embedded-sdk.js'
import type { Execute } from './execute.js'
import type { Koncorde } from './filters.js'
import type { MutexLock } from './locks.js'
import type { RequestConstructor } from './request-constructor.js'

interface Context {
  config: Record<string, unknown>
  secrets: Record<string, unknown>
  errors: Record<string, new (message: string, status?: number) => ApiError>
  log: { info(...messages: unknown[]): void }
  accessors: {
    execute: Execute
    nodeId: string
    trigger(event: string, payload?: unknown): Promise<unknown>
    sdk: EmbeddedSdk
    subscription: { register(...given: unknown[]): Promise<unknown>; unregister(...given: unknown[]): Promise<unknown> }
    validation: { addType(type: object): void }
  }
  constructors: {
    Request: RequestConstructor
    Koncorde: new () => Koncorde
    Dsl: new () => Koncorde
    Mutex: new (resource: string, options?: object) => MutexLock
    ESClient: new () => object
    BaseValidationType: new () => object
  }
}
interface Plugin { context: Context; heard: string[]; nowAtStart: number }

let classic: Awaited<ReturnType<typeof createClassicHost>>
let plugin: Plugin
let close: () => Promise<void>

const startPlugin = async (given: Partial<ClassicHost> = {}): Promise<void> => {
  classic = await createClassicHost(given)
  const candidate = await importFixture('classic-that-calls-in')
  const instance = new (candidate.exported as new () => object)()
  close = (await classic.start({ ...candidate, exported: instance } as PluginCandidate)).close
  plugin = instance as Plugin
}
const contextOf = async (manifest: object): Promise<Context> => {
  let shown: unknown
  await classic.start(candidateOf(class { init(_: unknown, context: unknown): void { shown = context } }, { manifest }))
  return shown as Context
}

beforeEach(() => startPlugin())
afterEach(() => classic.close())

const now: RequestData = { controller: 'server', action: 'now' }

describe('accessors.execute', () => {
  test('resolves to the same request with its result, and fires no events', async () => {
    const request = new plugin.context.constructors.Request(now)
    await expect(plugin.context.accessors.execute(request)).resolves.toBe(request)
    expect(request).toMatchObject({ result: { now: 1 }, status: 200 })
    expect(plugin.heard).toEqual([])
  })

  test('fires events when the request asks for them', async () => {
    await plugin.context.accessors.execute(new plugin.context.constructors.Request({ ...now, triggerEvents: true }))
    expect(plugin.heard).toEqual(['server:afterNow'])
  })

  test('calls back with the request or the error', async () => {
    const called = (data: RequestData): Promise<unknown[]> => new Promise((resolve) => {
      void plugin.context.accessors.execute(new plugin.context.constructors.Request(data), (...given) => resolve(given))
    })
    await expect(called(now)).resolves.toEqual([null, expect.objectContaining({ result: { now: 1 } })])
    await expect(called({ controller: 'server', action: 'never' })).resolves.toEqual([expect.objectContaining({ id: 'api.process.action_not_found' })])
  })

  test('logs what its callback throws', async () => {
    await new Promise<void>((resolve) => {
      void plugin.context.accessors.execute(new plugin.context.constructors.Request(now), () => { setImmediate(resolve); throw new Error('in the callback') })
    })
    expect(classic.pluginLogger.textsOf('error')).toEqual(['in the callback'])
  })

  test.each([
    ['plugin.context.missing_request', undefined, undefined],
    ['plugin.context.missing_request', {}, undefined],
    ['plugin.context.invalid_callback', new Request(now), 'later'],
    ['plugin.context.unavailable_realtime', new Request({ controller: 'realtime', action: 'subscribe' }), undefined],
  ])('refuses with %s', async (id, request, callback) => {
    await expect(plugin.context.accessors.execute(request as Request, callback as never)).rejects.toMatchObject({ id })
  })

  test('fires events for a plugin made before 1.2, once in a chain of requests', async () => {
    let old: Context | undefined
    const heard: string[] = []
    const exported = class {
      pipes = {
        'server:beforeNow': async (request: Request): Promise<Request> => {
          heard.push('server:beforeNow')
          await old?.accessors.execute(new old.constructors.Request(request, now))
          return request
        },
      }
      init(_: unknown, context: Context): void { old = context }
    }
    await classic.start(candidateOf(exported), { kuzzleVersion: '1.1.0' })
    await old?.accessors.execute(new old.constructors.Request({ controller: 'server', action: 'now' }))
    expect(heard).toEqual(['server:beforeNow'])
  })

  test('runs a request again that failed before', async () => {
    const request = new plugin.context.constructors.Request(now)
    request.setError(new Error('once'))
    await expect(plugin.context.accessors.execute(request)).resolves.toMatchObject({ error: null, result: { now: 1 } })
  })
})

describe('accessors.sdk', () => {
  test('works while init runs', () => expect(plugin.nowAtStart).toBe(1))

  test('asks as nobody, from within, without events', async () => {
    const { sdk } = plugin.context.accessors
    const { result } = await sdk.query({ controller: 'server', action: 'info', size: 3 })
    expect(result).toMatchObject({ user: null, protocol: 'funnel', args: { size: 3 } })
    expect(await sdk.query({ ...now, triggerEvents: true } as never)).toEqual({ result: { now: 1 } })
    expect(plugin.heard).toEqual(['server:afterNow'])
  })

  test('acts for a user', async () => {
    const { result } = await plugin.context.accessors.sdk.as({ _id: 'ada' }).query({ controller: 'server', action: 'info' })
    expect(result).toMatchObject({ user: 'ada' })
    expect(() => plugin.context.accessors.sdk.as({} as never)).toThrow(expect.objectContaining({ id: 'plugin.context.invalid_user' }))
  })

  test('rejects with the action\'s own error', async () => {
    await expect(plugin.context.accessors.sdk.query({ controller: 'server', action: 'never' })).rejects.toMatchObject({ id: 'api.process.action_not_found', status: 404 })
  })

  test('refuses actions on "my" account at once', () => {
    expect(() => plugin.context.accessors.sdk.query({ controller: 'auth', action: 'logout' }))
      .toThrow(expect.objectContaining({ id: 'api.process.forbidden_embedded_sdk_action' }))
  })

  test('subscribes through the host, until the plugin is closed', async () => {
    await classic.close()
    const connections = new Map<string, (channel: string, notification: unknown) => void>()
    await startPlugin({
      realtime: {
        register: (_connection, index) => Promise.resolve({ channel: `channel-${index}`, roomId: 'room' }),
        unregister: () => Promise.resolve(),
        connect: (id, deliver) => {
          connections.set(id, deliver)
          return () => void connections.delete(id)
        },
      },
    })
    const heard: unknown[] = []
    const room = await plugin.context.accessors.sdk.realtime.subscribe('shop', 'orders', {}, (notification) => { heard.push(notification) })
    for (const deliver of connections.values()) deliver('channel-shop', { type: 'document' })
    await plugin.context.accessors.sdk.realtime.unsubscribe(room)
    for (const deliver of connections.values()) deliver('channel-shop', { type: 'document' })
    expect(heard).toEqual([{ type: 'document' }])
    await plugin.context.accessors.sdk.as({ _id: 'ada' }).realtime.subscribe('shop', 'orders', {}, () => {})
    expect(connections.size).toBe(2)
    await close()
    expect(connections.size).toBe(0)
  })

  test('refuses to subscribe where the host has no realtime', async () => {
    await expect(plugin.context.accessors.sdk.realtime.subscribe('shop', 'orders', {}, () => {})).rejects.toMatchObject({ id: 'plugin.context.unavailable_realtime' })
    expect(() => plugin.context.accessors.subscription.register('c1', 'shop', 'orders', {})).toThrow(expect.objectContaining({ id: 'plugin.context.unavailable_realtime' }))
  })
})

describe('constructors.Request', () => {
  const origin = (): Request => new Request(
    { controller: 'shop', action: 'sell', index: 'shop', _id: 'apple', jwt: 'token', volatile: { till: 1, by: 'origin' }, requestId: 'r1' },
    { user: { _id: 'ada', profileIds: [] }, connection: { id: 'c1', protocol: 'http', headers: { zone: 'eu' } } },
  )

  test('is called with and without new, and what it makes are its instances', () => {
    const { Request: Classic } = plugin.context.constructors
    for (const made of [new Classic(now), Classic(now)]) {
      expect(made).toBeInstanceOf(Classic)
      expect(made.input).toMatchObject(now)
    }
    expect(origin()).toBeInstanceOf(Classic)
  })

  test('takes context, missing arguments, token and volatile data of another request', () => {
    const made = plugin.context.constructors.Request(origin(), { controller: 'document', action: 'get', _id: 'pear', volatile: { by: 'new' } })
    expect(made.context).toMatchObject({ user: { _id: 'ada' }, connection: { id: 'c1', protocol: 'http', misc: { headers: { zone: 'eu' } } } })
    expect(made.input).toMatchObject({ controller: 'document', jwt: 'token', volatile: { till: 1, by: 'new' } })
    expect(made.input.args).toEqual({ _id: 'pear', index: 'shop' })
    expect(made.input.resource.index).toBe('shop')
    expect(made.id).not.toBe('r1')
  })

  test('takes the first generation\'s names of a connection', () => {
    expect(plugin.context.constructors.Request(now, { connectionId: 'c2', protocol: 'mqtt' }).context.connection).toMatchObject({ id: 'c2', protocol: 'mqtt' })
  })

  test.each([[undefined], ['data'], [null]])('refuses %s', (data) => {
    expect(() => plugin.context.constructors.Request(data as never)).toThrow(expect.objectContaining({ id: 'plugin.context.missing_request_data' }))
    expect(() => plugin.context.constructors.Request(origin(), data as never)).toThrow(expect.objectContaining({ id: 'plugin.context.missing_request_data' }))
  })
})

describe('accessors.trigger', () => {
  test('emits an event under the plugin\'s name and resolves to what its pipes leave', async () => {
    await classic.start(candidateOf(class {
      pipes = { 'plugin-classic-that-calls-in:counted:twice': (count: number): Promise<number> => Promise.resolve(count + 1) }
      init(): void {}
    }))
    await expect(plugin.context.accessors.trigger('counted:twice', 1)).resolves.toBe(2)
  })

  test('refuses colons from the first generation', async () => {
    const { accessors } = await contextOf({ name: 'old-shop', kuzzleVersion: '^1.5.0' })
    expect(() => accessors.trigger('a:b')).toThrow(expect.objectContaining({ id: 'plugin.context.invalid_event' }))
  })
})

describe('what else a context holds', () => {
  test('errors are known to the host, whoever checks them', () => {
    const { errors } = plugin.context
    const error = new (errors.NotFoundError as never as new (message: string) => ApiError)('gone')
    expect(error).toBeInstanceOf(errors.KuzzleError)
    expect([ApiError.is(error), error.status]).toEqual([true, 404])
  })

  test('errors have the names of both generations, and a status of one\'s own choice', () => {
    const { errors } = plugin.context as unknown as { errors: Record<string, new (message: string, status?: number) => ApiError> }
    expect(Object.keys(errors)).toEqual(expect.arrayContaining([
      'BadRequestError', 'ExternalServiceError', 'ForbiddenError', 'GatewayTimeoutError', 'InternalError', 'KuzzleError', 'MultipleErrorsError', 'NotFoundError', 'ParseError',
      'PartialError', 'PluginImplementationError', 'PreconditionError', 'ServiceUnavailableError', 'SizeLimitError', 'TooManyRequestsError', 'UnauthorizedError',
    ]))
    expect(new errors.KuzzleError!('teapot', 418)).toMatchObject({ message: 'teapot', status: 418 })
    expect(new errors.PreconditionError!('not yet').toJSON()).not.toHaveProperty('id')
  })

  test('configuration is a copy, frozen for the second generation, with the version that the plugin expects', async () => {
    expect(plugin.context.config).toEqual({ version: '2.56.0', http: { port: 7512 } })
    expect(Object.isFrozen(plugin.context.config.http)).toBe(true)
    const old = await contextOf({ name: 'old-shop', kuzzleVersion: '^1.5.0' })
    expect(old.config.version).toBe('1.12.0')
    expect(Object.isFrozen(old.config)).toBe(false)
  })

  test('secrets are frozen', () => {
    expect(plugin.context.secrets).toEqual({ key: 'k1' })
    expect(Object.isFrozen(plugin.context.secrets)).toBe(true)
  })

  test('log takes any number of arguments and needs no "this"', () => {
    const { info } = plugin.context.log
    info('sold', { apples: 3 })
    expect(classic.pluginLogger.textsOf('info')).toEqual(['sold { apples: 3 }'])
  })

  test('Koncorde keeps filters and tells which of them a document satisfies', async () => {
    const filters = new plugin.context.constructors.Koncorde()
    const { id } = await filters.register('shop', 'orders', { equals: { kind: 'apple' } })
    expect((await filters.register('shop', 'orders', { equals: { kind: 'apple' } })).diff).toBe(false)
    expect(filters.test('shop', 'orders', { kind: 'apple' })).toEqual([id])
    expect(filters.test('shop', 'orders', { kind: 'pear' })).toEqual([])
    expect([filters.getIndexes(), filters.getCollections('shop'), filters.getFilterIds('shop', 'orders')]).toEqual([['shop'], ['orders'], [id]])
    await filters.remove(id)
    expect([filters.exists('shop', 'orders'), filters.hasFilter(id)]).toEqual([false, false])
    await expect(filters.validate({ equals: 7 })).rejects.toMatchObject({ id: 'api.assert.koncorde_dsl_error' })
    expect(plugin.context.constructors.Dsl).toBe(plugin.context.constructors.Koncorde)
  })

  test('a mutex lets one in at a time, across plugins', async () => {
    const { Mutex } = plugin.context.constructors
    const [first, second] = [new Mutex('till'), new Mutex('till', { timeout: 0 })]
    await expect(first.lock()).resolves.toBe(true)
    await expect(second.lock()).resolves.toBe(false)
    await second.unlock()
    await expect(new Mutex('till', { timeout: 0 }).wait()).resolves.toBe(false)
    await first.unlock()
    await expect(second.lock()).resolves.toBe(true)
    expect([first.locked, second.locked]).toEqual([false, true])
  })

  test('a mutex falls by itself after its time', async () => {
    const { Mutex } = plugin.context.constructors
    await new Mutex('till', { ttl: 5 }).lock()
    await expect(new Mutex('till', { attemptDelay: 2 }).lock()).resolves.toBe(true)
  })

  test('the Elasticsearch client says what to use instead', () => {
    expect(() => new plugin.context.constructors.ESClient()).toThrow(expect.objectContaining({ hint: expect.stringContaining('Repository') }))
  })

  test('validation types reach the host, if they are whole', async () => {
    await classic.close()
    const types: ValidationType[] = []
    await startPlugin({ validation: { open: () => ({ list: types, add: (type) => void types.push(type), close: () => void types.splice(0) }) } })
    const { constructors, accessors: { validation } } = plugin.context
    class Colour extends constructors.BaseValidationType {
      get typeName(): string { return 'colour' }
      get allowedTypeOptions(): string[] { return ['palette'] }
    }
    class Swatch extends constructors.BaseValidationType {
      constructor() {
        super()
        Object.assign(this, { typeName: 'swatch', allowChildren: true })
      }
    }
    validation.addType(new Colour())
    validation.addType(new Swatch())
    validation.addType({ typeName: 'plain', validate: () => true, validateFieldSpecification: () => true })
    expect(types).toMatchObject([
      { typeName: 'colour', allowChildren: false, allowedTypeOptions: ['palette'] }, { typeName: 'swatch', allowChildren: true, allowedTypeOptions: [] }, { typeName: 'plain', allowChildren: false },
    ])
    expect(types[0]!.validateFieldSpecification({ palette: [] })).toEqual({ palette: [] })
    expect(types[1]!.getStrictness({}, true)).toBe(true)
    await close()
    expect(types).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'missing_type_name'],
    ['no name', {}, 'missing_type_name'],
    ['a name that is no text', { typeName: 7 }, 'missing_type_name'],
    ['no methods', { typeName: 'shade' }, 'missing_function'],
    ['children, but no strictness', { typeName: 'shade', allowChildren: true, validate: () => true, validateFieldSpecification: () => true }, 'missing_function'],
  ])('a validation type that has %s is refused', (_, type, error) => {
    expect(() => plugin.context.accessors.validation.addType(type as object)).toThrow(expect.objectContaining({ id: `validation.types.${error}` }))
  })

  test('a plugin whose init fails leaves no validation types behind', async () => {
    const types: ValidationType[] = []
    await classic.close()
    classic = await createClassicHost({ validation: { open: () => ({ list: types, add: (type) => void types.push(type), close: () => void types.splice(0) }) } })
    let added = 0
    await expect(classic.start(candidateOf(class {
      init(_: unknown, { accessors, constructors }: Context): void {
        accessors.validation.addType(Object.assign(new constructors.BaseValidationType(), { typeName: 'colour' }))
        added = types.length
        throw new Error('no paint')
      }
    }))).rejects.toMatchObject({ id: 'plugin.runtime.failed_init' })
    expect([added, types]).toEqual([1, []])
  })

  test('a plugin that never ends its init is let go of once its time is over', async () => {
    let isOpen = true
    await classic.close()
    classic = await createClassicHost({ validation: { open: () => ({ list: [], add: () => undefined, close: () => { isOpen = false } }) } })
    void classic.start(candidateOf(class { init(): Promise<never> { return new Promise(() => undefined) } }), {}, 5)
    await until(() => isOpen, (open) => !open)
  })

  test('the node\'s id is the host\'s', () => expect(plugin.context.accessors.nodeId).toBe('node-1'))
})
