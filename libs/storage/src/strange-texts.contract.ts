import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Place } from './document-store.js'
import type { Subject } from './subject.contract.js'

/** Texts that SQL, UTF-8 or JSON take for something else, in the order of their code points. */
const texts = ['', '\0', '\0\0', '\0a', '\u0001', '\u0001\u0001', '\u0001\u0002', '\u0002', '\\u0000', 'a', 'a\0', 'a\0b', 'a\u0001', 'a\ud800', 'a\udc00b', 'a\ue000', 'a😀',
  'é', '\ud7fe', '\ud7ff', '\ud7ff\0', '\ud7ff\u0001', '\ud7ff\u0002', '\ud800', '\ud800a', '\ud83d', '\ud83d\0', '\udbff', '\udc00', '\udc00\ud800', '\udfff',
  '\ue000', '\uffff', '\u{10000}', '🐀', '😀', '😀\ude00', '\u{10ffff}']

const points = (text: string): number[] => [...text].map((point) => point.codePointAt(0)!)

/** Text of any kind is found, ordered, compared and told apart as the plain text that it is. */
export function describeStrangeTexts(subject: Subject): void {
  describe.each([[false], [true]])('strange texts (indexes: %s)', (isIndexed) => {
    let place: Place
    const idOf = (text: string): string => `t${texts.indexOf(text)}`
    const find = async (query: unknown): Promise<string[]> => (await subject.store.search(place, { query }, { size: 100 })).hits.map(({ _id }) => _id)
    const thatAre = (holds: (text: string, index: number) => boolean): string[] => texts.filter(holds).map(idOf)

    beforeEach(async () => {
      place = { ...subject.place, collection: 'strange' }
      await subject.store.createCollection(place, { mappings: { properties: isIndexed ? { text: { type: 'keyword' } } : {} } })
      await subject.store.mCreate(place, texts.map((text) => ({ _id: idOf(text), body: { text, list: [text, 1], [`k${text}`]: 1 } })))
    })

    test('are read back as they were written', async () => {
      const { successes } = await subject.store.mGet(place, texts.map(idOf))
      expect(successes.map(({ _source }) => _source)).toEqual(texts.map((text) => ({ text, list: [text, 1], [`k${text}`]: 1 })))
    })

    test('equal themselves alone', async () => {
      for (const text of texts) {
        expect([text, await find({ term: { text } })]).toEqual([text, [idOf(text)]])
        expect([text, await find({ terms: { text: [text, 'none'] } })]).toEqual([text, [idOf(text)]])
        expect([text, await find({ term: { list: text } })]).toEqual([text, [idOf(text)]])
      }
    })

    test('lie in the ranges of their code points', async () => {
      for (const [index, text] of texts.entries()) {
        expect([text, await find({ range: { text: { gt: text } } })]).toEqual([text, thatAre((_, other) => other > index)])
        expect([text, await find({ range: { text: { lte: text } } })]).toEqual([text, thatAre((_, other) => other <= index)])
        expect([text, await find({ prefix: { text } })]).toEqual([text, thatAre((other) => points(other).slice(0, points(text).length).join() === points(text).join())])
      }
    })

    test.each(['asc', 'desc'] as const)('are walked through %sending, page by page', async (direction) => {
      const walked: string[] = []
      for (let after: unknown[] | undefined; ;) {
        const { hits } = await subject.store.search(place, { sort: [{ text: direction }], search_after: after }, { size: 3 })
        if (hits.length === 0) break
        walked.push(...hits.map(({ _id }) => _id))
        after = hits.at(-1)!.sort
      }
      expect(walked).toEqual(direction === 'asc' ? texts.map(idOf) : texts.map(idOf).reverse())
    })

    test('are buckets of their own', async () => {
      const { aggregations } = await subject.store.search(place, { aggs: { each: { terms: { field: 'text', size: 100 }, aggs: { top: { value_count: { field: 'text' } } } } } }, { size: 0 })
      const { buckets } = aggregations!.each as { buckets: { key: string; doc_count: number; top: { value: number } }[] }
      expect(new Set(buckets.map(({ key }) => key))).toEqual(new Set(texts))
      expect(buckets.map(({ doc_count: count, top }) => [count, top.value])).toEqual(texts.map(() => [1, 1]))
    })

    test('that no database can hold are nobody\'s ids', async () => {
      const { store } = subject
      await store.create(place, { _id: '\ufffd', body: {} })
      const strange = ['\0', '\ud800', 't0\0', '\udc00a']
      expect(await find({ ids: { values: [...strange, 't0'] } })).toEqual(['t0'])
      expect(await store.mGet(place, [...strange, 't0'])).toMatchObject({ successes: [{ _id: 't0' }], errors: strange })
      for (const id of strange) {
        await expect(store.get(place, id)).rejects.toMatchObject({ id: 'services.storage.not_found' })
        expect(await store.exists(place, id)).toBe(false)
        for (const change of [() => store.delete(place, id), () => store.update(place, { _id: id, body: {} }), () => store.replace(place, { _id: id, body: {} }), () => store.create(place, { _id: id, body: {} })]) {
          await expect(change()).rejects.toMatchObject({ id: 'services.storage.invalid_argument', status: 400 })
        }
      }
      expect(await store.mDelete(place, [...strange, 't1'])).toMatchObject({ successes: [{ _id: 't1' }], errors: strange.map(() => ({ status: 400 })) })
      expect(await store.exists(place, '\ufffd')).toBe(true)
    })

    test.each([[true], [3], [null], [{}], [['t0']], [undefined]])('%j is no id', async (id) => {
      const { store } = subject
      for (const ask of [() => store.get(place, id as never), () => store.exists(place, id as never), () => store.mGet(place, ['t0', id as never]), () => store.delete(place, id as never)]) {
        await expect(ask()).rejects.toMatchObject({ id: 'services.storage.invalid_argument', message: expect.stringContaining('_id') })
      }
    })
  })
}
