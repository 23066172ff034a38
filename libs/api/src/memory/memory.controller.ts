import { Controller, createError, Delete, Get, Post, type Request } from '@mortise/sdk'
import { MemoryStore, type Command, type Outcome, type Reply } from '@app/memory'
import { compileArguments, type ArgumentSource, type ReadArguments } from './command-arguments.js'
import { memoryCommands } from './commands.js'

const VERBS = { GET: Get, POST: Post, DELETE: Delete } as const

/** A command of a transaction, as clients write it. */
interface GivenCommand {
  readonly action: string
  readonly args?: (Record<string, unknown> & { readonly body?: unknown }) | null
}

const readers = new Map<string, ReadArguments>()

/** Values in memory, by the commands of Redis. Each of the table is an action, below. */
@Controller('ms', { global: true })
export class MemoryController {
  constructor(readonly memory: MemoryStore) {}

  /** Runs commands with none of anybody else's in between; each has its fault or its answer. */
  @Post('/ms/_mexecute')
  mexecute(request: Request): Promise<Outcome[]> {
    const commands = request.getBodyArray('actions').map(readCommand)
    return this.memory.runAll(commands.map(({ action, args }) => {
      const { body, ...rest } = args ?? {}
      return commandOf(action, { args: rest, body })
    }))
  }
}

/** @throws `api.assert.invalid_type` for what is no `{ action, args? }` */
function readCommand(given: unknown): GivenCommand {
  const { action, args } = (given ?? {}) as Record<string, unknown>
  if (typeof action !== 'string') throw createError('api.assert.invalid_type', 'body.actions.action', 'string')
  if (typeof (args ?? {}) !== 'object') throw createError('api.assert.invalid_type', 'body.actions.args', 'object')
  return given as GivenCommand
}

/** @throws `api.process.action_not_found` for what is no command, or no part of a transaction */
function commandOf(action: string, source: ArgumentSource): Command {
  const read = readers.get(action)
  if (!read) throw createError('api.process.action_not_found', 'ms', action)
  return [action, ...read(source)]
}

for (const [action, written] of Object.entries(memoryCommands)) {
  const [verb, path = '', ...places] = written.split(' ')
  readers.set(action, compileArguments(places.join(' ')))
  const value = function run(this: MemoryController, { input }: Request): Promise<Reply> {
    return this.memory.run(commandOf(action, { args: input.args, body: input.body }))
  }
  const descriptor = { value, configurable: true, enumerable: false, writable: true }
  Object.defineProperty(MemoryController.prototype, action, descriptor)
  VERBS[verb as keyof typeof VERBS](`/ms${path === '/' ? '' : path}`)(MemoryController.prototype, action, descriptor)
}
