import type { Request } from '@mortise/sdk'
import { isRecord, type PluginFunction } from '../classic-plugin.js'

/** An event of the oldest releases, as those of today that it stands for. */
interface OldEvent {
  readonly events: readonly string[]
  /** Make listeners to these of listeners to the old one; they are alike when absent. */
  readonly adapt?: Readonly<Record<'hook' | 'pipe', (listener: PluginFunction) => PluginFunction>>
}

/** Controllers of today that did what `data` did: all else was about documents. */
const MOVED: Readonly<Record<string, string>> = { beforePublish: 'realtime', afterPublish: 'realtime' }

/** Actions that answer with users. */
const USER_ACTIONS = [
  ...['CreateRestrictedUser', 'CreateUser', 'GetUser', 'MGetUsers', 'ReplaceUser', 'ScrollUsers', 'SearchUsers', 'UpdateUser'].map((action) => `security:after${action}`),
  'auth:afterGetCurrentUser', 'auth:afterUpdateSelf',
]

/**
 * What an event of before 1.0, or of the first generation alone, is called
 * today: `data:*` was about documents, and `security:formatUserForSerialization`
 * gave each user that was about to be sent. `undefined` for all others.
 */
export function findOldEvent(event: string): OldEvent | undefined {
  if (event === 'security:formatUserForSerialization') return { events: USER_ACTIONS, adapt: { hook: hearUsers, pipe: pipeUsers } }
  if (!event.startsWith('data:')) return undefined
  const name = event.slice('data:'.length)
  return { events: [`${MOVED[name] ?? 'document'}:${name}`] }
}

/** The users of an answer, which may be a list or one. */
function usersOf({ result }: Request): unknown[] {
  if (!isRecord(result)) return []
  return Array.isArray(result.hits) ? result.hits : [result]
}

const hearUsers = (hook: PluginFunction): PluginFunction => async (request, ...rest) => {
  await Promise.all(usersOf(request as Request).map((user) => hook(user, ...rest)))
}

/** Puts what a pipe yields for each user in the user's place. */
const pipeUsers = (pipe: PluginFunction): PluginFunction => async (given) => {
  const request = given as Request
  const { result, status } = request
  const users: unknown[] = []
  for (const user of usersOf(request)) users.push(await pipe(user) ?? user)
  if (users.length > 0) request.setResult(isRecord(result) && Array.isArray(result.hits) ? { ...result, hits: users } : users[0], { status })
  return request
}
