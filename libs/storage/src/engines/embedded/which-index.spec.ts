import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { compile, or, toSql } from '../../query/compile.js'
import type { Truth } from '../../query/compile.js'
import { Catalogue } from '../../store/catalogue.js'
import type { Collection } from '../../store/catalogue.js'
import { narrow } from '../../store/narrow.js'
import { readQuery } from '../../store/selection.js'
import { Connection } from './connection.js'
import { EmbeddedEngine } from './embedded-engine.js'
import { sqliteDialect } from './sqlite-dialect.js'

const folder = mkdtempSync(join(tmpdir(), 'mortise-which-index-'))
const path = join(folder, 'store.db')
const engine = new EmbeddedEngine(path)
const place = { index: 'shop', collection: 'orders' }
const FIELDS = { kind: 'keyword', state: 'keyword', serial: 'integer', price: 'double', day: 'date', at: 'date', paid: 'boolean', some: 'keyword' }
let connection: Connection
let collection: Collection

/** Half are of one kind, a third in one state; days have twenty each, seconds one. */
const order = (n: number) => ({
  kind: n % 2 === 0 ? 'common' : `kind ${n}`, state: n % 3 === 0 ? 'open' : `state ${n}`, serial: n, price: (n * 7) % 2000, paid: n % 100 === 0, ...(n % 100 === 7 && { some: 'x' }),
  day: new Date(Math.floor(n / 20) * 86_400_000).toISOString().slice(0, 10), at: new Date(n * 1000).toISOString(), to: { town: `town ${n % 100}` },
})

beforeAll(async () => {
  await engine.open()
  const catalogue = new Catalogue(engine)
  const properties = { ...Object.fromEntries(Object.entries(FIELDS).map(([field, type]) => [field, { type }])), to: { properties: { town: { type: 'keyword' } } } }
  await catalogue.createCollection(place, { mappings: { properties } })
  collection = await catalogue.find(place)
  await engine.write(Array.from({ length: 2000 }, (_, n) => ({ kind: 'create', table: collection.table, id: String(n), source: order(n) })))
  connection = await Connection.open(path)
})
afterAll(async () => {
  connection.close()
  await engine.close()
  rmSync(folder, { recursive: true })
})

/** The indexes by which SQLite finds what is so, or `scan` where it would look at every document. */
async function indexesFor(truth: Truth): Promise<string[]> {
  if (truth === false) return []
  const { text, values } = toSql(truth).render(() => '?')
  const steps = await connection.all(`explain query plan select n from "${collection.table}" where ${text}`, values)
  const details = steps.map(({ detail }) => String(detail)).filter((detail) => detail.includes(` ${collection.table}`))
  return details.map((detail) => (detail.startsWith('SEARCH') ? / INDEX (\S+)/.exec(detail)?.[1] ?? 'n' : 'scan'))
}

const valueIndexOf = (field: string): string => sqliteDialect.indexCounts!.nameFor(collection.table, field.split('.'), { type: 'present', field })!
const onlyValueIndexes = (indexes: readonly string[]): string[] => [...new Set(indexes.filter((index) => index.includes('_value_')))].sort()

const common = { term: { kind: 'common' } }
const narrowRange = { range: { serial: { gte: 400, lt: 420 } } }
const must = (...clauses: object[]) => ({ bool: { must: clauses } })

test('documents that JavaScript judges are looked up by the rarest part of a query as well', async () => {
  const query = must({ regexp: { kind: 'c.*' } }, common, narrowRange)
  const { gaps } = compile(await narrow(engine, collection, readQuery(collection, query)), engine.dialect)
  expect(onlyValueIndexes(await indexesFor(or(gaps)))).toEqual([valueIndexOf('serial')])
})

test('days are looked up by their bounds where all dates are such, and not by being no instants', async () => {
  const { lower } = compile(await narrow(engine, collection, readQuery(collection, { term: { day: '1970-01-05' } })), engine.dialect)
  expect((await indexesFor(lower)).filter((index) => index.includes('_looseText_'))).toEqual([])
})

test.each<[object, string[]]>([
  [must(common, narrowRange), ['serial']],
  [must(narrowRange, common), ['serial']],
  [must(common, { term: { state: 'open' } }), ['state']],
  [must({ term: { state: 'open' } }, common), ['state']],
  [must({ range: { price: { gte: 100, lt: 1900 } } }, narrowRange), ['serial']],
  [must({ range: { price: { gte: 100, lt: 105 } } }, { range: { serial: { gte: 100 } } }), ['price']],
  [must(common, { range: { day: { gte: '1970-01-05', lte: '1970-01-06' } } }), ['day']],
  [must(common, { range: { at: { gte: 5000, lt: 9000 } } }), ['at']],
  [must({ range: { at: { gte: 5000 } } }, narrowRange), ['serial']],
  [must(common, { terms: { 'to.town': ['town 4', 'town 6'] } }), ['to.town']],
  [must(common, { exists: { field: 'some' } }), ['some']],
  [must({ exists: { field: 'state' } }, narrowRange), ['serial']],
  [{ bool: { must: [common], must_not: [{ exists: { field: 'state' } }] } }, ['state']],
  [must(common, { term: { paid: true } }), ['paid']],
  [must(common, { bool: { should: [{ term: { 'to.town': 'town 4' } }, narrowRange] } }), ['to.town', 'serial']],
  [{ bool: { should: [must(common, narrowRange), must(common, { term: { 'to.town': 'town 4' } })] } }, ['serial', 'to.town']],
  [must(must(common, { term: { state: 'open' } }), narrowRange), ['serial']],
  [{ range: { day: { gte: '1970-01-05', lte: '1970-01-06' } } }, ['day']],
  [{ term: { paid: true } }, ['paid']],
])('the documents of %j are looked up by %j', async (query, fields) => {
  const { lower, gaps } = compile(await narrow(engine, collection, readQuery(collection, query)), engine.dialect)
  const [found, doubtful] = [await indexesFor(lower), await indexesFor(or(gaps))]
  const expected = fields.map(valueIndexOf).sort()
  expect([...found, ...doubtful]).not.toContain('scan')
  expect(onlyValueIndexes(found)).toEqual(expected)
  expect(expected).toEqual(expect.arrayContaining(onlyValueIndexes(doubtful)))
})
