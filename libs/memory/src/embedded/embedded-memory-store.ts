import { createErrorFrom } from '@mortise/sdk'
import { MemoryStore, type Command, type Outcome, type Reply } from '../memory-store.js'
import { bitCommands } from './bits.js'
import type { CommandTable } from './command-table.js'
import { CommandFault } from './fault.js'
import { geoCommands } from './geo.js'
import { hashCommands } from './hashes.js'
import { hyperloglogCommands } from './hyperloglog.js'
import { keyCommands } from './keys.js'
import { Keyspace } from './keyspace.js'
import { listCommands } from './lists.js'
import { setCommands } from './sets.js'
import { sortCommands } from './sort.js'
import { sortedSetCommands } from './sorted-sets.js'
import { stringCommands } from './strings.js'

const COMMANDS: CommandTable = {
  ...stringCommands, ...keyCommands, ...listCommands, ...hashCommands, ...setCommands, ...sortedSetCommands, ...geoCommands, ...bitCommands,
  ...hyperloglogCommands, ...sortCommands,
}

/** Milliseconds between looks for keys whose time has come and that nobody asked for. */
const SWEEP_INTERVAL = 10_000

/** Keeps values in this process's memory: they are gone when it ends. */
export class EmbeddedMemoryStore extends MemoryStore {
  readonly #space: Keyspace
  #sweeper: NodeJS.Timeout | undefined

  constructor(now?: () => number) {
    super()
    this.#space = new Keyspace(now)
  }

  async start(): Promise<void> {
    this.#sweeper = setInterval(() => this.#space.sweep(), SWEEP_INTERVAL).unref()
  }

  async run(command: Command): Promise<Reply> {
    try {
      return this.#apply(command)
    } catch (fault) {
      if (fault instanceof CommandFault) throw createErrorFrom(fault, 'services.cache.read_failed', fault.message)
      throw fault
    }
  }

  async runAll(commands: readonly Command[]): Promise<Outcome[]> {
    return commands.map((command) => {
      try {
        return [null, this.#apply(command)]
      } catch (fault) {
        if (fault instanceof CommandFault) return [fault.message, null]
        throw fault
      }
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    this.#space.clear()
  }

  #apply([name, ...given]: Command): Reply {
    const command = Object.hasOwn(COMMANDS, name.toLowerCase()) ? COMMANDS[name.toLowerCase()] : undefined
    if (!command) throw new CommandFault(`ERR no such command: ${name}`)
    return command(this.#space, ...given)
  }
}
