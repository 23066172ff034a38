import { describe, expect, test } from '@jest/globals'
import { filterId, matchesFilter, normalizeFilter, parseFilter } from '@app/storage'
import type { Filter } from '@app/storage'
import fc from '../../../../test/support/property-testing.js'
import { document, documentId, filterSource } from '../../../../test/support/filter-arbitraries.js'
import { FilterEngine } from './filter-engine.js'

const normal = (source: unknown) => normalizeFilter(parseFilter(source))

function engineOf(sources: unknown[]): { engine: FilterEngine; filters: Map<string, Filter> } {
  const engine = new FilterEngine()
  const filters = new Map(sources.map((source) => [filterId('i', 'c', parseFilter(source)), normal(source)]))
  for (const [id, filter] of filters) engine.add(id, filter)
  return { engine, filters }
}

function naive(filters: Map<string, Filter>, content: Record<string, unknown>, id: string | undefined): string[] {
  return [...filters].filter(([, filter]) => matchesFilter(filter, content, id)).map(([key]) => key).sort()
}

describe('the filter engine', () => {
  test('finds exactly the filters that the naive evaluator finds, each once', () => {
    fc.assert(fc.property(fc.array(filterSource, { maxLength: 40 }), fc.array(fc.tuple(document, documentId), { minLength: 1, maxLength: 5 }), (sources, documents) => {
      const { engine, filters } = engineOf(sources)
      for (const [content, id] of documents) expect(engine.match(content, id).sort()).toEqual(naive(filters, content, id))
    }), { numRuns: 600 })
  })

  test('finds the same after any of its filters were removed and others added', () => {
    fc.assert(fc.property(fc.array(fc.tuple(filterSource, fc.boolean()), { maxLength: 40 }), fc.array(filterSource, { maxLength: 10 }), document, documentId, (sources, later, content, id) => {
      const { engine, filters } = engineOf(sources.map(([source]) => source))
      for (const [source, isRemoved] of sources) {
        const key = filterId('i', 'c', parseFilter(source))
        if (isRemoved) expect(engine.remove(key)).toBe(filters.delete(key))
      }
      for (const source of later) {
        const key = filterId('i', 'c', parseFilter(source))
        engine.add(key, normal(source))
        filters.set(key, normal(source))
      }
      expect(engine.match(content, id).sort()).toEqual(naive(filters, content, id))
      expect(engine.filterIds().sort()).toEqual([...filters.keys()].sort())
    }), { numRuns: 400 })
  })

  test('finds filters that are not in normal form as well', () => {
    fc.assert(fc.property(filterSource, document, documentId, (source, content, id) => {
      const engine = new FilterEngine()
      engine.add('only', parseFilter(source))
      expect(engine.match(content, id)).toEqual(matchesFilter(parseFilter(source), content, id) ? ['only'] : [])
    }), { numRuns: 1000 })
  })

  test('keeps nothing of the filters that were removed', () => {
    fc.assert(fc.property(fc.array(filterSource, { maxLength: 30 }), (sources) => {
      const { engine, filters } = engineOf(sources)
      for (const id of filters.keys()) engine.remove(id)
      const { nextSerial: _serial, documents: _documents, ...kept } = engine as unknown as Record<string, unknown>
      const { nextSerial: _nothing, documents: _none, ...fresh } = new FilterEngine() as unknown as Record<string, unknown>
      expect(kept).toEqual(fresh)
    }), { numRuns: 300 })
  })

  test('keeps the filter of an id that is registered twice, and says what it has', () => {
    const engine = new FilterEngine()
    engine.add('x', normal({ exists: 'a' }))
    engine.add('x', normal({ exists: 'b' }))
    expect(engine.match({ a: 1 })).toEqual(['x'])
    expect(engine.match({ b: 1 })).toEqual([])
    expect([engine.size, engine.has('x'), engine.has('y'), engine.remove('y')]).toEqual([1, true, false, false])
  })

  test('tries a filter only when its least crowded condition holds', () => {
    const engine = new FilterEngine()
    for (let user = 0; user < 1000; user++) {
      engine.add(`user ${user}`, normal({ and: [{ equals: { status: 'open' } }, { equals: { user } }, { not: { exists: 'hidden' } }] }))
    }
    let reads = 0
    const counting = new Proxy({ status: 'open', user: 7 }, { get: (target, key) => { reads++; return Reflect.get(target, key) as unknown } })
    expect(engine.match(counting)).toEqual(['user 7'])
    expect(reads).toBeLessThan(100)
  })

  test('enters a filter under a range when its equality is crowded', () => {
    const engine = new FilterEngine()
    for (let price = 0; price < 1000; price++) {
      engine.add(`price ${price}`, normal({ and: [{ equals: { status: 'open' } }, { range: { price: { gte: price, lt: price + 1 } } }] }))
    }
    let reads = 0
    const counting = new Proxy({ status: 'open', price: 500.5 }, { get: (target, key) => { reads++; return Reflect.get(target, key) as unknown } })
    expect(engine.match(counting)).toEqual(['price 500'])
    expect(reads).toBeLessThan(100)
  })

  test('is not misled by documents that inherit, contain themselves or hold no JSON', () => {
    const { engine } = engineOf([{ exists: 'constructor' }, { exists: '__proto__' }, { exists: 'self.self.self.a' }, { range: { n: { gt: 0 } } }])
    const content: Record<string, unknown> = { a: 1, n: NaN, f: () => 1, u: undefined }
    content.self = content
    expect(engine.match(content)).toHaveLength(1)
  })
})
