import { describe, expect, test } from '@jest/globals'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { RegistrationError, Registry } from './registry.js'
import { findUnheardEvents } from './unheard-events.js'

const same = (value: unknown): unknown => value
const controller = (name: string, path?: string) =>
  ({ name, actions: [{ name: 'say', handler: same, routes: path ? [{ verb: 'GET' as const, path }] : [] }] })
const pipe = (event: string, order: { before?: string[]; after?: string[] } = {}) => ({ event, name: 'X.y', handler: same, ...order })

function faultsOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof RegistrationError) return error.faults.map(({ id, hint, place }) => ({ id, hint, place }))
    throw error
  }
  return []
}

describe('register', () => {
  test('refuses a second plugin of one name, in whatever case, and says where the first one is', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'geo' }))
    expect(faultsOf(() => registry.register(definePlugin({ name: 'Geo', place: 'elsewhere' }))))
      .toEqual([{ id: 'plugin.assert.name_already_exists', hint: expect.stringContaining('plugins/enabled/geo'), place: 'elsewhere' }])
  })

  test('tells all faults of a plugin at once, and keeps nothing of it', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'one', controllers: [controller('hello', '/hello')] }))
    const faulty = definePlugin({ name: 'two', controllers: [controller('hello'), controller('other', '/hello/')], pipes: [pipe('a:b')] })
    expect(faultsOf(() => registry.register(faulty)).map(({ id }) => id)).toEqual(['plugin.assert.invalid_controller_definition', 'network.http.duplicate_url'])
    expect(registry.plugins.map(({ name }) => name)).toEqual(['one'])
    expect(registry.actions.has('other')).toBe(false)
    expect(registry.chainOf('a:b')).toBeUndefined()
  })

  test('returns what takes the plugin out again without a trace', () => {
    const registry = new Registry()
    const undo = registry.register(definePlugin({ name: 'one', controllers: [controller('hello', '/hello/:name')], pipes: [pipe('a:b')], hooks: [pipe('a:*')] }))
    expect(registry.routes.all).toHaveLength(1)
    undo()
    expect([registry.plugins, [...registry.actions], registry.routes.all, registry.heard, registry.chainOf('a:b')]).toEqual([[], [], [], [], undefined])
    undo()
    expect(registry.plugins).toEqual([])
  })

  test('lets routes differ by verb or shape, and not by the names of parameters', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'one', controllers: [controller('a', '/x/:id')] }))
    expect(faultsOf(() => registry.register(definePlugin({ name: 'two', controllers: [controller('b', '/x/:name')] })))).toHaveLength(1)
    expect(faultsOf(() => registry.register(definePlugin({ name: 'three', controllers: [controller('c', '/x/name')] })))).toEqual([])
  })

  test('draws the circle when plugins each want to run before the other, and keeps the first', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'one', pipes: [pipe('a:b', { after: ['two'] })] }))
    expect(faultsOf(() => registry.register(definePlugin({ name: 'two', pipes: [pipe('a:b', { after: ['one'] })] }))))
      .toEqual([expect.objectContaining({ id: 'plugin.assert.order_cycle', place: 'plugins/enabled/two → X.y' })])
    expect(registry.plugins.map(({ name }) => name)).toEqual(['one'])
  })

  test.each([['a:*', 'a:beforeX'], ['a:before*', 'a:*'], ['*:*', 'a:before*']])('finds the circle of listeners to %s and %s before anybody compiles their chain', (first, second) => {
    const registry = new Registry()
    registry.onChange(() => registry.chainOf('a:beforeX'))
    registry.register(definePlugin({ name: 'one', hooks: [pipe(first, { after: ['two'] })] }))
    expect(faultsOf(() => registry.register(definePlugin({ name: 'two', hooks: [pipe(second, { after: ['one.y'] })] }))))
      .toEqual([expect.objectContaining({ id: 'plugin.assert.order_cycle', hint: 'Take one of these wishes back.' })])
    expect(registry.chainOf('a:beforeX')?.hooks.map(({ plugin }) => plugin)).toEqual(['one'])
  })
})

describe('chainOf', () => {
  test('is compiled once and again when plugins change', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'one', pipes: [pipe('a:b')] }))
    const chain = registry.chainOf('a:b')
    expect(registry.chainOf('a:b')).toBe(chain)
    const undo = registry.register(definePlugin({ name: 'two', hooks: [pipe('a:b')] }))
    expect(registry.chainOf('a:b')).toMatchObject({ pipes: [{ plugin: 'one' }], hooks: [{ plugin: 'two' }] })
    undo()
    expect(registry.chainOf('a:b')?.hooks).toEqual([])
  })

  test('orders listeners of an event by the wishes of their plugins', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'created-at', pipes: [pipe('a:b', { after: ['stock-guard'] })] }))
    registry.register(definePlugin({ name: 'stock-guard', pipes: [pipe('a:b')] }))
    expect(registry.chainOf('a:b')?.pipes.map(({ plugin }) => plugin)).toEqual(['stock-guard', 'created-at'])
  })

  test('calls a listener once, however many of its patterns fit', () => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'one', hooks: [pipe('a:*')] }))
    expect(registry.chainOf('a:*')?.hooks).toHaveLength(1)
  })
})

test('onChange tells of plugins that come and go, until stopped', () => {
  const registry = new Registry()
  let times = 0
  const stop = registry.onChange(() => times++)
  registry.register(definePlugin({ name: 'one' }))()
  stop()
  registry.register(definePlugin({ name: 'two' }))
  expect(times).toBe(2)
})

describe('findUnheardEvents', () => {
  const unheard = (event: string) => {
    const registry = new Registry()
    registry.register(definePlugin({ name: 'document', controllers: [{ name: 'document', actions: [{ name: 'create', handler: same, routes: [] }] }] }))
    registry.register(definePlugin({ name: 'geo', hooks: [pipe(event)] }))
    return findUnheardEvents(registry).map(({ plugin, kind, suggestion }) => ({ plugin: plugin.name, kind, suggestion }))
  }

  test.each(['document:beforeCreate', 'document:errorCreate', 'document:after*', 'document:*', '*:*', 'generic:document:afterGet', 'generic:*', 'plugin-geo:moved'])(
    'knows that %s happens', (event) => expect(unheard(event)).toEqual([]))

  test.each([
    ['document:beforeCraete', 'document:beforeCreate'],
    ['documents:*', 'document:*'],
    ['kuzzle:state:redy', 'kuzzle:state:ready'],
  ])('suggests for %s the nearest event, %s', (event, suggestion) => expect(unheard(event)).toEqual([{ plugin: 'geo', kind: 'hook', suggestion }]))

  test.each([['document:created', 'document:afterCreate'], ['*:before*', '*:*']])('suggests for %s the nearest of its scope, however far: %s', (event, suggestion) =>
    expect(unheard(event)).toEqual([{ plugin: 'geo', kind: 'hook', suggestion }]))

  test.each(['', 'shop/cart:afterPay', 'settled', 'a:b'])('suggests nothing for "%s", which is like nothing', (event) =>
    expect(unheard(event)).toEqual([{ plugin: 'geo', kind: 'hook', suggestion: undefined }]))

  test('does not know events of plugins that are not there', () => {
    expect(unheard('plugin-other:moved')).toHaveLength(1)
  })
})
