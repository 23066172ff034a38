import { describe, expect, test } from '@jest/globals'
import { UnreadDocument } from './unread-document.js'

const text = '{"city":"Hue"}'
const create = () => new UnreadDocument('o1', text, 3)

describe('a document that nobody has looked into', () => {
  test('gives its text as it was stored', () => {
    expect(UnreadDocument.textOf(create())).toBe(text)
  })

  test('is an object like any other to those who list, copy, clone and write it', () => {
    const plain = { _id: 'o1', _source: { city: 'Hue' }, _version: 3 }
    expect(Object.keys(create())).toEqual(Object.keys(plain))
    expect({ ...create() }).toStrictEqual(plain)
    expect(structuredClone(create())).toEqual(plain)
    expect(JSON.stringify(create())).toBe(JSON.stringify(plain))
    expect(create()).toEqual(plain)
  })

  test('shows the same content each time, so that a change stays', () => {
    const document = create()
    document._source.city = 'Hanoi'
    expect(document._source).toEqual({ city: 'Hanoi' })
  })

  test.each<[string, (document: UnreadDocument) => unknown]>([
    ['read', (document) => document._source],
    ['replaced', (document) => (document._source = {})],
    ['defined anew', (document) => Object.defineProperty(document, '_source', { value: {} })],
    ['deleted', (document) => delete (document as Partial<UnreadDocument>)._source],
  ])('gives no text once its content was %s', (_name, look) => {
    const document = create()
    look(document)
    expect(UnreadDocument.textOf(document)).toBeUndefined()
  })

  test('gives no text for anything else', () => {
    expect(UnreadDocument.textOf({ _id: 'o1', _source: {}, _version: 1 })).toBeUndefined()
  })
})
