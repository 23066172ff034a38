import { expect, test } from '@jest/globals'
import { weaknessOf } from './weak-secrets.js'

test.each(['', 'secret', 'Password1', 'changeme', 'admin123', '123456', 'default', 'aaaaaaaaaaaa', 'abababababab', 'x7Kp2'])('"%s" is weak', (secret) => {
  expect(weaknessOf(secret)).toEqual(expect.any(String))
})

test.each(['correct horse battery', 'sk_live_51Hx9', 'c2VjcmV0LW9mLWEta2luZA=='])('"%s" may be hard to guess', (secret) => {
  expect(weaknessOf(secret)).toBeUndefined()
})
