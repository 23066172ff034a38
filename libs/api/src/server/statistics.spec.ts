import { describe, expect, test } from '@jest/globals'
import { Statistics } from './statistics.js'

const at = (start: number) => {
  const clock = { now: start }
  return { clock, statistics: new Statistics(() => ({ websocket: 2 }), () => clock.now) }
}

describe('statistics', () => {
  test('count requests by protocol and outcome', () => {
    const { statistics } = at(0)
    statistics.begin('http')
    statistics.begin('http')
    statistics.begin('websocket')
    statistics.end('http', false)
    statistics.end('http', true)
    expect(statistics.last).toEqual({
      completedRequests: { http: 1 }, failedRequests: { http: 1 }, ongoingRequests: { http: 0, websocket: 1 }, connections: { websocket: 2 }, timestamp: 0,
    })
  })

  test('start a new frame every ten seconds, in which ongoing requests go on', () => {
    const { clock, statistics } = at(0)
    statistics.begin('http')
    statistics.end('http', false)
    statistics.begin('http')
    clock.now = 12_000
    statistics.end('http', false)
    expect(statistics.between().map(({ timestamp, completedRequests, ongoingRequests }) => ({ timestamp, completedRequests, ongoingRequests }))).toEqual([
      { timestamp: 10_000, completedRequests: { http: 1 }, ongoingRequests: { http: 1 } },
      { timestamp: 12_000, completedRequests: { http: 1 }, ongoingRequests: { http: 0 } },
    ])
  })

  test('are given for a span of time, both ends included', () => {
    const { clock, statistics } = at(0)
    for (clock.now = 10_000; clock.now <= 30_000; clock.now += 10_000) statistics.begin('http')
    clock.now = 31_000
    expect(statistics.between(20_000, 30_000).map(({ timestamp }) => timestamp)).toEqual([20_000, 30_000])
  })

  test('are kept for an hour', () => {
    const { clock, statistics } = at(0)
    for (clock.now = 10_000; clock.now <= 5_000_000; clock.now += 10_000) statistics.begin('http')
    expect(statistics.between()).toHaveLength(361)
  })
})
