import type { Scalar } from '../filter/filter.js'
import { canBeStored } from '../store/names.js'
import type { Condition } from './condition.js'
import type { Dialect } from './dialect.js'
import { fieldPath } from './field-path.js'
import { raw, sql } from './sql.js'
import type { Sql } from './sql.js'

/** SQL, or what it is known to say of every document. */
export type Truth = Sql | boolean

/**
 * A condition as SQL: `lower` holds only where the condition does, `upper` holds wherever it does, and where the two may differ `gap`
 * holds. `gap` is `false` when SQL says it all; else JavaScript judges the documents for which it holds.
 */
export interface Compiled { lower: Truth; upper: Truth; gap: Truth }

/** Compiles a condition to SQL. Values are bound, never written into the text; a path is quoted, or left to JavaScript. */
export function compile(condition: Condition, dialect: Dialect): Compiled {
  switch (condition.type) {
    case 'all': return compileAll(condition.of.map((each) => compile(each, dialect)))
    case 'any': return compileAny(condition.of.map((each) => compile(each, dialect)))
    case 'not': return compileNot(condition.of, dialect)
    case 'ids': return exact(dialect.hasId(condition.ids.filter(canBeStored)))
    case 'judged': {
      const { upper } = compile(condition.onlyIf, dialect)
      return { lower: false, upper, gap: upper }
    }
    default: return compileTest(condition, dialect)
  }
}

/** One part is in doubt only where the others may hold: written so, each doubt can be looked up by whichever index narrows it most. */
function compileAll(parts: readonly Compiled[]): Compiled {
  const doubts = parts.map(({ gap }, index) => and([gap, ...parts.filter((_, other) => other !== index).map(({ upper }) => upper)]))
  return { lower: and(parts.map((part) => part.lower)), upper: and(parts.map((part) => part.upper)), gap: or(doubts) }
}

function compileAny(parts: readonly Compiled[]): Compiled {
  return { lower: or(parts.map((part) => part.lower)), upper: or(parts.map((part) => part.upper)), gap: or(parts.map(({ gap }) => gap)) }
}

/** Negation goes inwards as far as it can: that a field is missing an index can say, that something is not true none. */
function compileNot(condition: Condition, dialect: Dialect): Compiled {
  switch (condition.type) {
    case 'all': return compileAny(condition.of.map((each) => compileNot(each, dialect)))
    case 'any': return compileAll(condition.of.map((each) => compileNot(each, dialect)))
    case 'not': return compile(condition.of, dialect)
    case 'present': return compileMissing(condition.field, dialect)
    default: return negate(compile(condition, dialect))
  }
}

function compileMissing(field: string, dialect: Dialect): Compiled {
  const path = fieldPath(field)
  return path === undefined ? unknown : exact(dialect.isMissing(path))
}

const negate = ({ lower, upper, gap }: Compiled): Compiled => ({ lower: not(upper), upper: not(lower), gap })
const exact = (truth: Truth): Compiled => ({ lower: truth, upper: truth, gap: false })
const unknown: Compiled = { lower: false, upper: true, gap: true }

type FieldTest = Extract<Condition, { field: string }>

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
