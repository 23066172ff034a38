import { describe, expect, test } from '@jest/globals'
import { Slots } from './slots.js'
import { Turns } from './turns.js'

describe('Turns', () => {
  test('are granted at once where there are no lines', () => {
    const turns = new Turns(undefined, undefined)
    expect([turns.enter(), turns.enter()]).toEqual([true, true])
    expect(() => turns.leave()).not.toThrow()
  })

  test('need room in the listener\'s line and in the one of its plugin', () => {
    const [first, second, shared] = [new Slots(2, 0), new Slots(2, 0), new Slots(3, 0)]
    const [mine, yours] = [new Turns(first, shared), new Turns(second, shared)]
    expect([mine.enter(), mine.enter(), mine.enter()]).toEqual([true, true, false])
    expect([yours.enter(), yours.enter()]).toEqual([true, false])
    // What the plugin's line refused has not taken a place in the listener's.
    expect([first.taken, second.taken, shared.taken]).toEqual([2, 1, 3])
    mine.leave()
    expect(yours.enter()).toBe(true)
  })

  test('may wait in one line, and be refused in the next', async () => {
    const [own, shared] = [new Slots(1, 1), new Slots(1, 0)]
    const turns = new Turns(own, shared)
    turns.enter()
    const waiting = turns.enter()
    own.leave()
    expect(await waiting).toBe(false)
    expect([own.taken, shared.taken]).toEqual([0, 1])
  })

  test('that were waited for hold a place in both', async () => {
    const [own, shared] = [new Slots(1, 1), new Slots(1, 1)]
    const turns = new Turns(own, shared)
    turns.enter()
    const waiting = turns.enter()
    turns.leave()
    expect(await waiting).toBe(true)
    expect([own.taken, shared.taken]).toEqual([1, 1])
  })
})
