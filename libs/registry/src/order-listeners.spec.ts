import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { OrderCycle, orderListeners } from './order-listeners.js'

const named = (plugin: string, order: { before?: string[]; after?: string[] } = {}) => ({ plugin, ...order })
const namesOf = (listeners: readonly { plugin: string }[]): string[] => listeners.map(({ plugin }) => plugin)

describe('orderListeners', () => {
  test('leaves load order alone when nobody wishes otherwise', () => {
    expect(namesOf(orderListeners([named('b'), named('a'), named('c')]))).toEqual(['b', 'a', 'c'])
  })

  test('puts a listener after those it names, and no later than needed', () => {
    expect(namesOf(orderListeners([named('a', { after: ['c'] }), named('b'), named('c'), named('d')]))).toEqual(['c', 'a', 'b', 'd'])
  })

  test('puts a listener before those it names', () => {
    expect(namesOf(orderListeners([named('a'), named('b'), named('c', { before: ['a'] })]))).toEqual(['c', 'a', 'b'])
  })

  test('ignores wishes about plugins that do not listen', () => {
    expect(namesOf(orderListeners([named('a', { after: ['elsewhere'] }), named('b')]))).toEqual(['a', 'b'])
  })

  test('ignores a wish about oneself', () => {
    expect(namesOf(orderListeners([named('a', { after: ['a'] }), named('a')]))).toEqual(['a', 'a'])
  })

  test('draws the circle when wishes cannot all be met', () => {
    const circle = [named('a', { after: ['b'] }), named('b', { after: ['c'] }), named('c', { after: ['a'] })]
    expect(() => orderListeners(circle)).toThrow(OrderCycle)
    try {
      orderListeners(circle)
    } catch (error) {
      const { cycle } = error as OrderCycle
      expect(cycle[0]).toBe(cycle.at(-1))
      expect([...new Set(cycle)].sort()).toEqual(['a', 'b', 'c'])
    }
  })

  test('meets every wish there is, whatever the listeners, or says that it cannot', () => {
    const plugin = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const listener = fc.record({ plugin, before: fc.subarray(['a', 'b', 'c']), after: fc.subarray(['c', 'd', 'e']) })
    fc.assert(fc.property(fc.array(listener, { maxLength: 6 }), (listeners) => {
      let ordered: readonly typeof listeners[number][]
      try {
        ordered = orderListeners(listeners)
      } catch (error) {
        return error instanceof OrderCycle
      }
      const mustPrecede = (one: typeof listeners[number], other: typeof listeners[number]): boolean =>
        one.plugin !== other.plugin && (one.before.includes(other.plugin) || other.after.includes(one.plugin))
      return ordered.length === listeners.length
        && ordered.every((one, position) => ordered.slice(0, position).every((earlier) => !mustPrecede(one, earlier)))
    }))
  })
})
