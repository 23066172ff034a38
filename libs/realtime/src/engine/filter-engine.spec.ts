import { describe, expect, test } from '@jest/globals'
import { filterId, matchesFilter, normalizeFilter, parseFilter } from '@app/storage'
import type { Filter } from '@app/storage'
import fc from '../../../../test/support/property-testing.js'
import { crowdedDocument, crowdedSource, document, documentId, filterSource } from '../../../../test/support/filter-arbitraries.js'
import { FilterEngine } from './filter-engine.js'

const normal = (source: unknown) => normalizeFilter(parseFilter(source))

function engineOf(sources: unknown[]): { engine: FilterEngine; filters: Map<string, Filter> } {
  const engine = new FilterEngine()
  const filters = new Map(sources.map((source) => [filterId('i', 'c', parseFilter(source)), normal(source)]))
  for (const [id, filter] of filters) engine.add(id, filter)
  return { engine, filters }
}

/** What an engine holds, but for what it counts. */
function kept(engine: FilterEngine): Record<string, unknown> {
  const { nextSerial: _serial, documents: _documents, ...rest } = engine as unknown as Record<string, unknown>
  return rest
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

  test('finds the same among many that share their conditions, whatever of them was removed, and keeps nothing of what is', () => {
    const removal = fc.constantFrom('never', 'at once', 'later')
    fc.assert(fc.property(fc.array(fc.tuple(crowdedSource, removal), { minLength: 150, maxLength: 400 }), fc.array(crowdedDocument, { minLength: 1, maxLength: 5 }), (sources, documents) => {
      const engine = new FilterEngine()
      const filters = new Map(sources.map(([source], n) => [String(n), normal(source)]))
      const check = () => { for (const content of documents) expect(engine.match(content).sort()).toEqual(naive(filters, content, undefined)) }
      const removeThose = (when: string) => sources.forEach(([, removed], n) => { if (removed === when) expect([engine.remove(String(n)), filters.delete(String(n))]).toEqual([true, true]) })
      for (const [id, filter] of filters) engine.add(id, filter)
      check()
      removeThose('at once')
      check()
      sources.forEach(([source, removed], n) => {
        if (removed !== 'at once') return
        filters.set(String(n), normal(source))
        engine.add(String(n), normal(source))
      })
      check()
      for (const when of ['later', 'at once', 'never']) removeThose(when)
      check()
      expect(kept(engine)).toEqual(kept(new FilterEngine()))
    }), { numRuns: 40 })
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
      expect(kept(engine)).toEqual(kept(new FilterEngine()))
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

  test.each<[string, (n: number) => unknown]>([
    ['a city, and ranges', (n) => ({ and: [{ equals: { city: 'hue' } }, { range: { price: { gte: n - 20, lt: n + 21 } } }, { range: { stock: { gte: n - 20, lt: n + 20 } } }] })],
    ['two ranges', (n) => ({ and: [{ range: { price: { gte: n - 300, lt: n + 300 } } }, { range: { stock: { gte: n - 20, lt: n + 20 } } }] })],
    ['a circle, and a range', (n) => ({ and: [{ geoDistance: { place: { lat: 0, lon: n / 1e6 }, distance: '10 km' } }, { range: { price: { gte: n - 20, lt: n + 20 } } }] })],
  ])('tells apart those that share %s', (_what, filterOf) => {
    const engine = new FilterEngine()
    for (let n = 0; n < 4000; n++) engine.add(String(n), normal(filterOf(n)))
    let reads = 0
    const content = { city: 'hue', price: 2000, stock: 2000, place: { lat: 0, lon: 0 } }
    const counting = new Proxy(content, { get: (target, key) => { reads++; return Reflect.get(target, key) as unknown } })
    expect(engine.match(counting)).toHaveLength(40)
    expect(reads).toBeLessThan(1000)
  })

  test('is not misled by documents that inherit, contain themselves or hold no JSON', () => {
    const { engine } = engineOf([{ exists: 'constructor' }, { exists: '__proto__' }, { exists: 'self.self.self.a' }, { range: { n: { gt: 0 } } }])
    const content: Record<string, unknown> = { a: 1, n: NaN, f: () => 1, u: undefined }
    content.self = content
    expect(engine.match(content)).toHaveLength(1)
  })
})
