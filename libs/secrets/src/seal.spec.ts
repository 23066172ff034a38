import { describe, expect, test } from '@jest/globals'
import fc from '../../../test/support/property-testing.js'
import { seal, unseal } from './seal.js'

const KEY = 'sixteen characters or more'
const OTHER = 'sixteen characters or less'
type Parts = Record<'format' | 'salt' | 'mark' | 'iv' | 'tag' | 'data', string>
const partsOf = (sealed: string): Parts => JSON.parse(sealed) as Parts

describe('a sealed text', () => {
  test('is what it was, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ minLength: 16 }), (text, key) => {
      expect(unseal(seal(text, key), key)).toBe(Buffer.from(text).toString('utf8'))
    }), { numRuns: 8 })
  })

  test('differs each time in every part', () => {
    const [first, second] = [partsOf(seal('text', KEY)), partsOf(seal('text', KEY))]
    for (const part of ['salt', 'mark', 'iv', 'tag', 'data'] as const) expect(first[part]).not.toBe(second[part])
  })

  test('shows nothing of text and key', () => {
    const sealed = seal('a text to look for', KEY)
    for (const given of ['a text to look for', KEY]) {
      for (const encoding of ['utf8', 'base64', 'hex'] as const) expect(sealed).not.toContain(Buffer.from(given).toString(encoding).slice(0, 12))
    }
  })

  test('is not opened by another key, and says so', () => {
    expect(() => unseal(seal('text', KEY), OTHER)).toThrow('The key is not the one that it was encrypted with.')
  })

  test.each(['iv', 'tag', 'data'] as const)('with one bit of its %s changed is told from one with another key', (part) => {
    const parts = partsOf(seal('a longer text', KEY))
    const bytes = Buffer.from(parts[part], 'base64')
    bytes[0] = (bytes[0] ?? 0) ^ 1
    expect(() => unseal(JSON.stringify({ ...parts, [part]: bytes.toString('base64') }), KEY)).toThrow(/changed since it was encrypted/)
  })

  test.each(['salt', 'mark'] as const)('with another %s is not opened', (part) => {
    const [parts, other] = [partsOf(seal('text', KEY)), partsOf(seal('text', KEY))]
    expect(() => unseal(JSON.stringify({ ...parts, [part]: other[part] }), KEY)).toThrow(/The key is not the one/)
  })

  test('whose end is that of another is not opened', () => {
    const [parts, other] = [partsOf(seal('text', KEY)), partsOf(seal('tixt', KEY))]
    expect(() => unseal(JSON.stringify({ ...parts, iv: other.iv, tag: other.tag, data: other.data }), KEY)).toThrow(/changed since/)
  })

  test.each([
    ['nothing', ''], ['no JSON', 'sealed'], ['null', 'null'], ['a list', '[]'], ['another form', '{"format":"mortise-secrets/2"}'],
    ['a shorter tag', () => JSON.stringify({ ...partsOf(seal('text', KEY)), tag: 'AAAA' })],
    ['a part that is no text', () => JSON.stringify({ ...partsOf(seal('text', KEY)), salt: 7 })],
  ])('is not %s', (_what, text) => {
    expect(() => unseal(typeof text === 'string' ? text : text(), KEY)).toThrow(/It is no encrypted secrets file/)
  })

  test('needs a key that cannot be guessed at once', () => {
    expect(() => seal('text', 'fifteen letters')).toThrow(/The key is too short/)
  })
})
