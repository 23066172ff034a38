import type { Engine } from '../engines/engine.js'
import { compile, toSql } from '../query/compile.js'
import type { Condition, FieldTest } from '../query/condition.js'
import { fieldPath } from '../query/field-path.js'
import { join, name, raw, sql } from '../query/sql.js'
import type { Collection } from './catalogue.js'

/** A test of a field, or that the field is missing. */
type Test = FieldTest | { type: 'not'; of: FieldTest }

/** So many entries of each index are counted at first, and each time that this does not decide it, so many times as many. */
const FIRST_LIMIT = 500
const GROWTH = 8
/** Of a condition with more tests none is counted. */
const MOST_TESTS = 50

/** The names of a collection's indexes, by its `fields`: these are others whenever its mapping has changed. */
const known = new WeakMap<Collection['fields'], ReadonlySet<string>>()

/** How many documents satisfy the parts of a condition, as far as indexes tell. */
export class IndexSizes {
  private readonly counts = new Map<string, number>()
  /** The tests of which there may be more than were counted, and how many were counted of each. */
  private readonly open = new Map<string, { test: Test; limit: number }>()

  private constructor(private readonly engine: Engine, private readonly collection: Collection) {}

  /** `undefined` where no index tells anything, or the engine keeps statistics of its own. */
  static async of(engine: Engine, collection: Collection, condition: Condition): Promise<IndexSizes | undefined> {
    const tests = await countableTests(engine, collection, condition)
    if (tests.length === 0 || tests.length > MOST_TESTS) return undefined
    const sizes = new IndexSizes(engine, collection)
    await sizes.count(tests, FIRST_LIMIT)
    return sizes
  }

  /** At most so many documents satisfy a condition, or at least as many as were counted; `Infinity` where no index tells. */
  of(condition: Condition): number {
    switch (condition.type) {
      case 'all': return Math.min(...condition.of.map((part) => this.of(part)))
      case 'any': return sum(condition.of.map((part) => this.of(part)))
      case 'not': return this.ofNot(condition.of)
      case 'judged': return this.of(condition.onlyIf)
      case 'guided': return this.of(condition.by)
      case 'ids': return condition.ids.length
      default: return this.counts.get(keyOf(condition)) ?? Infinity
    }
  }

  /** How many satisfy that of some conditions that the fewest satisfy. No more is counted than this takes. */
  async ofLeast(parts: readonly Condition[]): Promise<number> {
    const keys = parts.flatMap((part) => testsIn(part)).map(keyOf)
    for (;;) {
      const least = Math.min(...parts.map((part) => this.of(part)))
      const open = [...new Set(keys)].flatMap((key) => this.open.get(key) ?? [])
      const limit = Math.min(...open.map((each) => each.limit))
      if (least < limit || open.length === 0) return least
      await this.count(open.map(({ test }) => test), limit * GROWTH)
    }
  }

  private ofNot(condition: Condition): number {
    switch (condition.type) {
      case 'all': return sum(condition.of.map((part) => this.ofNot(part)))
      case 'any': return Math.min(...condition.of.map((part) => this.ofNot(part)))
      case 'not': return this.of(condition.of)
      default: return this.counts.get(keyOf({ type: 'not', of: condition })) ?? Infinity
    }
  }

  private async count(tests: readonly Test[], limit: number): Promise<void> {
    const { dialect } = this.engine
    const found = tests.map((test) => sql`select 1 from ${name(this.collection.table)} where ${toSql(compile(test, dialect).upper)} limit ${limit}`)
    const counts = found.map((each, place) => sql`(select count(*) from (${each}) as d) as ${raw(`t${place}`)}`)
    const [row = {}] = await this.engine.query(sql`select ${join(counts, ', ')}`)
    tests.forEach((test, place) => {
      const [key, count] = [keyOf(test), Number(row[`t${place}`])]
      this.counts.set(key, count)
      if (count < limit) this.open.delete(key)
      else this.open.set(key, { test, limit })
    })
  }
}

const keyOf = (condition: Condition): string => JSON.stringify(condition)
export const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)

/** Those tests in a condition of which an index tells for how many documents they are true. */
async function countableTests(engine: Engine, { fields, table }: Collection, condition: Condition): Promise<Test[]> {
  const { indexCounts } = engine.dialect
  if (!indexCounts) return []
  const names = known.get(fields) ?? new Set((await engine.query(indexCounts.names(table))).map((row) => String(row.name)))
  known.set(fields, names)
  return testsIn(condition).filter((test) => {
    const ofField = test.type === 'not' ? test.of : test
    const path = fieldPath(ofField.field)
    return path !== undefined && names.has(indexCounts.nameFor(table, path, ofField) ?? '')
  })
}

function testsIn(condition: Condition, isNegated = false): Test[] {
  switch (condition.type) {
    case 'all': case 'any': return condition.of.flatMap((part) => testsIn(part, isNegated))
    case 'not': return testsIn(condition.of, !isNegated)
    case 'judged': return testsIn(condition.onlyIf)
    case 'guided': return testsIn(condition.by)
    case 'ids': return []
    default: return isNegated ? testsInNot(condition) : [condition]
  }
}

/** An index holds those documents together in which a field is missing; of other negations none tells. */
const testsInNot = (test: FieldTest): Test[] => (test.type === 'present' ? [{ type: 'not', of: test }] : [])
