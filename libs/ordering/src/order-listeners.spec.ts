import { describe, expect, test } from '@jest/globals'
import type { Phase } from '@mortise/sdk'
import fc from '../../../test/support/property-testing.js'
import { labelOf, nameOf, rankOf, type Orderable } from './demands.js'
import { explainOrder } from './explain-order.js'
import { OrderCycle } from './order-cycle.js'
import { orderListeners } from './order-listeners.js'

/** A listener from a text such as `a`, whose method is `run`, or `a.stamp`. */
const named = (full: string, order: Partial<Orderable> = {}): Orderable => {
  const [plugin = '', method = 'run'] = full.split('.')
  return { plugin, name: `Class.${method}`, ...order }
}
const pluginsOf = (listeners: readonly Orderable[]): string[] => listeners.map(({ plugin }) => plugin)
const order = (...listeners: readonly Orderable[]): string[] => pluginsOf(orderListeners(listeners))

function cycleIn(...listeners: readonly Orderable[]): OrderCycle {
  try {
    orderListeners(listeners)
  } catch (error) {
    if (error instanceof OrderCycle) return error
    throw error
  }
  throw new Error('there is no circle')
}

describe('without circles', () => {
  test('listeners come in the order they are called in, and why they stand there can be asked', () => {
    const listeners = [named('audit.record'), named('guard.check', { before: ['audit'] })]

    const ordered = orderListeners(listeners)
    const reasons = explainOrder(ordered)

    expect(ordered.map(labelOf)).toEqual(['check', 'record'])
    expect(reasons[0]).toMatchObject([expect.stringContaining('audit')])
  })

  test('load order is left alone when nobody wishes otherwise', () => {
    expect(order(named('b'), named('a'), named('c'))).toEqual(['b', 'a', 'c'])
  })

  test('a listener comes after those it names, and no later than needed', () => {
    expect(order(named('a', { after: ['c'] }), named('b'), named('c'), named('d'))).toEqual(['c', 'a', 'b', 'd'])
  })

  test('a listener comes before those it names', () => {
    expect(order(named('a'), named('b'), named('c', { before: ['a'] }))).toEqual(['c', 'a', 'b'])
  })

  test('early ones come before normal ones, and late ones last, each in load order', () => {
    const listeners = [named('a', { phase: 'late' }), named('b'), named('c', { phase: 'early' }), named('d', { phase: 'late' }), named('e', { phase: 'normal' }), named('f', { phase: 'early' })]
    expect(order(...listeners)).toEqual(['c', 'f', 'b', 'e', 'a', 'd'])
  })

  test('wishes hold within a phase, and ask for nothing that phases give already', () => {
    expect(order(named('a', { phase: 'late', after: ['c'] }), named('b', { phase: 'late', before: ['a'] }), named('c'))).toEqual(['c', 'b', 'a'])
  })

  test.each(['b.check', 'check'])('a listener may be named as "%s", and others of its plugin stay where they are', (name) => {
    const listeners = [named('b.other'), named('a', { before: [name] }), named('b.check')]
    expect(orderListeners(listeners).map(nameOf)).toEqual(['b.other', 'a.run', 'b.check'])
    const after = [named('a', { after: [name] }), named('b.other'), named('b.check')]
    expect(orderListeners(after).map(nameOf)).toEqual(['b.check', 'a.run', 'b.other'])
  })

  test('a name is a plugin\'s before it is a listener\'s', () => {
    expect(order(named('c.check'), named('check'), named('a', { before: ['check'] }))).toEqual(['c', 'a', 'check'])
  })

  test('listeners of one plugin may name each other', () => {
    expect(orderListeners([named('a.second', { after: ['first'] }), named('a.first')]).map(labelOf)).toEqual(['first', 'second'])
  })

  test('wishes about those who do not listen, about one\'s own plugin and about oneself ask for nothing', () => {
    expect(order(named('a', { after: ['elsewhere'] }), named('b'))).toEqual(['a', 'b'])
    expect(order(named('a.one', { after: ['a'] }), named('a.two'))).toEqual(['a', 'a'])
    expect(order(named('a', { after: ['run', 'a.run'] }), named('b.other'))).toEqual(['a', 'b'])
  })
})

describe('a circle', () => {
  test('is drawn, with what asks for each step of it', () => {
    const { cycle, message } = cycleIn(named('x'), named('a', { after: ['b'] }), named('b', { after: ['c'] }), named('c', { after: ['a.run'] }))
    expect(cycle[0]).toBe(cycle.at(-1))
    expect([...new Set(cycle)].sort()).toEqual(['a.run', 'b.run', 'c.run'])
    expect(message.split('\n')[0]).toBe(cycle.join(' -> '))
    expect(message.split('\n').slice(1).sort()).toEqual([
      '  a.run before c.run: c.run says after "a.run"',
      '  b.run before a.run: a.run says after "b"',
      '  c.run before b.run: b.run says after "c"',
    ])
  })

  test('of a wish against phases names both phases', () => {
    expect(cycleIn(named('a', { phase: 'early', after: ['b'] }), named('b')).message).toBe([
      'b.run -> a.run -> b.run',
      '  b.run before a.run: a.run says after "b"',
      '  a.run before b.run: a.run is early and b.run normal',
    ].join('\n'))
  })

  test('knows its listeners', () => {
    const [one, other] = [named('a', { after: ['b'] }), named('b', { after: ['a'] })]
    expect(new Set(cycleIn(one, other).listeners)).toEqual(new Set([one, other]))
  })
})

describe('explainOrder', () => {
  test('tells the phase, what a listener asks for, and what others ask of it', () => {
    const listeners = orderListeners([
      named('loaded'), named('audit', { phase: 'late' }), named('stamp', { before: ['check'] }), named('check'), named('lonely', { after: ['nobody'] }),
    ])
    expect(Object.fromEntries(explainOrder(listeners).map((reasons, at) => [listeners[at]?.plugin, reasons]))).toEqual({
      loaded: ['load order'], lonely: ['load order'], audit: ['phase late'],
      stamp: ['stamp.run says before "check"'], check: ['stamp.run says before "check"'],
    })
  })
})

describe('whatever the listeners', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'a.one', 'b.two', 'one', 'two')
  const listener: fc.Arbitrary<Orderable> = fc.record({
    plugin: fc.constantFrom('a', 'b', 'c', 'd'),
    name: fc.constantFrom('Class.one', 'Class.two'),
    phase: fc.constantFrom<(Phase | undefined)[]>('early', 'normal', 'late', undefined, undefined, undefined),
    before: fc.array(name, { maxLength: 1 }),
    after: fc.array(name, { maxLength: 1 }),
  })
  const names = (wishes: readonly string[] | undefined, by: Orderable, other: Orderable, all: readonly Orderable[]): boolean =>
    (wishes ?? []).some((wish) => (pluginsOf(all).includes(wish) ? wish === other.plugin && by.plugin !== wish : other !== by && [labelOf(other), nameOf(other)].includes(wish)))
  const mustPrecede = (one: Orderable, other: Orderable, all: readonly Orderable[]): boolean =>
    rankOf(one) < rankOf(other) || names(one.before, one, other, all) || names(other.after, other, one, all)
  const isSound = (ordered: readonly Orderable[], all: readonly Orderable[]): boolean =>
    ordered.every((one, position) => ordered.slice(0, position).every((earlier) => !mustPrecede(one, earlier, all)))
  const permutations = <T>(list: readonly T[]): T[][] =>
    (list.length === 0 ? [[]] : list.flatMap((first, at) => permutations(list.toSpliced(at, 1)).map((rest) => [first, ...rest])))

  test('every wish is met, or it is true that they cannot all be', () => {
    fc.assert(fc.property(fc.array(listener, { maxLength: 5 }), (all) => {
      try {
        const ordered = orderListeners(all)
        return new Set(ordered).size === all.length && ordered.length === all.length && isSound(ordered, all)
      } catch (error) {
        if (!(error instanceof OrderCycle)) throw error
        return !permutations(all).some((each) => isSound(each, all))
      }
    }))
  })

  test('a circle that is drawn is one', () => {
    fc.assert(fc.property(fc.array(listener, { minLength: 2, maxLength: 8 }), (all) => {
      try {
        return orderListeners(all).length === all.length
      } catch (error) {
        const { demands } = error as OrderCycle
        return demands.every(({ first, second }, at) => mustPrecede(first, second, all) && second === demands[(at + 1) % demands.length]?.first)
      }
    }))
  })

  test('what is in order stays as it is', () => {
    fc.assert(fc.property(fc.array(listener, { maxLength: 8 }), (all) => {
      try {
        const ordered = orderListeners(all)
        expect(orderListeners(ordered)).toEqual(ordered)
      } catch (error) {
        if (!(error instanceof OrderCycle)) throw error
      }
    }))
  })
})
