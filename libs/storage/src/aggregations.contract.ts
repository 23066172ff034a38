import { expect, test } from '@jest/globals'
import { parseDate } from './query/parse-date.js'
import type { Subject } from './subject.contract.js'

/** What is counted and measured, of the five orders of the searches. */
export function describeAggregations(subject: Subject): void {
  const aggregate = async (aggregations: Record<string, unknown>): Promise<Record<string, unknown>> =>
    (await subject.store.search(subject.place, { aggregations, size: 0 })).aggregations!

  test('terms count documents, the most frequent first, and elements of arrays each for itself', async () => {
    expect(await aggregate({ towns: { terms: { field: 'city', size: 2 } } })).toEqual({
      towns: { doc_count_error_upper_bound: 0, sum_other_doc_count: 1, buckets: [{ key: 'Hue', doc_count: 2 }, { key: 'Hanoi', doc_count: 1 }] },
    })
    const { tags, paid, quantity } = await aggregate({
      tags: { terms: { field: 'tags' } }, paid: { terms: { field: 'paid' } }, quantity: { terms: { field: 'quantity', order: { _key: 'desc' } } },
    })
    expect(tags).toMatchObject({ buckets: [{ key: 'b', doc_count: 2 }, { key: 'a', doc_count: 1 }, { key: 'c', doc_count: 1 }] })
    expect(paid).toMatchObject({ buckets: [{ key: 0, key_as_string: 'false', doc_count: 1 }, { key: 1, key_as_string: 'true', doc_count: 1 }] })
    expect(quantity).toMatchObject({ buckets: [{ key: 21 }, { key: 10, doc_count: 2 }, { key: 3 }] })
  })

  test('of numbers and texts in one field, the numbers come first', async () => {
    const place = { ...subject.place, collection: 'mixed' }
    await subject.store.createCollection(place)
    await subject.store.mCreate(place, ['b', 2, 'a', 1].map((value) => ({ body: { value } })))
    const keysBy = async (order?: object): Promise<unknown[]> => {
      const { aggregations } = await subject.store.search(place, { aggregations: { all: { terms: { field: 'value', ...(order && { order }) } } } }, { size: 0 })
      return (aggregations!.all as { buckets: { key: unknown }[] }).buckets.map(({ key }) => key)
    }
    expect([await keysBy(), await keysBy({ _key: 'asc' }), await keysBy({ _key: 'desc' })]).toEqual([[1, 2, 'a', 'b'], [1, 2, 'a', 'b'], [2, 1, 'b', 'a']])
  })

  test('numbers are measured', async () => {
    const field = { field: 'quantity' }
    expect(await aggregate({ min: { min: field }, max: { max: field }, avg: { avg: field }, sum: { sum: field }, count: { value_count: field } }))
      .toEqual({ min: { value: 3 }, max: { value: 21 }, avg: { value: 11 }, sum: { value: 44 }, count: { value: 4 } })
    expect(await aggregate({ none: { max: { field: 'nowhere' } }, sum: { sum: { field: 'nowhere' } } })).toEqual({ none: { value: null }, sum: { value: 0 } })
    expect(await aggregate({ last: { max: { field: 'at' } } })).toEqual({ last: { value: Date.UTC(2024, 3, 1, 1, 30) } })
  })

  test('numbers of any size are measured', async () => {
    const place = { ...subject.place, collection: 'large' }
    await subject.store.createCollection(place)
    const measure = async (...numbers: number[]): Promise<unknown> => {
      await subject.store.truncate(place)
      await subject.store.mCreate(place, numbers.map((n) => ({ body: { n } })))
      return (await subject.store.search(place, { aggregations: { n: { stats: { field: 'n' } } } }, { size: 0 })).aggregations!.n
    }
    expect(await measure(1e300, 1e300)).toEqual({ count: 2, min: 1e300, max: 1e300, avg: 1e300, sum: 2e300 })
    expect(await measure(1.5e308, 1.5e308)).toMatchObject({ count: 2, avg: 1.5e308 })
    expect(await measure(2 ** 62, 2 ** 62, 2 ** 62)).toMatchObject({ sum: 3 * 2 ** 62, avg: 2 ** 62 })
    expect(await measure(0.1, 1e-200, -3)).toMatchObject({ sum: -2.9, min: -3, max: 0.1 })
  })

  test('a date histogram fills its gaps, whatever way dates are written', async () => {
    const months = { date_histogram: { field: 'at', calendar_interval: 'month' } }
    expect(await aggregate({ months })).toEqual({
      months: {
        buckets: [[0, 2], [1, 0], [2, 1], [3, 1]].map(([month, doc_count]) => {
          const key = Date.UTC(2024, month!, 1)
          return { key_as_string: new Date(key).toISOString(), key, doc_count }
        }),
      },
    })
    const { days } = await aggregate({ days: { date_histogram: { field: 'at', fixed_interval: '1d', min_doc_count: 1 } } })
    expect((days as { buckets: { key: number }[] }).buckets.map(({ key }) => new Date(key).toISOString().slice(0, 10)))
      .toEqual(['2024-01-15', '2024-01-20', '2024-03-01', '2024-04-01'])
  })

  test('aggregations nest', async () => {
    const { towns } = await aggregate({ towns: { terms: { field: 'city', size: 1 }, aggs: { most: { max: { field: 'quantity' } }, tags: { terms: { field: 'tags' } } } } })
    expect(towns).toMatchObject({ buckets: [{ key: 'Hue', doc_count: 2, most: { value: 21 }, tags: { buckets: [{ key: 'a' }, { key: 'b' }, { key: 'c' }] } }] })
  })

  test('what would have too many buckets is refused, however many documents there are', async () => {
    await subject.store.mCreate(subject.place, Array.from({ length: 10_001 }, (_, n) => ({ body: { serial: n, at: n } })))
    expect(await aggregate({ a: { terms: { field: 'serial', size: 20_000, order: { _key: 'asc' }, min_doc_count: 2 } } })).toMatchObject({ a: { buckets: [] } })
    for (const aggregation of [{ terms: { field: 'serial', size: 20_000 } }, { date_histogram: { field: 'at', fixed_interval: '1ms', min_doc_count: 1 } }]) {
      await expect(aggregate({ a: aggregation })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('at most 10000 buckets') })
    }
  })

  test('a date counts in whatever form it may be written', async () => {
    const forms = ['2023', '2023-05', '2023-05-06', '2023-05-06T01', '2023-05-06T02Z', '2023-05-06T07:08', '2023-05-06 07:09Z', '2023-05-06T07:08:09,5Z', '2023-05-06T07:08:09.123Z',
      '2023-05-07T07:08+0200', '2023-05-08T07+02:00', '2023-05-08T07-0330', '2023-05-09T07:08:10-05:30', ...['01-31', '02-28', '02-29', '02-30', '04-30', '04-31', '12-31'].map((day) => `2024-${day}T23:59:58.987Z`), 1_700_000_000_000, '1700000000001', '-1700000000002', 12345]
    const place = { ...subject.place, collection: 'dated' }
    await subject.store.createCollection(place, { mappings: { properties: { at: { type: 'date' } } } })
    await subject.store.mCreate(place, forms.map((at) => ({ body: { at } })))
    const { aggregations } = await subject.store.search(place, { aggregations: { each: { date_histogram: { field: 'at', fixed_interval: '1ms', min_doc_count: 1 } } } }, { size: 0 })
    expect((aggregations!.each as { buckets: { key: number }[] }).buckets.map(({ key }) => key)).toEqual(forms.map((form) => parseDate(form)!).sort((one, other) => one - other))
  })

  test('of objects nothing is counted, and of dates nothing that is none', async () => {
    const strange = ['2024-02-30', '2024-13-01', '2024-13-01T00:00:00.000Z', '2024-01-01T24:30:00.000Z', '2024-01-00T00:00:00.000Z', '2024-01-32', '2024-01-01 and so on', '2024-01-01T25:00:00Z', 'soon', 1e300, -1e300, true, { day: 5 }, [{ day: 6 }], null]
    const place = { ...subject.place, collection: 'strange' }
    await subject.store.createCollection(place)
    await subject.store.mCreate(place, [...strange, '2024-03-05T10:00+02:00', -1.5].map((when) => ({ body: { when } })))
    const day = { date_histogram: { field: 'when', calendar_interval: 'day', min_doc_count: 1 } }
    const { aggregations } = await subject.store.search(place, { aggregations: { day, each: { value_count: { field: 'when' } }, terms: { terms: { field: 'when', size: 100 } } } }, { size: 0 })
    const { buckets } = aggregations!.day as { buckets: { key_as_string: string }[] }
    expect(buckets.map(({ key_as_string: key }) => key.slice(0, 10))).toEqual(['1969-12-31', '2024-03-01', '2024-03-05'])
    expect(aggregations).toMatchObject({ each: { value: 14 }, terms: { buckets: { length: 14 } } })
  })

  test.each([[{ a: { percentiles: { field: 'x' } } }, 'percentiles'], [{ a: { terms: { field: 'x', include: 'y' } } }, 'include'], [{ a: {} }, 'one type'],
    [{ a: { date_histogram: { field: 'at', fixed_interval: '1M' } } }, '1M'],
    [{ a: { date_histogram: { field: 'at', fixed_interval: '1d', calendar_interval: 'month' } } }, 'one interval'],
    [{ a: { date_histogram: { field: 'at', interval: '999999999999d' } } }, '999999999999d'],
    [{ a: { date_histogram: { field: 'at', fixed_interval: '1d', min_doc_count: 'x' } } }, 'min_doc_count'], [{ a: { terms: { field: 'x', min_doc_count: 0 } } }, 'min_doc_count'],
    [{ a: { terms: { field: 'x', order: '_key' } } }, 'order'], [{ a: { terms: { field: 'x', order: { _key: 'asc', _count: 'asc' } } } }, 'order'], [{ a: { terms: { field: 'x', order: [{ _key: 'asc' }] } } }, 'order'],
  ])('the aggregations %j are refused, and %j is named', async (aggregations, name) => {
    await expect(aggregate(aggregations)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(name) })
  })
}
