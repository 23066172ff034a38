import { describe, expect, test } from '@jest/globals'
import { Breaker } from './breaker.js'

function createBreaker(failures = 2) {
  let now = 0
  const changes: string[] = []
  const breaker = new Breaker({ failures, probeAfter: 100, clock: () => now, onChange: (state) => changes.push(state) })
  const call = (hasFailed: boolean): boolean => {
    const admission = breaker.admit()
    if (admission === false) return false
    breaker.settle(admission, hasFailed)
    return true
  }
  return { breaker, changes, call, wait: (milliseconds: number) => { now += milliseconds } }
}

describe('Breaker', () => {
  test('opens after so many failures in a row, and no call gets through', () => {
    const { breaker, call, changes } = createBreaker()
    expect([call(true), breaker.state]).toEqual([true, 'closed'])
    expect([call(true), breaker.state]).toEqual([true, 'open'])
    expect([call(false), breaker.isRefusing]).toEqual([false, true])
    expect(changes).toEqual(['open'])
  })

  test('counts from the beginning after each success', () => {
    const { breaker, call } = createBreaker()
    for (const hasFailed of [true, false, true, false, true]) call(hasFailed)
    expect(breaker.state).toBe('closed')
  })

  test('lets one call through as a probe after a while, and closes when that is well', () => {
    const { breaker, call, changes, wait } = createBreaker()
    call(true); call(true)
    wait(99)
    expect(breaker.admit()).toBe(false)
    wait(1)
    expect(breaker.admit()).toBe('probe')
    expect([breaker.state, breaker.admit(), breaker.isRefusing]).toEqual(['half-open', false, true])
    breaker.settle('probe', false)
    expect([breaker.state, call(true), breaker.state]).toEqual(['closed', true, 'closed'])
    expect(changes).toEqual(['open', 'closed'])
  })

  test('stays open for as long again when the probe fails', () => {
    const { breaker, call, changes, wait } = createBreaker()
    call(true); call(true)
    wait(100)
    expect(call(true)).toBe(true)
    wait(99)
    expect([breaker.state, call(false)]).toEqual(['open', false])
    wait(1)
    expect([call(false), breaker.state]).toEqual([true, 'closed'])
    expect(changes).toEqual(['open', 'open', 'closed'])
  })

  test('is not moved by calls that began before it opened', () => {
    const { breaker, call, changes } = createBreaker()
    const early = [breaker.admit(), breaker.admit()]
    call(true); call(true)
    early.forEach((admission, number) => breaker.settle(admission as 'closed', number === 0))
    expect([breaker.state, changes]).toEqual(['open', ['open']])
  })

  test('sends another probe when one does not end', () => {
    const { breaker, call, wait } = createBreaker()
    call(true); call(true)
    wait(100)
    expect(breaker.admit()).toBe('probe')
    wait(100)
    expect([call(false), breaker.state]).toEqual([true, 'closed'])
  })
})
