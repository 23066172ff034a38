import type { Scalar } from '../filter/filter.js'
import type { Bounds, FieldTest, Kind } from './condition.js'
import type { FieldPath } from './field-path.js'
import type { Sql } from './sql.js'

/** Milliseconds since 1970, with room for an interval before JavaScript has no more dates. */
export const LAST_TIME = 8_600_000_000_000_000

/**
 * What the engines write differently. Everything else in this folder is the same for all of them.
 *
 * A table of documents has the columns `n` (grows in the order of creation), `id`, `version`, `source`. Tests may be NULL where the field
 * is missing, and must agree with `holds` otherwise.
 */
export interface Dialect {
  createTable(table: string): Sql
  emptyTable(table: string): Sql
  /** Statements that make searches on a declared field fast; each does nothing when it has been run before. */
  fieldIndexes(table: string, path: FieldPath, type: string): Sql[]
  /** A condition as it is, but so that no rows are looked up by it. */
  unindexed(part: Sql): Sql
  /** How an engine's indexes are asked how many documents a test leaves; missing where the engine keeps statistics of them itself. */
  indexCounts?: IndexCounts
  /** Bytes on disk of each table, as rows `{ name, size }`. */
  tableSizes(tables: readonly string[]): Sql

  /** The columns `n, id, version, source` of a document, `source` being JSON text. */
  columns: Sql
  hasId(ids: readonly string[]): Sql
  /** A column's text is one of these. */
  isAmong(column: Sql, texts: readonly string[]): Sql
  /** Rows of texts as a table with these columns, and `position`, which counts them. */
  textRows(columns: readonly string[], rows: readonly (readonly string[])[]): Sql
  /** What is put behind a query inside a transaction, so that nobody changes its rows before the transaction ends. */
  lockRows: Sql
  /** The same, leaving out rows that somebody else has locked. */
  lockFreeRows: Sql
  /** The numbers `n` of all rows, as the text of a JSON array. */
  numbers: Sql
  /** `n` is one of these. */
  hasNumber(numbers: readonly number[]): Sql
  isPresent(path: FieldPath): Sql
  isMissing(path: FieldPath): Sql
  hasKind(path: FieldPath, kind: Kind): Sql
  /** The field is one of these values, which are all of one type. */
  isOneOf(path: FieldPath, values: readonly Scalar[]): Sql
  contains(path: FieldPath, element: Scalar): Sql
  isInRange(path: FieldPath, bounds: Bounds<number>): Sql
  isInTextRange(path: FieldPath, bounds: Bounds<string>): Sql

  /** What to order by: in ascending order numbers, then text, then what is missing; descending text, numbers, and the missing last again. */
  orderBy(path: FieldPath, direction: Direction): Sql
  /** The field comes strictly after the value in that order; `null` stands for a missing one. */
  isAfter(path: FieldPath, value: Scalar, direction: Direction): Sql
  /** The field comes at the same place in the order as the value. */
  isLevel(path: FieldPath, value: Scalar): Sql

  /** The values of a field, an array standing for its elements, as a table `e` to be joined with that of the documents. */
  elements(path: FieldPath): Sql
  /** Of an element `e`: its value as JSON text when it is a scalar that is not null. */
  elementKey: Sql
  /** The text that such a key stands for, which the engine may have had to escape. */
  readKey(text: string): string
  /** Of an element `e`: its number, or NULL. */
  elementNumber: Sql
  /** Of an element `e`: milliseconds since 1970 of a number up to {@link LAST_TIME} or of an ISO date, or NULL. */
  elementTime: Sql
}

interface IndexCounts {
  /** The names of a table's indexes, as rows `{ name }`. */
  names(table: string): Sql
  /** Which of the indexes of {@link Dialect.fieldIndexes} holds those documents together for which a test is true, if any. */
  nameFor(table: string, path: FieldPath, test: FieldTest): string | undefined
}

export type Direction = 'asc' | 'desc'
