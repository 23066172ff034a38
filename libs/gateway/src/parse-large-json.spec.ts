import { describe, expect, test } from '@jest/globals'
import fc from '../../../test/support/property-testing.js'
import { parseJson } from './parse-json.js'
import { parseLargeJson } from './parse-large-json.js'

/** What becomes of a text that is cut wherever that can be done. */
const inPieces = (text: string): Promise<unknown> => parseLargeJson(Buffer.from(text), 1)

/** A value, or that the text is none. */
const outcomeOf = (parse: () => unknown): Promise<unknown> =>
  Promise.resolve().then(parse).then((value) => ({ value }), (error: Error) => error.name)

describe('JSON that is parsed in pieces', () => {
  test.each([
    '[1,2,3]', '{"a":[1,[2,3],{"b":[4,5]}],"c":[[6,7],[8]]}', '{"body":{"documents":[{"_id":"a"},{"_id":"b"}]},"ids":["x,y","[","\\"]\\\\"]}',
    '[]', '[ ]', '{"a":[]}', ' [ 1 , 2 ] ', '"[1,2]"', '7', '{"a":[1,2],"a":[3,4]}', '{"é":["ü","日本","😀"]}', '[{"__proto__":1},{"\\u005f_proto__":[1,2]},3]',
  ])('is what it is in one: %s', async (text) => {
    expect(await inPieces(text)).toEqual(parseJson(text))
  })

  test.each(['[1,2,]', '[,1,2]', '[1,,2]', '[1,2}', '{"a":[1,2}]', '[1,2', '[1,2]]', '1,2', '{"a":[1,2],}', '["a,b', '[1 2,3]', ''])('%j is none', async (text) => {
    await expect(inPieces(text)).rejects.toThrow(SyntaxError)
  })

  test('is nested no deeper than a thousand levels', async () => {
    const nested = (depth: number): string => `[1,${'['.repeat(depth)}${']'.repeat(depth)}]`
    expect(await inPieces(nested(999))).toEqual(parseJson(nested(999)))
    await expect(inPieces(nested(1000))).rejects.toThrow('deeper than 1000 levels')
  })

  test('is what it is in one, whatever it is and however it was spoilt', async () => {
    const spoilt = fc.tuple(fc.json(), fc.nat(), fc.nat(), fc.constantFrom('', ',', ']', '}', '[', '{', '"', '\\', ' ', '1'))
      .map(([text, start, length, instead]) => {
        const at = start % (text.length + 1)
        return text.slice(0, at) + instead + text.slice(at + (length % 3))
      })
    await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), spoilt), async (text) => {
      expect(await outcomeOf(() => inPieces(text))).toEqual(await outcomeOf(() => parseJson(text)))
    }), { numRuns: 2000 })
  })

  test('lets others have their turn', async () => {
    const text = JSON.stringify({ documents: Array.from({ length: 100_000 }, (_, n) => ({ _id: `document ${n}`, body: { n } })) })
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const value = await parseLargeJson(Buffer.from(text))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
    expect(JSON.stringify(value)).toBe(text)
  })
})
