import type { Command } from 'commander'

/** A command with the words that lead to it, such as `plugins enable`; empty for the program itself. */
export interface PlacedCommand {
  readonly path: string
  readonly command: Command
}

/** The program and every command below it, hidden ones left out. */
export function commandsOf(command: Command, path = ''): PlacedCommand[] {
  const below = command.createHelp().visibleCommands(command).filter((each) => each.name() !== 'help')
  return [{ path, command }, ...below.flatMap((each) => commandsOf(each, `${path} ${each.name()}`.trim()))]
}

/** Those that do something by themselves. */
export const leavesOf = (program: Command): PlacedCommand[] => commandsOf(program).filter(({ command }) => command.commands.length === 0)
