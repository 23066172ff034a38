import { ApiError, createErrorFrom } from '@mortise/sdk'
import { missingTable, storeFault, unreachable } from '../faults.js'

interface DriverError extends Error { code?: string }

/** SQLSTATE classes (PostgreSQL manual, appendix A) that mean that the server cannot be used now, and what to do. */
const UNUSABLE: [RegExp, string][] = [
  [/^08/, 'The connection to PostgreSQL was lost. See that the server runs and can be reached.'],
  [/^28/, 'PostgreSQL refuses the user or the password. Correct "storage.url".'],
  [/^3D000/, 'The database does not exist in PostgreSQL. Create it, or correct "storage.url".'],
  [/^53100/, 'The disk of PostgreSQL is full. Free some space.'],
  [/^53/, 'PostgreSQL has run out of connections or memory.'],
  [/^57/, 'PostgreSQL is shutting down or starting up.'],
  [/^25006/, 'The PostgreSQL server is read-only. Connect to the primary server.'],
  [/^58|^XX/, 'PostgreSQL reports that its files are damaged or cannot be read. See its log.'],
  [/^E[A-Z]+$/, 'PostgreSQL cannot be reached. See that the server runs, and that "storage.url" names its host and port.'],
]

/** Errors of the driver itself carry no code. */
const LOST = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/

/** A deadlock, or two transactions that cannot both be: doing it again is all it takes. */
export const isPassing = (error: unknown): boolean => ['40001', '40P01'].includes(String((error as DriverError).code))

/** The error to show for what the driver threw. */
export function toPostgresFault(error: unknown): Error {
  if (ApiError.is(error)) return error
  const fault = error as DriverError
  const code = fault.code ?? ''
  if (code === '42P01') return missingTable(fault)
  if (/^22/.test(code)) return createErrorFrom(fault, 'services.storage.unexpected_bad_request', `A value does not have the form that is wanted: ${fault.message}.`)
  const known = UNUSABLE.find(([form]) => form.test(code))
  if (known || LOST.test(fault.message)) return unreachable(fault, known?.[1] ?? UNUSABLE[0]![1])
  return storeFault(fault)
}
