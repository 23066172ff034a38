/**
 * How fast documents find the filters that match them where many overlap: kinds of 100,000 filters of which some 250 match each document,
 * and many more share one of their conditions. Run by `filters.mjs`; by itself: `node test/bench/overlapping-filters.mjs`.
 */
import { fileURLToPath } from 'node:url'
import { FilterEngine } from '../../dist/libs/realtime/src/index.js'
import { matchesFilter, normalizeFilter, parseFilter } from '../../dist/libs/storage/src/index.js'

const filterCount = 100_000

/** Numbers that look random and are the same in each run (mulberry32). */
function createRandom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A range somewhere among 0…1000, of 0 to `widest`. */
function rangeOf(random, widest) {
  const gte = random() * (1000 + widest) - widest
  return { gte, lt: gte + random() * widest }
}

/** Milliseconds of CPU that this process has had: the steadier figure on a machine that others use, too. */
function spent() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const placeIn = (random) => ({ lat: 48 + random() * 0.4, lon: 2 + random() * 0.6 })
const number = (random, below) => Math.floor(random() * below)

/** Each kind: how many documents are asked, and the filter. */
const kinds = {
  'circles in a city': [4000, (random) => ({ geoDistance: { place: placeIn(random), distance: 500 + random() * 1500 } })],
  'a city of 20, and a range': [4000, (random) => ({ and: [{ equals: { city: `city ${number(random, 20)}` } }, { range: { price: rangeOf(random, 100) } }] })],
  'a status of 4, and a range': [4000, (random) => ({ and: [{ equals: { status: number(random, 4) } }, { range: { price: rangeOf(random, 20) } }] })],
  'a city of 20, and another of 20': [4000, (random) => ({ and: [{ equals: { city: `city ${number(random, 20)}` } }, { equals: { to: number(random, 20) } }, { not: { equals: { by: number(random, 1000) } } }] })],
  'two ranges': [2000, (random) => ({ and: [{ range: { price: rangeOf(random, 100) } }, { range: { stock: rangeOf(random, 100) } }] })],
  'two ranges, each open at an end': [400, (random) => ({ and: [{ range: { price: { gt: 900 + random() * 200 } } }, { range: { stock: { lt: random() * 200 - 100 } } }] })],
  'a circle, and a range': [4000, (random) => ({ and: [{ geoDistance: { place: placeIn(random), distance: 2000 + random() * 3000 } }, { range: { price: rangeOf(random, 200) } }] })],
  'a city of 20, a range, a circle': [4000, (random) => ({ and: [{ equals: { city: `city ${number(random, 20)}` } }, { range: { price: rangeOf(random, 1000) } }, { geoDistance: { place: placeIn(random), distance: 2000 + random() * 5000 } }] })],
  'none of 40 customers, and a city of 400': [2000, (random) => ({ and: [{ not: { equals: { customer: number(random, 40) } } }, { equals: { city: `city ${number(random, 400)}` } }, { not: { equals: { by: number(random, 1000) } } }] })],
  'not one of 100,000': [100, (_, n) => ({ not: { equals: { customer: n } } })],
}

function documentOf(random) {
  return {
    city: `city ${number(random, 20)}`, to: number(random, 20), status: number(random, 4), price: random() * 1000, stock: random() * 1000, customer: number(random, 40), by: number(random, 1000),
    place: placeIn(random), note: 'leave it at the door',
  }
}

function measure([documentCount, filterOf]) {
  const random = createRandom(7)
  const filters = Array.from({ length: filterCount }, (_, n) => normalizeFilter(parseFilter(filterOf(random, n))))
  const documents = Array.from({ length: documentCount }, () => documentOf(random))
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const engine = new FilterEngine()
  const entering = spent()
  filters.forEach((filter, n) => engine.add(String(n), filter))
  const entered = spent()
  globalThis.gc?.()
  const bytes = (process.memoryUsage().heapUsed - before) / filterCount
  const asking = spent()
  let matches = 0
  for (const document of documents) matches += engine.match(document).length
  const milliseconds = spent() - asking
  const [first] = documents
  const naive = filters.filter((filter) => matchesFilter(filter, first)).length
  if (engine.match(first).length !== naive) throw new Error(`The engine found ${engine.match(first).length} filters, and there are ${naive}.`)
  return {
    'matches a document': Math.round(matches / documentCount),
    'documents per s of CPU': Math.round(documentCount / milliseconds * 1000),
    'µs a match': Number((milliseconds * 1000 / matches).toFixed(2)),
    'registering all, ms of CPU': Math.round(entered - entering),
    'bytes a filter, in the index': globalThis.gc ? Math.round(bytes) : 'needs --expose-gc',
  }
}

/** Prints a row for each kind. */
export function runOverlapping() {
  console.log(`${filterCount.toLocaleString('en')} filters of one kind each, that overlap`)
  console.table(Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, measure(kind)])))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runOverlapping()
