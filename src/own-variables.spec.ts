import { expect, test } from '@jest/globals'
import { RecordingLogger } from '../test/support/recording-logger.js'
import { takeOwnVariables, withoutOwnVariables } from './own-variables.js'

test('what is taken is out of the environment, and everything else stays', () => {
  const environment = { PATH: '/bin', MORTISE_STORAGE__URL: 'postgres://me:word@there', MORTISE_SECRETS__A__B: 'c', KUZZLE_VAULT_KEY: 'k', KUZZLE_SECRETS_FILE: 'f', MORTISED: 'x' }
  expect(takeOwnVariables(environment, new RecordingLogger())).toEqual({ MORTISE_STORAGE__URL: 'postgres://me:word@there', MORTISE_SECRETS__A__B: 'c', KUZZLE_VAULT_KEY: 'k' })
  expect(environment).toEqual({ PATH: '/bin', KUZZLE_SECRETS_FILE: 'f', MORTISED: 'x' })
})

test('children are given neither settings nor secrets, and the environment stays as it was', () => {
  const environment = { PATH: '/bin', MORTISE_SECRETS_KEY: 'k', KUZZLE_VAULT_KEY: 'k', ABSENT: undefined }
  expect(withoutOwnVariables(environment)).toEqual({ PATH: '/bin' })
  expect(environment.MORTISE_SECRETS_KEY).toBe('k')
})
