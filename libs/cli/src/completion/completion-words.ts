import type { Command, Option } from 'commander'
import { commandsOf } from '../help/command-tree.js'

/** What may be typed at one place of the command line. */
export interface CompletionPlace {
  /** The words of commands that lead here, joined by blanks; empty behind `mortise`. */
  readonly path: string
  /** Names of commands, or what the first argument may be, each with a description. */
  readonly words: readonly (readonly [word: string, description: string])[]
  readonly options: readonly (readonly [flag: string, description: string])[]
  /** Whether names of plugins go here. */
  readonly takesPlugin: boolean
}

/** What may follow an option. */
export interface CompletionValue {
  readonly flag: string
  /** Words of which one is meant; nothing where it is a file. */
  readonly choices: readonly string[]
  readonly takesPlugin: boolean
}

/** Every place of the program's command line. */
export function placesOf(program: Command): CompletionPlace[] {
  return commandsOf(program).map(({ path, command }) => ({
    path,
    words: [...below(command), ...choicesOf(command)],
    options: optionsOf(command).map((option) => [option.long ?? option.flags, option.description] as const),
    takesPlugin: namesPlugin(command, path),
  }))
}

/** Every option that something follows, each once. */
export function valuesOf(program: Command): CompletionValue[] {
  const options = commandsOf(program).flatMap(({ command }) => optionsOf(command)).filter(({ required }) => required)
  return [...new Map(options.map((option) => [option.long ?? '', option])).values()].map(({ long, argChoices }) =>
    ({ flag: long ?? '', choices: argChoices ?? [], takesPlugin: long === '--plugin' }))
}

const below = (command: Command): [string, string][] =>
  command.createHelp().visibleCommands(command).filter((each) => each.name() !== 'help').map((each) => [each.name(), each.description()])

const choicesOf = ({ registeredArguments }: Command): [string, string][] => (registeredArguments[0]?.argChoices ?? []).map((choice) => [choice, ''])

const optionsOf = (command: Command): Option[] => command.createHelp().visibleOptions(command)

/** An argument says so by its name; below `plugins` all but sources, folders and the like are names. */
const namesPlugin = ({ registeredArguments }: Command, path: string): boolean =>
  registeredArguments.some((argument) => argument.name() === 'plugin' || (argument.name() === 'name' && path.startsWith('plugins ')))
