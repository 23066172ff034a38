import { describe, expect, test } from '@jest/globals'
import fc from '../../../test/support/property-testing.js'
import { readSecrets, setSecret } from './secrets-text.js'

describe('secrets as text', () => {
  test('are sections of names and texts, with comments and trailing commas', () => {
    expect(readSecrets('// mine\n{ "checkout": { "key": "k", /* old */ }, "auth-oidc": {}, }')).toEqual({ 'checkout': { key: 'k' }, 'auth-oidc': {} })
  })

  test.each([
    ['', /^Line 1: /],
    ['{\n "a": {\n  "b": "c"\n', /^Line \d: CloseBraceExpected/],
    ['[]', /^Line 1: expected an object with a section for each plugin\.$/],
    ['{\n"a": "b" }', /^Line 2: expected an object with names and texts\.$/],
    ['{\n"a": {\n"b": 5 } }', /^Line 3: a secret has to be a text in quotes\.$/],
    ['{ "a": { "b": null } }', /a secret has to be a text/],
    ['{ "__proto__": { "b": "c" } }', /a name starts with a letter/],
    ['{ "a": { "constructor": "c" } }', /a name starts with a letter/],
    ['{ "a": { "": "c" } }', /a name starts with a letter/],
    ['{ "a": {}, "a": {} }', /"a" is there twice/],
    ['{ "a": { "b": "1", "b": "2" } }', /"b" is there twice/],
  ])('of another form are refused by line: %j', (text, words) => {
    expect(() => readSecrets(text)).toThrow(words)
  })

  test('in a fault are not shown', () => {
    for (const text of ['{ "a": { "b": "hunter2" ', '{ "a": { "b": "hunter2", "b": "hunter2" } }', '{ "a": { "b": ["hunter2"] } }']) {
      expect(() => readSecrets(text)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
    }
  })

  test('take one more, and stay as they are written', () => {
    const text = '// mine\n{\n  // of the shop\n  "checkout": { "key": "k" }\n}\n'
    const more = setSecret(text, 'auth-oidc', 'company', 'c')
    for (const comment of ['// mine\n', '  // of the shop\n']) expect(more).toContain(comment)
    expect(readSecrets(more)).toEqual({ 'checkout': { key: 'k' }, 'auth-oidc': { company: 'c' } })
    expect(readSecrets(setSecret(more, 'checkout', 'key', 'new'))).toMatchObject({ checkout: { key: 'new' } })
  })

  test('are set to any text, and read back', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(readSecrets(setSecret('{}', 'a', 'b', value))).toEqual({ a: { b: value } })
    }))
  })

  test.each([['', 'b'], ['a', ''], ['__proto__', 'b'], ['a', 'toString'], ['a b', 'c'], ['../a', 'b']])('are set under no such name: %j %j', (plugin, name) => {
    expect(() => setSecret('{}', plugin, name, 'x')).toThrow(/cannot name a plugin or a secret/)
  })
})
