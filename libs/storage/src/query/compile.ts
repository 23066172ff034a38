import type { Scalar } from '../filter/filter.js'
import { canBeStored } from '../store/names.js'
import type { Condition, FieldTest } from './condition.js'
import type { Dialect } from './dialect.js'
import { fieldPath } from './field-path.js'
import { raw, sql } from './sql.js'
import type { Sql } from './sql.js'

/** SQL, or what it is known to say of every document. */
export type Truth = Sql | boolean

/**
 * A condition as SQL: `lower` holds only where the condition does, `upper` holds wherever it does, and where the two may differ one of
 * `gaps` holds. There are none when SQL says it all; else JavaScript judges the documents for which one holds. Gaps are no alternatives
 * in conditions within alternatives, for which SQLite would find no index.
 */
export interface Compiled { lower: Truth; upper: Truth; gaps: readonly Truth[] }

/** Compiles a condition to SQL. Values are bound, never written into the text; a path is quoted, or left to JavaScript. */
export function compile(condition: Condition, dialect: Dialect): Compiled {
  switch (condition.type) {
    case 'all': return compileAll(condition.of.map((each) => compile(each, dialect)))
    case 'any': return compileAny(condition.of.map((each) => compile(each, dialect)))
    case 'not': return compileNot(condition.of, dialect)
    case 'ids': return exact(dialect.hasId(condition.ids.filter(canBeStored)))
    case 'judged': {
      const gaps = alternativesOf(condition.onlyIf).map((each) => compile(each, dialect).upper)
      return { lower: false, upper: or(gaps), gaps }
    }
    case 'guided': return compileGuided(condition, dialect)
    default: return compileTest(condition, dialect)
  }
}

const alternativesOf = (condition: Condition): Condition[] => (condition.type === 'any' ? condition.of.flatMap(alternativesOf) : [condition])

/** One part is in doubt only where the others may hold: written so, each doubt can be looked up by whichever index narrows it most. */
function compileAll(parts: readonly Compiled[]): Compiled {
  const gaps = parts.flatMap(({ gaps }, index) => within(gaps, and(parts.filter((_, other) => other !== index).map(({ upper }) => upper))))
  return { lower: and(parts.map((part) => part.lower)), upper: and(parts.map((part) => part.upper)), gaps }
}

const within = (gaps: readonly Truth[], bounds: Truth): Truth[] => gaps.map((gap) => and([gap, bounds]))

function compileGuided(condition: Extract<Condition, { type: 'guided' }>, dialect: Dialect): Compiled {
  const [by, then] = [compile(condition.by, dialect), compile(condition.then, dialect)]
  const check = (part: Truth): Truth => (typeof part === 'boolean' ? part : dialect.unindexed(part))
  const gaps = condition.hasFewDoubts ? [...within(by.gaps, check(then.upper)), ...within(then.gaps, check(by.upper))]
    : [and([by.upper, check(or([...within(by.gaps, then.upper), ...then.gaps]))])]
  return { lower: and([by.lower, check(then.lower)]), upper: and([by.upper, check(then.upper)]), gaps }
}

function compileAny(parts: readonly Compiled[]): Compiled {
  return { lower: or(parts.map((part) => part.lower)), upper: or(parts.map((part) => part.upper)), gaps: parts.flatMap(({ gaps }) => gaps) }
}

/** Negation goes inwards as far as it can: that a field is missing an index can say, that something is not true none. */
function compileNot(condition: Condition, dialect: Dialect): Compiled {
  switch (condition.type) {
    case 'all': return compileAny(condition.of.map((each) => compileNot(each, dialect)))
    case 'any': return compileAll(condition.of.map((each) => compileNot(each, dialect)))
    case 'not': return compile(condition.of, dialect)
    case 'present': return compileMissing(condition.field, dialect)
    case 'guided': return compileAny([compileNot(condition.by, dialect), compileNot(condition.then, dialect)])
    default: return negate(compile(condition, dialect))
  }
}

function compileMissing(field: string, dialect: Dialect): Compiled {
  const path = fieldPath(field)
  return path === undefined ? unknown : exact(dialect.isMissing(path))
}

const negate = ({ lower, upper, gaps }: Compiled): Compiled => ({ lower: not(upper), upper: not(lower), gaps })
const exact = (truth: Truth): Compiled => ({ lower: truth, upper: truth, gaps: [] })
const unknown: Compiled = { lower: false, upper: true, gaps: [true] }

function compileTest(test: FieldTest, dialect: Dialect): Compiled {
  const path = fieldPath(test.field)
  if (path === undefined) return unknown
  switch (test.type) {
    case 'present': return exact(dialect.isPresent(path))
    case 'kind': return exact(dialect.hasKind(path, test.kind))
    case 'is': return exact(or(groupByKind(test.values).map((values) => dialect.isOneOf(path, values))))
    case 'contains': return exact(dialect.contains(path, test.element))
    case 'range': return exact(dialect.isInRange(path, test))
    case 'textRange': return exact(dialect.isInTextRange(path, test))
  }
}

function groupByKind(values: readonly Scalar[]): Scalar[][] {
  const groups = new Map<string, Scalar[]>()
  for (const value of values) {
    const kind = value === null ? 'null' : typeof value
    groups.get(kind)?.push(value) ?? groups.set(kind, [value])
  }
  return [...groups.values()]
}

function and(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false
  return balance(parts.filter((part) => part !== true) as Sql[], ' and ') ?? true
}

export function or(parts: readonly Truth[]): Truth {
  if (parts.includes(true)) return true
  return balance(parts.filter((part) => part !== false) as Sql[], ' or ') ?? false
}

/** A test of a missing field may be NULL in SQL; `is not true` makes two values of three. */
function not(part: Truth): Truth {
  return typeof part === 'boolean' ? !part : sql`((${part}) is not true)`
}

/** Joined in the shape of a balanced tree: engines limit how deep an expression may be, not how wide. */
function balance(parts: readonly Sql[], operator: string): Sql | undefined {
  if (parts.length <= 1) return parts[0]
  const middle = parts.length >> 1
  return sql`(${balance(parts.slice(0, middle), operator)!}${raw(operator)}${balance(parts.slice(middle), operator)!})`
}

/** Truth as SQL. */
export function toSql(truth: Truth): Sql {
  return typeof truth === 'boolean' ? raw(truth ? '1 = 1' : '1 = 0') : truth
}
