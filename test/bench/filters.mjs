/**
 * How fast documents find the filters that match them, among 100,000: `node build.mjs && node --expose-gc test/bench/filters.mjs`.
 *
 * The filters are an even mix: equality, range, exists, geo, and their and/or/not combinations, with `regexp` and `not` beside a
 * condition that can be looked up. Each document matches 10 of them. Every figure is the median of three runs. A second table tells of
 * filters that overlap, of which hundreds match each document (`overlapping-filters.mjs`).
 */
import { performance } from 'node:perf_hooks'
import { FilterEngine } from '../../dist/libs/realtime/src/index.js'
import { filterId, matchesFilter, normalizeFilter, parseFilter } from '../../dist/libs/storage/src/index.js'
import { runOverlapping } from './overlapping-filters.mjs'

const filterCount = 100_000
const documentCount = 100_000
const runs = 3

/** Each kind of filter, for group `n`; filters of one group match the same documents. */
const kinds = [
  (n) => ({ equals: { customer: `customer ${n}` } }),
  (n) => ({ range: { price: { gte: n, lt: n + 1 } } }),
  (n) => ({ exists: `flags["flag ${n}"]` }),
  (n) => ({ geoDistance: { location: placeOf(n), distance: '200 m' } }),
  (n) => ({ geoBoundingBox: { location: boxOf(n) } }),
  (n) => ({ and: [{ equals: { status: 'open' } }, { range: { price: { gt: n - 0.5, lte: n + 0.9 } } }] }),
  (n) => ({ or: [{ equals: { customer: `customer ${n}` } }, { equals: { 'delivery.customer': `customer ${n}` } }] }),
  (n) => ({ and: [{ equals: { customer: `customer ${n}` } }, { not: { equals: { status: 'closed' } } }, { exists: 'price' }] }),
  (n) => ({ and: [{ in: { 'delivery.zone': [`zone ${n}`, `area ${n}`] } }, { regexp: { city: '^h(ue|anoi)$' } }] }),
  (n) => ({ bool: { must: [{ range: { price: { gte: n, lte: n + 0.5 } } }], must_not: [{ ids: ['none'] }], should: [{ exists: 'customer' }, { missing: 'city' }] } }),
]
const groups = filterCount / kinds.length

/** A grid of places one kilometre and more apart. */
function placeOf(n) {
  return { lat: -50 + Math.floor(n / 100), lon: -170 + (n % 100) * 3 }
}

function boxOf(n) {
  const { lat, lon } = placeOf(n)
  return { top: lat + 0.01, bottom: lat - 0.01, left: lon - 0.01, right: lon + 0.01 }
}

function documentOf(n) {
  return {
    customer: `customer ${n}`, price: n + 0.25, flags: ['new', `flag ${n}`], location: placeOf(n), status: 'open', city: 'hue',
    delivery: { zone: `zone ${n}`, by: 'bike' }, quantity: 3, note: 'leave it at the door',
  }
}

const sources = kinds.flatMap((kind) => Array.from({ length: groups }, (_, n) => kind(n)))
const documents = Array.from({ length: documentCount }, (_, at) => documentOf((at * 7919) % groups))

function heap() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function time(work) {
  const start = performance.now()
  const result = work()
  return [performance.now() - start, result]
}

function run() {
  const before = heap()
  const filters = sources.map((source) => normalizeFilter(parseFilter(source)))
  const read = heap()
  const [parsing] = time(() => sources.forEach((source) => filterId('shop', 'orders', normalizeFilter(parseFilter(source)))))
  const ids = filters.map((filter) => filterId('shop', 'orders', filter))
  const named = heap()
  const engine = new FilterEngine()
  const [adding] = time(() => filters.forEach((filter, at) => engine.add(ids[at], filter)))
  const entered = heap()
  const [matching, matched] = time(() => documents.reduce((count, document) => count + engine.match(document, 'id').length, 0))
  const [naive] = time(() => documents.slice(0, 5).forEach((document) => filters.filter((filter) => matchesFilter(filter, document, 'id'))))
  const [removing] = time(() => ids.forEach((id) => engine.remove(id)))
  return {
    documentsPerSecond: documentCount / matching * 1000,
    matchesPerDocument: matched / documentCount,
    naiveDocumentsPerSecond: 5 / naive * 1000,
    parseAndName: parsing,
    register: adding,
    remove: removing,
    filterBytes: (read - before) / filterCount,
    indexBytes: (entered - named) / filterCount,
    leftBytes: (heap() - named) / filterCount,
  }
}

const results = Array.from({ length: runs }, run)
const median = (name) => results.map((result) => result[name]).sort((one, other) => one - other)[Math.floor(runs / 2)]
const number = (name, digits = 0) => median(name).toLocaleString('en', { maximumFractionDigits: digits })

console.log(`${filterCount.toLocaleString('en')} filters, ${documentCount.toLocaleString('en')} documents, median of ${runs}, Node ${process.version}`)
console.table({
  'documents per second': { value: number('documentsPerSecond'), aim: '≥ 20,000' },
  'filters matching each': { value: number('matchesPerDocument', 1), aim: '10' },
  'documents per second, naive': { value: number('naiveDocumentsPerSecond', 1), aim: '' },
  'registering all, ms': { value: number('register'), aim: '≤ 2,000' },
  'parsing, normalising, naming all, ms': { value: number('parseAndName'), aim: '' },
  'removing all, ms': { value: number('remove'), aim: '' },
  'bytes a filter, itself': { value: globalThis.gc ? number('filterBytes') : 'needs --expose-gc', aim: '' },
  'bytes a filter, in the index': { value: globalThis.gc ? number('indexBytes') : 'needs --expose-gc', aim: '' },
  'bytes a filter, after its removal': { value: globalThis.gc ? number('leftBytes', 1) : 'needs --expose-gc', aim: '0' },
})
runOverlapping()
