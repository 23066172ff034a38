import { expect, test } from '@jest/globals'
import { RecordingLogger } from '../../../../test/support/recording-logger.js'
import type { ClassicIdentity } from '../identity/identify.js'
import { threadsOf } from './threads-of.js'

const ask = (kuzzleVersion: string | undefined, config: Record<string, unknown>) => {
  const logger = new RecordingLogger()
  const manifest = kuzzleVersion === undefined ? undefined : { name: 'geo', kuzzleVersion, privileged: false, errors: {} }
  return { threads: threadsOf({ name: 'geo', version: '', manifest } as unknown as ClassicIdentity, config, logger), logger }
}

test.each([[undefined], ['1.0.x'], ['>=1.0.0 <2.0.0'], ['^1.0.0']])('a plugin for %p has what its configuration asks for', (range) => {
  expect(ask(range, { threads: 2 }).threads).toBe(2)
  expect(ask(range, {}).threads).toBeUndefined()
})

test.each([['^1.5.0'], ['>=2.0.0 <3.0.0']])('to a plugin for %s the key means nothing, and whoever set it is told', (range) => {
  const { threads, logger } = ask(range, { threads: 2 })
  expect(threads).toBeUndefined()
  expect(JSON.stringify(logger)).toContain('plugins.geo.threads')
  expect(JSON.stringify(ask(range, {}).logger)).not.toContain('plugins.geo.threads')
})

test('the configuration may say for which host a plugin is', () => {
  expect(ask('^2.0.0', { threads: 2, kuzzleVersion: '1.0.0' }).threads).toBe(2)
  expect(ask(undefined, { threads: 2, kuzzleVersion: '^1.5.0' }).threads).toBeUndefined()
})
