import { createHash } from 'node:crypto'
import type { Scalar } from '../../filter/filter.js'
import type { Bounds, FieldTest, Kind } from '../../query/condition.js'
import { LAST_TIME, type Dialect } from '../../query/dialect.js'
import { isDateType, isIndexed } from '../../query/field-types.js'
import type { FieldPath } from '../../query/field-path.js'
import { join, name, raw, sql } from '../../query/sql.js'
import type { Sql } from '../../query/sql.js'

/** A path must be part of the text, or no index would be found by it; `fieldPath` lets no quote or backslash through. */
const literal = (path: FieldPath): string => `'$${path.map((step) => `."${step.replaceAll("'", "''")}"`).join('')}'`

/** The field as SQL has it: text and numbers as such, booleans as 0 and 1, `null` and the missing as NULL, the rest as JSON text. */
const key = (path: FieldPath): Sql => raw(`json_extract(source, ${literal(path)})`)
const type = (path: FieldPath): Sql => raw(`json_type(source, ${literal(path)})`)
const hasType = (path: FieldPath, ...types: string[]): Sql => sql`${type(path)} in (${raw(types.map((each) => `'${each}'`).join(', '))})`

/**
 * Numbers take the same way as those in documents, from JSON text, so that both are rounded alike; and so does text that the driver would
 * change: halves of surrogate pairs, and what follows U+0000.
 */
const value = (scalar: Scalar): Sql => (needsJson(scalar) ? sql`json_extract(${JSON.stringify(scalar)}, '$')` : sql`${toBound(scalar)}`)
const needsJson = (scalar: Scalar): boolean => typeof scalar === 'number' || (typeof scalar === 'string' && /[\0\p{Surrogate}]/u.test(scalar))
const toBound = (scalar: Scalar): string | number | null => (typeof scalar === 'boolean' ? Number(scalar) : scalar)

const typesOf = { string: ['text'], number: ['integer', 'real'], boolean: ['true', 'false'] } as const

const INSTANT = `'${'0000-00-00T00:00:00.000Z'.replaceAll('0', '[0-9]')}'`

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function bounds(path: FieldPath, given: Bounds<number> | Bounds<string>): Sql[] {
  return Object.entries(OPERATORS).flatMap(([bound, operator]) => {
    const limit = given[bound as keyof typeof OPERATORS]
    return limit === undefined ? [] : [sql`${key(path)} ${raw(operator)} ${value(limit)}`]
  })
}

function isOneOf(path: FieldPath, values: readonly Scalar[]): Sql {
  const [first] = values
  if (first === null || first === undefined) return sql`(${key(path)} is null and ${type(path)} = 'null')`
  if (typeof first === 'boolean') return sql`(${key(path)} in (${raw(values.map(Number).join(', '))}) and ${hasType(path, ...values.map(String))})`
  const types = hasType(path, ...typesOf[typeof first as 'string' | 'number'])
  const matches = values.length === 1 ? sql`${key(path)} = ${value(first)}`
    : sql`${key(path)} in (select value from json_each(${JSON.stringify(values)}))`
  return sql`(${matches} and ${types})`
}

function hasKind(path: FieldPath, kind: Kind): Sql {
  if (kind === 'instant') return sql`(${type(path)} = 'text' and ${key(path)} glob ${raw(INSTANT)})`
  if (kind === 'looseText') return sql`(${type(path)} = 'text' and ${key(path)} not glob ${raw(INSTANT)})`
  return sql`${type(path)} = ${raw(`'${kind}'`)}`
}

type Purpose = 'value' | 'array' | 'looseText'

const indexName = (table: string, path: FieldPath, purpose: Purpose): string =>
  `${table}_${purpose}_${createHash('sha256').update(path.join('.')).digest('hex').slice(0, 16)}`

/** Which index holds those documents together for which a test is true. */
function purposeOf(test: FieldTest): Purpose | undefined {
  if (test.type === 'kind') return test.kind === 'array' || test.kind === 'looseText' ? test.kind : undefined
  return test.type === 'contains' ? 'array' : 'value'
}

/** UTF-8 in which halves of surrogate pairs have the three bytes that code points of their size have, as SQLite writes them. */
function readUtf8(bytes: Buffer): string {
  const pieces = bytes.toString('latin1').split(/(\xed[\xa0-\xbf][\x80-\xbf])/)
  return pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece, 'latin1').toString() : readHalf(piece))).join('')
}

const readHalf = (bytes: string): string => String.fromCharCode(0xd000 | ((bytes.charCodeAt(1) & 0x3f) << 6) | (bytes.charCodeAt(2) & 0x3f))

const digits = (count: number): string => '[0-9]'.repeat(count)

/** Milliseconds of a date in SQLite's form; dates of other forms are brought into it: an hour without minutes, a zone without colon. */
const timeOf = (text: string): string => `cast(round(unixepoch(${text}, 'subsec') * 1000) as integer)`
const withMinutes = (text: string): string =>
  `case when length(${text}) > 12 and substr(${text}, 14, 1) <> ':' then substr(${text}, 1, 13) || ':00' || substr(${text}, 14) else ${text} end`
const withZone = (text: string): string =>
  `case when e.value glob '*:*[+-]${digits(4)}' or e.value glob '*T${digits(2)}[+-]${digits(4)}' then substr(${text}, 1, length(${text}) - 2) || ':' || substr(${text}, -2) else ${text} end`

/** SQLite's words. Documents are kept as JSON text: read back as it is, it is ready to be parsed. */
export const sqliteDialect: Dialect = {
  createTable: (table) =>
    sql`create table ${name(table)} (n integer primary key, id text not null unique, version integer not null, source text not null)`,
  emptyTable: (table) => sql`delete from ${name(table)}`,
  fieldIndexes: (table, path, declared) => {
    const index = (purpose: Purpose, rest: Sql): Sql => sql`create index if not exists ${name(indexName(table, path, purpose))} on ${name(table)} ${rest}`
    const ofKind = (kind: 'array' | 'looseText'): Sql => index(kind, sql`(${type(path)}) where ${hasKind(path, kind)}`)
    // With its type, a value is told without a look at the document.
    return [ofKind('array'), ...(isIndexed(declared) ? [index('value', sql`(${key(path)}, ${type(path)})`)] : []), ...(isDateType(declared) ? [ofKind('looseText')] : [])]
  },
  // No index has an expression of this form.
  unindexed: (part) => sql`((${part}) is true)`,
  indexCounts: {
    names: (table) => sql`select name from sqlite_schema where type = 'index' and tbl_name = ${table}`,
    nameFor: (table, path, test) => {
      const purpose = purposeOf(test)
      return purpose && indexName(table, path, purpose)
    },
  },
  tableSizes: (tables) => sql`
    select s.tbl_name as name, sum(d.pgsize) as size from dbstat d join sqlite_schema s on s.name = d.name
    where d.aggregate = true and s.tbl_name in (select value from json_each(${JSON.stringify(tables)})) group by s.tbl_name`,

  columns: raw('n, id, version, source'),
  lockRows: raw(''),
  lockFreeRows: raw(''),
  hasId: (ids) => (ids.length === 1 ? sql`id = ${ids[0]!}` : sql`id in (select value from json_each(${JSON.stringify(ids)}))`),
  isAmong: (column, texts) => sql`${column} in (select value from json_each(${JSON.stringify(texts)}))`,
  textRows: (columns, rows) => sql`
    (select ${join(columns.map((column, place) => sql`r.value ->> ${raw(String(place))} as ${name(column)}`), ', ')}, r.key as position
    from json_each(${JSON.stringify(rows)}) r)`,
  numbers: raw('json_group_array(n)'),
  hasNumber: (numbers) => sql`n in (select value from json_each(${JSON.stringify(numbers)}))`,
  // Below all values is nothing but NULL, which stands for `null` and the missing.
  isPresent: (path) => sql`(${key(path)} >= -9e999 or (${key(path)} is null and ${type(path)} = 'null'))`,
  isMissing: (path) => sql`(${key(path)} is null and ${type(path)} is null)`,
  hasKind,
  isOneOf,
  contains: (path, element) => sql`(${type(path)} = 'array' and exists (select 1 from json_each(source, ${raw(literal(path))}) e where ${
    element === null ? raw(`e.type = 'null'`)
      : typeof element === 'boolean' ? raw(`e.type = '${element}'`)
        : sql`e.value = ${value(element)} and e.type in (${join(typesOf[typeof element as 'string' | 'number'].map((each) => raw(`'${each}'`)), ', ')})`
  }))`,
  isInRange: (path, given) =>
    sql`(${join([...bounds(path, given), ...(given.lt ?? given.lte) === undefined ? [sql`${key(path)} < ''`] : []], ' and ')} and ${
      hasType(path, 'integer', 'real')})`,
  isInTextRange: (path, given) => sql`(${join([...bounds(path, given), hasType(path, 'text')], ' and ')})`,

  orderBy: (path, direction) => sql`${key(path)} ${raw(direction)} nulls last`,
  isAfter: (path, after, direction) =>
    (after === null ? raw('1 = 0') : sql`(${key(path)} ${raw(direction === 'asc' ? '>' : '<')} ${value(after)} or ${key(path)} is null)`),
  isLevel: (path, level) => (level === null ? sql`${key(path)} is null` : sql`${key(path)} = ${value(level)}`),

  // Of an object `json_each` gives the members, which are none; only they have texts for keys.
  elements: (path) => sql`json_each(source, ${raw(literal(path))}) e`,
  // The driver aborts the process when SQLite gives it text that is no UTF-8, as halves of surrogate pairs are: texts leave it as digits.
  elementKey: raw(`case case typeof(e.key) when 'text' then 'member' else e.type end when 'text' then '"' || hex(e.value) || '"' when 'true' then 'true' when 'false' then 'false'
    when 'integer' then json_quote(e.value) when 'real' then json_quote(e.value) end`),
  readKey: (digits) => readUtf8(Buffer.from(digits, 'hex')),
  elementNumber: raw(`case when typeof(e.key) = 'text' then null when e.type in ('integer', 'real') then e.value when e.type = 'true' then 1 when e.type = 'false' then 0 end`),
  elementTime: raw(`case when typeof(e.key) = 'text' then null when e.type in ('integer', 'real') then case when abs(e.value) <= ${LAST_TIME} then cast(floor(e.value) as integer) end
    when e.type <> 'text' then null when e.value glob '${digits(4)}-${digits(2)}-${digits(2)}*' then case when substr(e.value, 12, 2) >= '24' then null
      when e.value glob ${INSTANT} then ${timeOf('e.value')} else ${timeOf(withZone(withMinutes(`replace(e.value, ',', '.')`)))} end
    when e.value glob '${digits(4)}' then ${timeOf(`e.value || '-01-01'`)} when e.value glob '${digits(4)}-${digits(2)}' then ${timeOf(`e.value || '-01'`)}
    when ltrim(e.value, '-') not glob '*[^0-9]*' and length(ltrim(e.value, '-')) between 5 and 16 and abs(cast(e.value as integer)) <= ${LAST_TIME} then cast(e.value as integer) end`),
}
