import { describe, expect, test } from '@jest/globals'
import { readEnvironment } from './config-environment.js'

describe('a variable', () => {
  test.each([
    ['nests at two underscores and joins camel case at one', { MORTISE_SERVER__MAX_REQUEST_SIZE: '2MB' }, { server: { maxRequestSize: '2MB' } }],
    ['is read as JSON where it is some', { MORTISE_SERVER__PORT: '80', MORTISE_SERVER__HTTP__ACCESS_CONTROL_ALLOW_ORIGIN: '["a"]' }, { server: { port: 80, http: { accessControlAllowOrigin: ['a'] } } }],
    ['names a plugin with dashes', { MORTISE_PLUGINS__HELLO_WORLD__MAX_LENGTH: '3' }, { plugins: { 'hello-world': { maxLength: 3 } } }],
    ['knows what under plugins is no plugin', { MORTISE_PLUGINS__COMMON__INIT_TIMEOUT: '5', MORTISE_PLUGINS__DIRECTORY: 'p' }, { plugins: { common: { initTimeout: 5 }, directory: 'p' } }],
    ['keeps a secret a text, whatever it looks like', { MORTISE_SECRETS__CHECKOUT__API_KEY: '0123' }, { secrets: { checkout: { apiKey: '0123' } } }],
    ['of somebody else is left alone', { PATH: '/bin', MORTISEX__A: '1', MORTISE_SERVER____: '1' }, {}],
  ])('%s', (_title, environment, settings) => {
    expect(readEnvironment(environment)).toEqual(settings)
  })
})
