import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AddedStrategy, Strategies } from '@mortise/sdk'
import { candidateOf, createClassicHost, importFixture } from '../../../../test/support/create-classic-host.js'

const added: [string, AddedStrategy][] = []
const removed: string[] = []
const strategies: Strategies = {
  add: (...given) => Promise.resolve(void added.push(given)),
  remove: (name) => Promise.resolve(void removed.push(name)),
}

let classic: Awaited<ReturnType<typeof createClassicHost>>
beforeEach(async () => { classic = await createClassicHost({ strategiesOf: () => strategies }) })
afterEach(() => classic.close())

class KeyStrategy {}
const methods = { verify: 'run', exists: 'run', create: 'run', update: 'run', delete: 'run', validate: 'run' }
const config = { authenticator: 'KeyStrategy', fields: ['key'] }
const declaring = (declared: object) => candidateOf(class {
  constructor() { Object.assign(this, { authenticators: { KeyStrategy } }, declared) }
  init(): void {}
  run(): Promise<unknown> { return Promise.resolve(this.constructor.name) }
})

describe('strategies', () => {
  test('are those that init left, with their class, options and bound methods', async () => {
    const { definition } = await classic.start(await importFixture('classic-that-logs-in'))
    expect(definition.strategies.map(({ name }) => name)).toEqual(['key', 'card'])
    const [key] = definition.strategies
    expect(key).toMatchObject({ options: { header: 'x-key' }, authenticateOptions: {}, fields: ['key'] })
    expect(key?.strategy.name).toBe('KeyStrategy')
    expect(Object.keys(key?.methods ?? {})).toEqual(['verify', 'exists', 'create', 'update', 'delete', 'validate'])
    const { verify } = key?.methods ?? {}
    await expect(verify?.({} as never)).resolves.toEqual({ kuid: 'ClassicThatLogsIn' })
    expect(definition.details).toMatchObject({ strategies: ['key', 'card'] })
  })

  test('of the first generation give their class themselves', async () => {
    const { definition } = await classic.start(declaring({ strategies: { key: { config: { constructor: KeyStrategy }, methods: { ...methods, getInfo: 'run' } } } }))
    expect(definition.strategies[0]).toMatchObject({ strategy: KeyStrategy, methods: { getInfo: expect.any(Function) } })
  })

  test('added and removed later reach the host', async () => {
    let accessor: { add(name: string, definition: object): Promise<void>; remove(name: string): Promise<void> } | undefined
    const exported = class {
      authenticators = { KeyStrategy }
      init(_: unknown, context: { accessors: { strategies: typeof accessor } }): void { accessor = context.accessors.strategies }
      run(): void {}
    }
    await classic.start(candidateOf(exported))
    await accessor?.add('later', { config, methods })
    await accessor?.remove('later')
    expect(added).toEqual([['later', expect.objectContaining({ name: 'later', strategy: KeyStrategy })]])
    expect(removed).toEqual(['later'])
    await expect(accessor?.add('lame', { config: {}, methods })).rejects.toMatchObject({ id: 'plugin.context.missing_authenticator' })
  })

  test.each([
    ['plugin.strategy.invalid_description', { strategies: 'key' }],
    ['plugin.strategy.invalid_definition', { strategies: { key: 7 } }],
    ['plugin.strategy.invalid_methods', { strategies: { key: { config } } }],
    ['plugin.strategy.invalid_config', { strategies: { key: { methods } } }],
    ['plugin.strategy.invalid_method_type', { strategies: { key: { config, methods: { ...methods, verify: () => {} } } } }],
    ['plugin.strategy.missing_method_function', { strategies: { key: { config, methods: { ...methods, verify: 'walk' } } } }],
    ['plugin.strategy.invalid_authenticator', { strategies: { key: { config: {}, methods } } }],
    ['plugin.strategy.unknown_authenticator', { strategies: { key: { config: { authenticator: 'KeyStratagy' }, methods } } }],
    ['plugin.strategy.invalid_constructor', { strategies: { key: { config: { constructor: 'KeyStrategy' }, methods } } }],
    ['plugin.strategy.unexpected_constructor', { strategies: { key: { config: { ...config, constructor: KeyStrategy }, methods } } }],
    ['plugin.strategy.invalid_option', { strategies: { key: { config: { ...config, strategyOptions: 'none' }, methods } } }],
    ['plugin.strategy.invalid_fields', { strategies: { key: { config: { ...config, fields: 'key' }, methods } } }],
    ['plugin.authenticators.not_an_object', { authenticators: 'KeyStrategy' }],
    ['plugin.authenticators.invalid_authenticator', { authenticators: { KeyStrategy: 'KeyStrategy' } }],
  ])('are refused with %s', async (id, declared) => {
    await expect(classic.start(declaring(declared))).rejects.toMatchObject({ id, place: expect.stringContaining('plugins/enabled/shop') })
  })
})
