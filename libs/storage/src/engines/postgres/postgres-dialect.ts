import { createHash } from 'node:crypto'
import type { Scalar } from '../../filter/filter.js'
import type { Bounds, Kind } from '../../query/condition.js'
import { LAST_TIME, type Dialect } from '../../query/dialect.js'
import { isDateType, isIndexed, isNumberType } from '../../query/field-types.js'
import type { FieldPath } from '../../query/field-path.js'
import { join, name, raw, sql } from '../../query/sql.js'
import type { Sql } from '../../query/sql.js'
import { escapeText, unescapeText } from './stored-json.js'

/** A path must be part of the text, or no index would be found by it; `fieldPath` lets no quote or backslash through. */
const literal = (path: FieldPath): string => `'{${path.map((step) => `"${step.replaceAll("'", "''")}"`).join(',')}}'`

/** The field as JSON, and as text. */
const json = (path: FieldPath): string => `source #> ${literal(path)}`
const text = (path: FieldPath): string => `(source #>> ${literal(path)}) collate "C"`

/** An index holds no more than this of a text; what it finds is then compared whole. */
const head = (path: FieldPath): string => `left(source #>> ${literal(path)}, 200) collate "C"`
const headOf = (value: string): string => [...value].slice(0, 200).join('')

const number = (path: FieldPath): string => `case when jsonb_typeof(${json(path)}) = 'number' then (source #>> ${literal(path)})::numeric end`
const hasType = (path: FieldPath, type: string): Sql => raw(`jsonb_typeof(${json(path)}) = '${type}'`)

/** Numbers are bound as text: the driver would round none, but the type of a placeholder follows what it is compared with. */
const numeric = (value: number): Sql => sql`${String(value)}::numeric`

const INSTANT = `'^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\dZ$'`

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
type Bound = keyof typeof OPERATORS

const boundsOf = <T>(given: Bounds<T>): [Bound, T][] => (Object.keys(OPERATORS) as Bound[]).flatMap((bound) =>
  (given[bound] === undefined ? [] : [[bound, given[bound]]]))

/** As the index of these has it: a value that is bound would not be known again. */
const isNull = (path: FieldPath): Sql => raw(`${json(path)} = 'null'::jsonb`)

function isOneOf(path: FieldPath, values: readonly Scalar[]): Sql {
  const [first] = values
  if (typeof first === 'number') return sql`(${raw(number(path))}) = any(${values.map(String)}::numeric[])`
  if (first === null || first === undefined) return isNull(path)
  if (typeof first !== 'string') return sql`${raw(json(path))} = any(${values.map((value) => JSON.stringify(value))}::jsonb[])`
  const texts = (values as string[]).map(escapeText)
  return sql`(${raw(head(path))} = any(${texts.map(headOf)}::text[]) and ${raw(text(path))} = any(${texts}::text[]) and ${hasType(path, 'string')})`
}

/** Texts are equal only if their heads are, and come after another only if their heads do not come before. */
function textBound(path: FieldPath, bound: Bound, given: string): Sql {
  const limit = escapeText(given)
  const operator = raw(OPERATORS[bound])
  const orLevel = raw(OPERATORS[bound].charAt(0) + '=')
  return sql`${raw(head(path))} ${orLevel} ${headOf(limit)}::text and ${raw(text(path))} ${operator} ${limit}::text`
}

function hasKind(path: FieldPath, kind: Kind): Sql {
  if (kind === 'instant') return raw(`(jsonb_typeof(${json(path)}) = 'string' and ${text(path)} ~ ${INSTANT})`)
  if (kind === 'looseText') return raw(`(jsonb_typeof(${json(path)}) = 'string' and ${text(path)} !~ ${INSTANT})`)
  return hasType(path, kind === 'text' ? 'string' : kind)
}

const indexName = (table: string, path: FieldPath, purpose: string): Sql =>
  name(`${table}_${purpose}_${createHash('sha256').update(path.join('.')).digest('hex').slice(0, 16)}`)

const elementText = `e.value #>> '{}'`

/** What {@link timeOf} can read: a cast that fails would fail the whole query. */
const CLOCK = String.raw`([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?`
const ISO_DATE = String.raw`^(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ]${CLOCK})?)?)?$`

/** What a cast reads as it is, told with little work: the form that JavaScript writes, but for the 29th of February. */
function isInstant(text: string): string {
  const [month, day, hour] = [6, 9, 12].map((start) => `substr(${text}, ${start}, 2)`)
  return `${text} ~ '^[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z$' and ${month} between '01' and '12' and ${hour} < '24'
    and (${day} between '01' and '28' or ${day} in ('29', '30') and ${month} <> '02' or ${day} = '31' and ${month} in ('01', '03', '05', '07', '08', '10', '12'))`
}

const millisecondsOf = (time: string): string => `round(extract(epoch from ${time}) * 1000)::bigint`

/** A date of any precision. The day is added to the first of its month: as elsewhere, the 30th of February is in March. */
function timeOf(text: string): string {
  const withDay = `case length(${text}) when 4 then ${text} || '-01-01' when 7 then ${text} || '-01' else ${text} end`
  const withMinutes = String.raw`regexp_replace(replace(${withDay}, ',', '.'), '^(.{13})(?!:)', '\1:00')`
  return `(overlay(${withMinutes} placing '01' from 9 for 2)::timestamptz + (coalesce(nullif(substr(${text}, 9, 2), ''), '1')::int - 1) * interval '24 hours')`
}

/** PostgreSQL's words. Documents are `jsonb`; `exact` holds the text of those few that `jsonb` cannot hold as they are. */
export const postgresDialect: Dialect = {
  createTable: (table) => sql`
    create table ${name(table)} (
      n bigint generated always as identity primary key, id text collate "C" not null unique, version integer not null, source jsonb not null, exact text)`,
  emptyTable: (table) => sql`truncate ${name(table)}`,
  fieldIndexes: (table, path, declared) => {
    const index = (purpose: string, rest: Sql): Sql => sql`create index if not exists ${indexName(table, path, purpose)} on ${name(table)} ${rest}`
    const ofKind = (kind: Kind): Sql => index(kind, sql`(n) where ${hasKind(path, kind)}`)
    const isDate = isDateType(declared)
    return [
      ofKind('array'),
      index('null', sql`(n) where ${isNull(path)}`),
      index('missing', raw(`(((${json(path)}) is null), n)`)),
      ...(isNumberType(declared) || isDate ? [index('number', raw(`((${number(path)}))`))] : []),
      ...(isIndexed(declared) && !isNumberType(declared) ? [index('head', raw(`((${head(path)}))`))] : []),
      ...(isDate ? [ofKind('looseText')] : []),
    ]
  },
  unindexed: (part) => sql`(${part})`,
  tableSizes: (tables) => sql`
    select relname as name, pg_total_relation_size(oid) as size from pg_class where oid = any(${tables.map((table) => `"${table}"`)}::regclass[])`,

  columns: raw('n, id, version, coalesce(exact, source::text) as source'),
  lockRows: raw(' for update'),
  lockFreeRows: raw(' for update skip locked'),
  hasId: (ids) => sql`id = any(${[...ids]}::text[])`,
  isAmong: (column, texts) => sql`${column} = any(${[...texts]}::text[])`,
  textRows: (columns, rows) => sql`
    unnest(${join(columns.map((_, place) => sql`${rows.map((row) => row[place]!)}::text[]`), ', ')})
    with ordinality as r (${join([...columns, 'position'].map(name), ', ')})`,
  numbers: raw(`coalesce(json_agg(n), '[]')::text`),
  // As text: of a list the driver makes the text one element after another.
  hasNumber: (numbers) => sql`n = any(${`{${numbers.join(',')}}`}::bigint[])`,
  // Both as the index has it; `is not null` would not be known again.
  isPresent: (path) => sql`((${raw(json(path))}) is null) is false`,
  isMissing: (path) => sql`((${raw(json(path))}) is null) is true`,
  hasKind,
  isOneOf,
  contains: (path, element) => sql`(${hasType(path, 'array')} and ${raw(json(path))} @> ${JSON.stringify([typeof element === 'string' ? escapeText(element) : element])}::jsonb)`,
  isInRange: (path, bounds) =>
    sql`(${join(boundsOf(bounds).map(([bound, limit]) => sql`(${raw(number(path))}) ${raw(OPERATORS[bound])} ${numeric(limit)}`), ' and ')})`,
  isInTextRange: (path, bounds) =>
    sql`(${join([...boundsOf(bounds).map(([bound, limit]) => textBound(path, bound, limit)), hasType(path, 'string')], ' and ')})`,

  orderBy: (path, direction) => {
    const keys = [`(${number(path)}) ${direction} nulls last`, `case when jsonb_typeof(${json(path)}) <> 'number' then ${text(path)} end ${direction} nulls last`]
    return raw((direction === 'asc' ? keys : keys.reverse()).join(', '))
  },
  isAfter: (path, value, direction) => {
    const later = raw(direction === 'asc' ? '>' : '<')
    const [isNumber, isMissing] = [hasType(path, 'number'), sql`${raw(text(path))} is null`]
    if (value === null) return raw('1 = 0')
    const others = (direction === 'asc') === (typeof value === 'number') ? sql`jsonb_typeof(${raw(json(path))}) ${raw(typeof value === 'number' ? '<>' : '=')} 'number'` : raw('1 = 0')
    const same = typeof value === 'number' ? sql`(${raw(number(path))}) ${later} ${numeric(value)}`
      : sql`(${raw(text(path))} ${later} ${escapeText(String(value))}::text and (${isNumber}) is not true)`
    return sql`(${same} or ${others} or ${isMissing})`
  },
  isLevel: (path, value) => {
    if (value === null) return sql`${raw(text(path))} is null`
    return typeof value === 'number' ? sql`(${raw(number(path))}) = ${numeric(value)}` : sql`${raw(text(path))} = ${escapeText(String(value))}::text`
  },

  elements: (path) => raw(`lateral jsonb_array_elements(case when jsonb_typeof(${json(path)}) = 'array' then ${json(path)}
    when ${json(path)} is null then '[]' else jsonb_build_array(${json(path)}) end) as e(value)`),
  elementKey: raw(`case when jsonb_typeof(e.value) in ('string', 'number', 'boolean') then e.value::text collate "C" end`),
  readKey: (key) => unescapeText(key),
  elementNumber: raw(`case jsonb_typeof(e.value) when 'number' then (${elementText})::float8 when 'boolean' then (${elementText})::boolean::int::float8 end`),
  elementTime: raw(`case jsonb_typeof(e.value) when 'number' then case when abs((${elementText})::numeric) <= ${LAST_TIME} then floor((${elementText})::numeric)::bigint end
    when 'string' then case when ${isInstant(elementText)} then ${millisecondsOf(`(${elementText})::timestamptz`)}
      when ${elementText} ~ '${ISO_DATE}' then ${millisecondsOf(timeOf(elementText))}
      when ${elementText} ~ '^-?\\d{5,16}$' and abs((${elementText})::bigint) <= ${LAST_TIME} then (${elementText})::bigint end end`),
}
