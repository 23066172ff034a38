import type { Command, OutputConfiguration } from 'commander'
import { commandsOf } from './command-tree.js'
import { EXAMPLES } from './examples.js'
import { EXIT_CODES } from './exit-codes.js'

/**
 * Adds examples to the help of each command, and exit codes to that of the
 * program, and has a command line that is wrong reject `parseAsync` with a
 * CommanderError rather than end the process.
 */
export function completeHelp(program: Command, output: OutputConfiguration): void {
  for (const { path, command } of commandsOf(program)) {
    command.exitOverride().configureOutput(output).showHelpAfterError('(--help shows what there is)')
    const examples = EXAMPLES[path]
    if (examples) command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`)
  }
  const codes = Object.values(EXIT_CODES).map(({ code, means }) => `  ${code}  ${means}`)
  program.addHelpText('after', `\nExit codes:\n${codes.join('\n')}`)
}
