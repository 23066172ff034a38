import { ApiError } from '@mortise/sdk'
import { missingTable, storeFault, unreachable } from '../faults.js'

interface SqliteError extends Error { code?: string; rawCode?: number }

/** SQLite's primary result codes (sqlite.org/rescode.html) that mean that the file itself cannot be used now, and what to do. */
const UNUSABLE = new Map<number, string>([
  [3, 'Access to the database file is denied. Give the user that runs Mortise the right to read and write it.'],
  [5, 'Another program holds the database file locked. Close it, or wait until it is done.'],
  [6, 'Another program holds the database file locked. Close it, or wait until it is done.'],
  [7, 'There is not enough memory for the database.'],
  [8, 'The database file is read-only. Give the user that runs Mortise the right to write to it and to its folder.'],
  [10, 'The disk failed while the database file was read or written.'],
  [11, 'The database file is damaged. Restore it from a backup.'],
  [13, 'The disk is full. Free some space.'],
  [14, 'The database file cannot be opened. See that its folder exists and may be written to.'],
  [15, 'The database file is locked in a way that its file system does not support.'],
  [26, 'The file is no SQLite database. Set another path, or restore it from a backup.'],
])

/** Codes after which the connections are given up and opened anew, so that a file that was repaired or replaced is found. */
const NEEDS_REOPENING = new Set([3, 8, 10, 11, 14, 26])

/** The primary result code: the low byte of the extended one. The driver reports a failed opening in words only. */
function codeOf(error: SqliteError): number | undefined {
  if (typeof error.rawCode === 'number') return error.rawCode & 0xff
  return /unable to open/i.test(error.message) ? 14 : undefined
}

/** Whether somebody else has the file locked: SQLITE_BUSY. */
export const isLocked = (error: unknown): boolean => codeOf(error as SqliteError) === 5

/**
 * Whether it is not known what went wrong: the driver asks the connection for that only after the statement, and where another one has ended
 * in between, as those do that the garbage collector finds, the answer is that nothing did: SQLITE_OK.
 */
export const isUnexplained = (error: unknown): boolean => codeOf(error as SqliteError) === 0

/** Whether the connections should be opened anew before the next try. */
export function needsReopening(error: unknown): boolean {
  const code = codeOf((error instanceof Error && error.cause ? error.cause : error) as SqliteError)
  return code !== undefined && NEEDS_REOPENING.has(code)
}

/** The error to show for what the driver threw. */
export function toSqliteFault(error: unknown): Error {
  if (ApiError.is(error)) return error
  const fault = error as SqliteError
  if (/no such table/.test(fault.message)) return missingTable(fault)
  const reason = UNUSABLE.get(codeOf(fault) ?? -1)
  return reason === undefined ? storeFault(fault) : unreachable(fault, reason)
}
