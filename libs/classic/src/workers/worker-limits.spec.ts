import { expect, test } from '@jest/globals'
import { workerLimits } from './worker-limits.js'

test.each([
  [undefined, 1024], ['1G', 1024], ['200M', 200], ['2048k', 2], [268435456, 256], ['12', 1], ['much', 1024],
])('of maxMemoryRestart %p there are %i MB', (maxMemoryRestart, memory) => {
  expect(workerLimits({ maxMemoryRestart })).toEqual({ memory, close: 6_000 })
})

test.each([[500, 500], [0, 0], ['soon', 6_000], [undefined, 6_000]])('of killTimeout %p there are %i ms to close in', (killTimeout, close) => {
  expect(workerLimits({ killTimeout }).close).toBe(close)
})
