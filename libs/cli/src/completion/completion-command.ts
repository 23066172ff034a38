import { Argument, Command } from 'commander'
import { SCRIPTS } from './completion-scripts.js'
import { placesOf, valuesOf } from './completion-words.js'

/** What the command works with. */
export interface CompletionCommandParts {
  /** The program whose command line is completed, with all its commands. */
  readonly program: () => Command
  readonly print: (text: string) => void
}

/** `mortise completion bash | zsh | fish`: a script that has the shell complete commands, options and names of plugins. */
export function completionCommand({ program, print }: CompletionCommandParts): Command {
  return new Command('completion')
    .description('print a script that has a shell complete commands, options and names of plugins')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => print(SCRIPTS[shell]({ places: placesOf(program()), values: valuesOf(program()) })))
}
