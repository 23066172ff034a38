import { expect, test } from '@jest/globals'
import { openLog } from './logger.js'

test('a silent log holds nothing open, and tells what it is told to whoever listens to it', () => {
  const before = process.listenerCount('exit')
  const log = openLog('silent')
  const told: unknown[] = []
  log.onMessage((level, message) => told.push([level, message]))
  log.for('geo').error('the lamp fell')
  expect(told).toEqual([['error', 'the lamp fell']])
  expect(process.listenerCount('exit')).toBe(before)
})
