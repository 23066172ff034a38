import { flag, OK, type CommandTable } from './command-table.js'
import { CommandFault, integer, syntax } from './fault.js'
import { compileGlob } from './glob.js'
import type { Keyspace } from './keyspace.js'

const count = (keys: string[], holds: (key: string) => boolean): number => keys.filter(holds).length

/** Milliseconds left; -1 for ever, -2 for no such key. */
function left(space: Keyspace, key: string): number {
  if (space.kindOf(key) === undefined) return -2
  const until = space.expiryOf(key)
  return until === undefined ? -1 : until - space.now()
}

const isThere = (space: Keyspace) => (key: string): boolean => space.kindOf(key) !== undefined

/** Everything at once, whose next cursor is the end: what SCAN promises holds. */
export function scan(items: string[], [cursor, ...options]: string[], width = 1): [string, string[]] {
  integer(cursor)
  const words = options.map((word) => word.toLowerCase())
  const at = words.indexOf('match')
  const fits = compileGlob(at >= 0 ? options[at + 1] ?? '*' : '*')
  const counted = words.indexOf('count')
  if (counted >= 0 && integer(options[counted + 1]) < 1) throw syntax()
  return ['0', items.filter((_, index) => fits(items[index - (index % width)] as string))]
}

function rename(space: Keyspace, from: string, to: string): void {
  if (space.kindOf(from) === undefined) throw new CommandFault('ERR no such key')
  space.rename(from, to)
}

function encodingOf(space: Keyspace, key: string): string {
  const kind = space.kindOf(key)
  if (kind === 'list') return 'quicklist'
  if (kind !== 'string') return 'listpack'
  const text = space.get('string', key)?.toString() ?? ''
  return /^-?\d{1,18}$/.test(text) ? 'int' : text.length <= 44 ? 'embstr' : 'raw'
}

const OBJECT: CommandTable = { encoding: encodingOf, refcount: () => 1, idletime: () => 0, freq: () => 0 }

export const keyCommands: CommandTable = {
  del: (space, ...keys) => count(keys, (key) => space.delete(key)),
  exists: (space, ...keys) => count(keys, isThere(space)),
  touch: (space, ...keys) => count(keys, isThere(space)),
  type: (space, key) => space.kindOf(key) ?? 'none',
  keys: (space, pattern) => space.keys.filter(compileGlob(pattern)),
  scan: (space, ...given) => scan(space.keys, given),
  randomkey: (space) => {
    const { keys } = space
    return keys[Math.floor(Math.random() * keys.length)] ?? null
  },
  dbsize: (space) => space.keys.length,
  flushdb: (space) => {
    space.clear()
    return OK
  },
  rename: (space, from, to) => {
    rename(space, from, to)
    return OK
  },
  renamenx: (space, from, to) => {
    if (space.kindOf(to) !== undefined && isThere(space)(from)) return 0
    rename(space, from, to)
    return 1
  },
  expire: (space, key, seconds) => flag(space.expire(key, space.now() + integer(seconds) * 1000)),
  pexpire: (space, key, milliseconds) => flag(space.expire(key, space.now() + integer(milliseconds))),
  expireat: (space, key, timestamp) => flag(space.expire(key, integer(timestamp) * 1000)),
  pexpireat: (space, key, timestamp) => flag(space.expire(key, integer(timestamp))),
  persist: (space, key) => flag(space.expiryOf(key) !== undefined && space.expire(key, undefined)),
  ttl: (space, key) => {
    const time = left(space, key)
    return time < 0 ? time : Math.round(time / 1000)
  },
  pttl: left,
  object: (space, subcommand, key) => {
    const tell = OBJECT[subcommand.toLowerCase()]
    if (!tell) throw syntax()
    return space.kindOf(key) === undefined ? null : tell(space, key)
  },
  ping: () => 'PONG',
  time: (space) => {
    const now = space.now()
    return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)]
  },
  bgsave: () => 'Nothing is kept on disk',
  bgrewriteaof: () => 'Nothing is kept on disk',
}
