import { describe, expect, test } from '@jest/globals'
import { Slots } from './slots.js'

describe('Slots', () => {
  test('admits as many as it holds, at once', () => {
    const slots = new Slots(2, 1)
    expect([slots.enter(), slots.enter()]).toEqual([true, true])
    expect(slots.taken).toBe(2)
  })

  test('lets the others wait in order, and refuses when too many do', async () => {
    const slots = new Slots(1, 2)
    slots.enter()
    const order: string[] = []
    const first = Promise.resolve(slots.enter()).then(() => order.push('first'))
    const second = Promise.resolve(slots.enter()).then(() => order.push('second'))
    expect(slots.enter()).toBe(false)
    expect(slots.waiting).toBe(2)
    slots.leave()
    await first
    slots.leave()
    await second
    expect(order).toEqual(['first', 'second'])
  })

  test('counts back to nothing', async () => {
    const slots = new Slots(1, 5)
    slots.enter()
    const waiting = slots.enter()
    slots.leave()
    await waiting
    slots.leave()
    expect([slots.taken, slots.waiting]).toEqual([0, 0])
  })
})
