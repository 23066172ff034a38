import { expect, test } from '@jest/globals'
import { withoutSecrets } from './without-secrets.js'

test('passwords in URLs are hidden, and the rest of the URL stays', () => {
  expect(withoutSecrets({ storage: { url: 'postgres://ann:pa55@db.test:5432/shop?ssl' } })).toEqual({ storage: { url: 'postgres://ann:***@db.test:5432/shop?ssl' } })
  expect(withoutSecrets('redis://:pa55@cache.test')).toBe('redis://:***@cache.test')
})

test('texts under the name of a secret are hidden, at any depth', () => {
  expect(withoutSecrets({ jwt: { secret: 'a', algorithm: 'HS256' }, plugins: { pay: { apiKey: 'b', keys: { privateKey: ['c', 'd'] } } }, credentials: { user: 'e' } })).toEqual({
    jwt: { secret: '***', algorithm: 'HS256' }, plugins: { pay: { apiKey: '***', keys: { privateKey: ['***', '***'] } } }, credentials: { user: '***' },
  })
})

test('numbers, switches and what is unset stay as they are', () => {
  const config = { tokenTtl: 60, security: { passwordRequired: true, secret: '' }, url: 'http://localhost:7512/a@b', none: null }
  expect(withoutSecrets(config)).toEqual(config)
})
