import { ApiError } from '@mortise/sdk'
import { BootError } from '@app/loader'
import { SecretsFault } from '@app/secrets'
import { ConfigError } from './config.js'

/** The name of errors of the command line, which the host itself has no use for and does not load. */
const REFUSAL = 'Refusal'

/** Faults that a person can mend. */
const isTellable = (error: unknown): error is Error =>
  error instanceof ConfigError || error instanceof BootError || (error as Error | null)?.name === REFUSAL || error instanceof SecretsFault || (error as { code?: string } | null)?.code === 'EADDRINUSE'

/** What to print of the fault that ended a start or a command: what is wrong and what to do, and the stack only of what nobody foresaw. */
export function tellFault(error: unknown): string {
  if (isTellable(error)) return `${error.message}\n`
  if (ApiError.is(error)) return `${new BootError([error]).message}\n`
  return `${(error as Error).stack ?? String(error)}\n`
}
