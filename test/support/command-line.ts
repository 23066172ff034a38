import { Readable } from 'node:stream'
import { EXAMPLES, EXIT_CODES, leavesOf } from '@app/cli'
import type { Command } from 'commander'
import { CommandLine } from '../../src/command-line.js'

export { EXAMPLES, EXIT_CODES }

/** Every command that does something by itself, by the words that lead to it; none is run. */
export function commandsByPath(): Map<string, Command> & { readonly program: Command } {
  const nowhere = { write: () => true }
  const { program } = new CommandLine({ root: '/', environment: {}, input: Readable.from([]), output: nowhere, errors: nowhere, script: '', untilStopped: () => Promise.resolve() })
  return Object.assign(new Map(leavesOf(program).map(({ path, command }) => [path, command])), { program })
}
