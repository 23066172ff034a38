import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { RegistrationError } from '@app/registry'
import type { StrategyDefinition } from '@app/registry'
import { BodyStrategy, createMemoryMethods, createMemoryStrategy, createPlugin, openTestSecurity, type TestSecurity } from '../../../../test/support/open-test-security.js'
import { PluginStrategies } from './plugin-strategies.js'
import type { StrategyRegistry } from './strategy-registry.js'

describe('ways to log in', () => {
  let host: TestSecurity
  let strategies: StrategyRegistry

  beforeEach(async () => {
    host = await openTestSecurity();
    ({ strategies } = host.security.services)
  })
  afterEach(() => host.close())

  const register = (name: string, ...definitions: StrategyDefinition[]): (() => void) => host.registry.register(createPlugin({ name, strategies: definitions }))
  const faultsOf = (run: () => unknown): string[] => {
    try {
      run()
      return []
    } catch (error) {
      return (error as RegistrationError).faults.map(({ message }) => message)
    }
  }

  test('are none at first', () => {
    expect(strategies.names).toEqual([])
    expect(() => strategies.get('local')).toThrow(expect.objectContaining({ id: 'security.credentials.unknown_strategy', status: 400, props: ['local'] }))
  })

  test.each(['__proto__', 'constructor', 'toString'])('are not found in a prototype: %s', (name) => {
    expect(() => strategies.get(name)).toThrow(expect.objectContaining({ id: 'security.credentials.unknown_strategy' }))
  })

  test('come and go with their plugin', () => {
    const remove = register('one', createMemoryStrategy(), createMemoryStrategy(createMemoryMethods(), 'other'))
    expect(strategies.names).toEqual(['memory', 'other'])
    remove()
    expect(strategies.names).toEqual([])
  })

  test('are constructed once, the way that Passport strategies are', () => {
    const made: [object, unknown][] = []
    class Counted extends BodyStrategy {
      constructor(options: object, verify: ConstructorParameters<typeof BodyStrategy>[1]) {
        super(options, verify)
        made.push([options, verify])
      }
    }
    register('one', { ...createMemoryStrategy(), strategy: Counted, options: { colour: 'red', passReqToCallback: false } })
    register('unrelated')
    register('unrelated-too')
    expect(made).toEqual([[{ colour: 'red', passReqToCallback: true }, expect.any(Function)]])
  })

  test('are told that they are in use, with the instance', () => {
    const told: unknown[] = []
    register('one', createMemoryStrategy({ ...createMemoryMethods(), afterRegister: (instance) => told.push(instance) }))
    expect(told).toEqual([strategies.get('memory').instance])
  })

  test('that fail once they are told are logged under the plugin\'s name, and work', async () => {
    register('one', createMemoryStrategy({ ...createMemoryMethods(), afterRegister: () => { throw new Error('not now') } }))
    register('two', createMemoryStrategy({ ...createMemoryMethods(), afterRegister: () => Promise.reject(new Error('not later')) }, 'second'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(host.logged.filter((line) => /not now|not later/.test(line))).toEqual([expect.stringContaining('plugin "one"'), expect.stringContaining('plugin "two"')])
    expect(strategies.names).toEqual(['memory', 'second'])
  })

  test('of one name are one plugin\'s: the second is refused, wholly', () => {
    register('one', createMemoryStrategy())
    expect(faultsOf(() => register('two', createMemoryStrategy(), createMemoryStrategy(createMemoryMethods(), 'extra')))).toEqual([expect.stringContaining('plugin "one" has a strategy of that name')])
    expect(strategies.names).toEqual(['memory'])
    expect(host.registry.plugins.map(({ name }) => name)).not.toContain('two')
  })

  test('that cannot be constructed keep their plugin out', () => {
    class Broken { constructor() { throw new TypeError('OAuth2Strategy requires a clientID option') } }
    class Nothing {}
    expect(faultsOf(() => register('one', { ...createMemoryStrategy(), strategy: Broken }))).toEqual([expect.stringContaining('requires a clientID option')])
    expect(faultsOf(() => register('two', { ...createMemoryStrategy(), strategy: Nothing }))).toEqual([expect.stringContaining('it has no method "authenticate"')])
    expect(strategies.names).toEqual([])
  })

  describe('added while the host runs', () => {
    const added = { strategy: BodyStrategy, methods: createMemoryMethods() }
    const of = (plugin: string): PluginStrategies => new PluginStrategies(strategies, plugin)

    test('are there at once, and gone when they are removed', async () => {
      register('one')
      await of('one').add('memory', added)
      expect(strategies.get('memory').plugin).toBe('one')
      await of('one').remove('memory')
      expect(strategies.names).toEqual([])
    })

    test('are told as events', async () => {
      const events: unknown[] = []
      const hook = (event: string): { event: string; name: string; handler: (payload: unknown) => void } => ({ event, name: 'Spy', handler: (payload) => { events.push([event, payload]) } })
      host.registry.register(createPlugin({ name: 'spy', hooks: [hook('core:auth:strategyAdded'), hook('core:auth:strategyRemoved')] }))
      register('one')
      await of('one').add('memory', added)
      await of('one').remove('memory')
      await new Promise((resolve) => setImmediate(resolve))
      expect(events).toEqual([
        ['core:auth:strategyAdded', { name: 'memory', pluginName: 'one', strategy: expect.objectContaining({ name: 'memory' }) }],
        ['core:auth:strategyRemoved', { name: 'memory', pluginName: 'one' }],
      ])
    })

    test('by a plugin that has not started yet wait until it has', async () => {
      await of('one').add('memory', added)
      expect(strategies.names).toEqual([])
      const remove = register('one')
      expect(strategies.names).toEqual(['memory'])
      remove()
      expect(strategies.names).toEqual([])
      register('one')
      expect(strategies.names).toEqual([])
    })

    test('take the place of one of the same plugin', async () => {
      register('one', createMemoryStrategy())
      const before = strategies.get('memory').instance
      await of('one').add('memory', added)
      expect(strategies.get('memory').instance).not.toBe(before)
      expect(strategies.names).toEqual(['memory'])
    })

    test('never take the place of another plugin\'s', async () => {
      register('one', createMemoryStrategy())
      register('two')
      await expect(of('two').add('memory', added)).rejects.toMatchObject({ id: 'plugin.strategy.unauthorized_removal' })
      await expect(of('two').remove('memory')).rejects.toMatchObject({ id: 'plugin.strategy.unauthorized_removal' })
      expect(strategies.get('memory').plugin).toBe('one')
    })

    test('cannot be removed when they are not there', async () => {
      await expect(of('one').remove('ghost')).rejects.toMatchObject({ id: 'plugin.strategy.strategy_not_found', status: 404 })
    })

    test('stay removed when other plugins come and go', async () => {
      register('one', createMemoryStrategy())
      await of('one').remove('memory')
      register('two')
      expect(strategies.names).toEqual([])
    })

    test('may make their options from the methods\' object', async () => {
      register('one')
      await of('one').add('memory', { ...added, options: (methods) => ({ hasGiven: methods === added.methods }) })
      expect((strategies.get('memory').instance as unknown as BodyStrategy).options).toMatchObject({ hasGiven: true })
    })

    test('that cannot be constructed are refused, and leave nothing', async () => {
      register('one')
      class Broken { constructor() { throw new Error('broken') } }
      await expect(of('one').add('memory', { ...added, strategy: Broken })).rejects.toThrow('broken')
      expect(strategies.names).toEqual([])
    })
  })
})
