import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Deadlines } from './deadlines.js'

const watch = (deadlines: Deadlines, milliseconds: number, expire: () => void) => deadlines.watch(performance.now() + milliseconds, milliseconds, expire)

describe('Deadlines', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('calls once the time has passed, not before', () => {
    const expire = jest.fn()
    watch(new Deadlines(), 100, expire)
    jest.advanceTimersByTime(99)
    expect(expire).not.toHaveBeenCalled()
    jest.advanceTimersByTime(2)
    expect(expire).toHaveBeenCalledTimes(1)
  })

  test('forgets what has ended, wherever it stands in the list', () => {
    const deadlines = new Deadlines()
    const calls: number[] = []
    const entries = [0, 1, 2, 3].map((number) => watch(deadlines, 50, () => calls.push(number)))
    deadlines.end(entries[0]!)
    deadlines.end(entries[2]!)
    jest.advanceTimersByTime(60)
    expect(calls).toEqual([1, 3])
  })

  test('watches an entry once more, after those that were watched meanwhile', () => {
    const deadlines = new Deadlines()
    const calls: string[] = []
    const first = watch(deadlines, 50, () => calls.push('first'))
    watch(deadlines, 50, () => calls.push('second'))
    deadlines.end(first)
    jest.advanceTimersByTime(20)
    deadlines.renew(first, performance.now() + 50)
    jest.advanceTimersByTime(40)
    expect(calls).toEqual(['second'])
    jest.advanceTimersByTime(20)
    expect(calls).toEqual(['second', 'first'])
  })

  test('uses one timer for many calls of one duration, and none when all have ended', () => {
    const deadlines = new Deadlines()
    const entries = Array.from({ length: 1000 }, () => watch(deadlines, 5000, () => undefined))
    expect(jest.getTimerCount()).toBe(1)
    entries.forEach((entry) => deadlines.end(entry))
    jest.advanceTimersByTime(6000)
    expect(jest.getTimerCount()).toBe(0)
  })

  test('keeps different durations apart', () => {
    const deadlines = new Deadlines()
    const calls: string[] = []
    watch(deadlines, 200, () => calls.push('long'))
    watch(deadlines, 50, () => calls.push('short'))
    jest.advanceTimersByTime(300)
    expect(calls).toEqual(['short', 'long'])
  })

  test('goes on after a quiet time', () => {
    const deadlines = new Deadlines()
    const expire = jest.fn()
    deadlines.end(watch(deadlines, 50, expire))
    jest.advanceTimersByTime(1000)
    watch(deadlines, 50, expire)
    jest.advanceTimersByTime(60)
    expect(expire).toHaveBeenCalledTimes(1)
  })
})
