import { describe, expect, test } from '@jest/globals'
import fc from '../../../../test/support/property-testing.js'
import { IntervalTree } from './interval-tree.js'

const interval = fc.record({ low: fc.integer({ min: 0, max: 20 }), width: fc.integer({ min: 0, max: 8 }) }).map(({ low, width }) => ({ low, high: low + width }))

function found(tree: IntervalTree<{ serial: number }>, value: number): number[] {
  const serials: number[] = []
  tree.visit(value, ({ serial }) => serials.push(serial))
  return serials.sort((one, other) => one - other)
}

describe('an interval tree', () => {
  test('finds the intervals that contain a number, whatever was added and removed', () => {
    fc.assert(fc.property(fc.array(fc.tuple(interval, fc.boolean()), { maxLength: 60 }), fc.array(fc.integer({ min: -1, max: 30 }), { minLength: 1 }), (entries, values) => {
      const tree = new IntervalTree<{ serial: number }>()
      const members = entries.map((_, serial) => ({ serial }))
      entries.forEach(([each], serial) => tree.add(each, members[serial]!))
      entries.forEach(([each, isRemoved], serial) => { if (isRemoved) tree.remove(each, members[serial]!) })
      const left = entries.map(([each, isRemoved], serial) => ({ ...each, serial, isRemoved })).filter(({ isRemoved }) => !isRemoved)
      for (const value of values) {
        expect(found(tree, value)).toEqual(left.filter(({ low, high }) => low <= value && value <= high).map(({ serial }) => serial))
      }
      expect(tree.isEmpty).toBe(left.length === 0)
    }))
  })

  test('knows half-open ends, and no interval that contains NaN', () => {
    const tree = new IntervalTree<{ serial: number }>()
    tree.add({ low: -Infinity, high: 3 }, { serial: 1 })
    tree.add({ low: 3, high: Infinity }, { serial: 2 })
    expect([found(tree, -1e300), found(tree, 3), found(tree, 1e300), found(tree, NaN)]).toEqual([[1], [1, 2], [2], []])
  })

  test('stays shallow when intervals come in order', () => {
    const tree = new IntervalTree<{ serial: number }>()
    for (let serial = 0; serial < 100_000; serial++) tree.add({ low: serial, high: serial }, { serial })
    expect(found(tree, 77_777)).toEqual([77_777])
  })

  test('counts a few intervals that contain a number, and estimates many', () => {
    const tree = new IntervalTree<{ serial: number }>()
    expect(tree.estimate(1)).toBe(0)
    for (let serial = 0; serial < 1000; serial++) tree.add(serial < 950 ? { low: 0, high: 10 } : { low: 11, high: 20 }, { serial })
    expect([tree.estimate(15), tree.estimate(21)]).toEqual([50, 0])
    expect(tree.estimate(5)).toBeGreaterThan(500)
  })
})
