import { describe, expect, test } from '@jest/globals'
import fc from '../../../../../test/support/property-testing.js'
import { PatternMatcher } from './pattern-matcher.js'

const finds = (pattern: string, text: string, flags = '') => new PatternMatcher(pattern, flags).test(text)

const atom = fc.constantFrom('a', 'b', 'é', '.', '[ab]', '[^a]', '[a-c_]', '\\w', '\\W', '\\d', '\\s', '\\n', '\\.', '😀', '\\x61', '\\u0062', '[\\s\\S]')
const pattern: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc.constantFrom('^', '$', '\\b', '\\B'),
    fc.tuple(fc.constantFrom('', '?:', '?<name>'), tie('tree')).map(([kind, inner]) => `(${kind === '?<name>' ? '' : kind}${inner})`),
    fc.tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?')).map(([body, times]) => `(?:${body})${times}`),
    fc.array(tie('tree'), { maxLength: 3 }).map((parts) => parts.join('')),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map((options) => `(${options.join('|')})`),
  ),
})).tree
/** No pairs of surrogates: between the two halves of one, V8 finds a place for `\B` that ECMAScript does not know. */
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'A', 'é', 'É', '\n', ' ', '_', '1', '.'), { maxLength: 8 }).map((parts) => parts.join(''))

describe('a pattern', () => {
  test('is found where the platform’s own regular expressions find it', () => {
    fc.assert(fc.property(pattern, fc.subarray(['i', 'm', 's']), fc.array(text, { minLength: 1, maxLength: 6 }), (source, flags, texts) => {
      const [own, reference] = [new PatternMatcher(source, flags.join('')), new RegExp(source, `u${flags.join('')}`)]
      for (const each of texts) expect([source, each, own.test(each)]).toEqual([source, each, reference.test(each)])
    }), { numRuns: 5000 })
  })

  test.each([
    ['(a+)+$', 'a'], ['(a*)*b', 'a'], ['(a|aa)+$', 'a'], ['(.*a){12}$', 'a'], ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'], ['(\\w*\\s?)*!', 'a'],
  ])('that makes a backtracking matcher explode, %s, takes linear time', (source, letter) => {
    expect(finds(source, `${letter.repeat(65_000)}?`)).toBe(false)
  })

  test('whose walk cannot be remembered whole still takes linear time', () => {
    const noise = Array.from({ length: 65_000 }, (_, at) => ((at * at * 7919) % 13 < 6 ? 'a' : 'b')).join('')
    const matcher = new PatternMatcher('a[ab]{60}c')
    expect(matcher.test(noise)).toBe(false)
    expect(matcher.test(`${noise}a${'ab'.repeat(30)}c`)).toBe(true)
  })

  test('is found in texts of up to 65,536 characters', () => {
    expect(finds('a$', 'a'.repeat(65_536))).toBe(true)
    expect(finds('a$', 'a'.repeat(65_537))).toBe(false)
  })

  test('that forgets what it has seen still finds what comes after', () => {
    const source = `(?:a|b)*a${'(?:a|b)'.repeat(100)}c`
    const noise = Array.from({ length: 3000 }, (_, at) => ((at * at * 7919) % 13 < 6 ? 'a' : 'b')).join('')
    const matcher = new PatternMatcher(source)
    for (const each of [noise, `${noise}a${'ba'.repeat(50)}c`, 'c', `a${'b'.repeat(100)}c`]) expect(matcher.test(each)).toBe(each.length > 1 && each !== noise)
  })

  test.each([
    ['^b', 'a\nb', '', false], ['^b', 'a\nb', 'm', true], ['a$', 'a\nb', '', false], ['a$', 'a\nb', 'm', true],
    ['a.b', 'a\nb', '', false], ['a.b', 'a\nb', 's', true], ['ÉA', 'xéa', 'i', true], ['\\p{Lu}', 'aÉ', '', true], ['[\\-@]', 'a-b', '', true],
    ['\\bword\\b', 'a word.', '', true], ['\\bword\\b', 'swords', '', false], ['^.$', '😀', '', true], ['\\B', 'a😀a', '', false], ['[^a]{2}', 'a😀a', '', false], ['😀+$', 'a😀😀', '', true], ['^\\u{1F600}$', '😀', '', true],
    ['', '', '', true], ['^$', '', '', true], ['^$', 'a', '', false], ['a|', 'b', '', true], ['{', 'a{', '', true], ['a{,2}', 'a{,2}', '', true],
    ['[^]', '\n', '', true], ['[]', 'a', '', false], ['(?<year>\\d{4})', 'in 2024', '', true],
  ])('%j in %j with flags %j is found: %j', (source, content, flags, expected) => {
    expect(finds(source, content, flags)).toBe(expected)
  })

  test.each([
    ['(?=a)', 'uses a look-ahead at 0'], ['a(?!b)', 'uses a negative look-ahead at 1'], ['(?<=a)b', 'uses a look-behind at 0'],
    ['(?<!a)b', 'uses a negative look-behind at 0'], ['(a)\\1', 'uses a back-reference at 3'], ['(?<n>a)\\k<n>', 'uses a back-reference at 7'],
    ['(a', 'never closes the group that opens at 0'], ['a)', 'closes a group at 1'], ['[a', 'never closes the class that opens at 0'],
    ['[z-a]', 'has a class or an escape that means nothing: "[z-a]"'], ['*a', 'has nothing to repeat at 0'], ['a**', 'has nothing to repeat at 2'],
    ['a\\', 'ends in a lone backslash'], ['a{3,2}', 'bounds are out of order: "{3,2}"'], ['a{9999}', 'repeats more than 1000 times'],
    ['(?:a{500}){500}', 'is too large'], ['(?:(?:(?:){999}){999}){999}', 'is too large'], ['^*', 'repeats an assertion at 1'],
    ['(?#x)', 'opens a group of an unknown kind at 0'], [`${'('.repeat(200)}${')'.repeat(200)}`, 'nests groups more than 100 deep'],
  ])('%j is refused: it %s', (source, fault) => {
    expect(() => new PatternMatcher(source)).toThrow(fault)
  })
})
