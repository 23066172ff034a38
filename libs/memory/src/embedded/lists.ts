import { OK, type CommandTable } from './command-table.js'
import { CommandFault, integer, syntax } from './fault.js'
import type { Keyspace } from './keyspace.js'
import { slice } from './strings.js'

function pop(space: Keyspace, key: string, end: 'pop' | 'shift'): string | null {
  const value = space.get('list', key)?.[end]() ?? null
  space.tidy(key)
  return value
}

function place(list: string[], index: string): number {
  const at = integer(index)
  return at < 0 ? list.length + at : at
}

/** Positions of what is to be removed: all when the count is zero, the last ones first when it is negative. */
function positions(list: string[], value: string, count: number): Set<number> {
  const found = list.flatMap((item, at) => (item === value ? [at] : []))
  return new Set(count === 0 ? found : count > 0 ? found.slice(0, count) : found.slice(count))
}

export const listCommands: CommandTable = {
  llen: (space, key) => space.get('list', key)?.length ?? 0,
  lpush: (space, key, ...values) => space.open('list', key).unshift(...values.reverse()),
  rpush: (space, key, ...values) => space.open('list', key).push(...values),
  lpushx: (space, key, ...values) => space.get('list', key)?.unshift(...values.reverse()) ?? 0,
  rpushx: (space, key, ...values) => space.get('list', key)?.push(...values) ?? 0,
  lpop: (space, key) => pop(space, key, 'shift'),
  rpop: (space, key) => pop(space, key, 'pop'),
  rpoplpush: (space, source, destination) => {
    if (space.get('list', source) === undefined) return null
    space.get('list', destination)
    const value = pop(space, source, 'pop')
    if (value !== null) space.open('list', destination).unshift(value)
    return value
  },
  lindex: (space, key, index) => {
    const list = space.get('list', key) ?? []
    return list[place(list, index)] ?? null
  },
  lrange: (space, key, from, to) => {
    const list = space.get('list', key) ?? []
    return list.slice(...slice(list.length, integer(from), integer(to)))
  },
  linsert: (space, key, ...[position, pivot, value]) => {
    const list = space.get('list', key)
    if (!/^(before|after)$/i.test(position ?? '')) throw syntax()
    if (!list) return 0
    const at = list.indexOf(pivot as string)
    if (at < 0) return -1
    list.splice(/^after$/i.test(position as string) ? at + 1 : at, 0, value as string)
    return list.length
  },
  lset: (space, key, index, value) => {
    const list = space.get('list', key)
    if (!list) throw new CommandFault('ERR no such key')
    const at = place(list, index)
    if (at < 0 || at >= list.length) throw new CommandFault('ERR the index is out of range')
    list[at] = value
    return OK
  },
  lrem: (space, key, count, value) => {
    const list = space.get('list', key) ?? []
    const gone = positions(list, value, integer(count))
    if (gone.size > 0) list.splice(0, list.length, ...list.filter((_, at) => !gone.has(at)))
    space.tidy(key)
    return gone.size
  },
  ltrim: (space, key, from, to) => {
    const list = space.get('list', key)
    const [first, last] = [integer(from), integer(to)]
    if (list) list.splice(0, list.length, ...list.slice(...slice(list.length, first, last)))
    space.tidy(key)
    return OK
  },
}
