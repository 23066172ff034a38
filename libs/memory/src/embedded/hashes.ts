import { flag, OK, type CommandTable } from './command-table.js'
import { decimalSum, sumOf, whole } from './fault.js'
import { scan } from './keys.js'
import type { Keyspace } from './keyspace.js'
import { pairs } from './strings.js'

const fieldOf = (space: Keyspace, key: string, field: string): string | null => space.get('hash', key)?.get(field) ?? null

function put(space: Keyspace, key: string, entries: string[]): number {
  const given = pairs(entries)
  const hash = space.open('hash', key)
  const before = hash.size
  for (const [field, value] of given) hash.set(field, value)
  return hash.size - before
}

export const hashCommands: CommandTable = {
  hget: fieldOf,
  hset: (space, key, ...entries) => put(space, key, entries),
  hmset: (space, key, ...entries) => {
    put(space, key, entries)
    return OK
  },
  hsetnx: (space, key, field, value) => flag(fieldOf(space, key, field) === null && put(space, key, [field, value]) === 1),
  hmget: (space, key, ...fields) => fields.map((field) => fieldOf(space, key, field)),
  hgetall: (space, key) => Object.fromEntries(space.get('hash', key) ?? []),
  hkeys: (space, key) => [...space.get('hash', key)?.keys() ?? []],
  hvals: (space, key) => [...space.get('hash', key)?.values() ?? []],
  hlen: (space, key) => space.get('hash', key)?.size ?? 0,
  hexists: (space, key, field) => flag(fieldOf(space, key, field) !== null),
  hstrlen: (space, key, field) => Buffer.byteLength(fieldOf(space, key, field) ?? ''),
  hdel: (space, key, ...fields) => {
    const gone = fields.filter((field) => space.get('hash', key)?.delete(field)).length
    space.tidy(key)
    return gone
  },
  hincrby: (space, key, field, amount) => {
    const sum = sumOf(fieldOf(space, key, field), whole(amount))
    put(space, key, [field, String(sum)])
    return Number(sum)
  },
  hincrbyfloat: (space, key, field, amount) => {
    const sum = decimalSum(fieldOf(space, key, field), amount)
    put(space, key, [field, sum])
    return sum
  },
  hscan: (space, key, ...given) => scan([...space.get('hash', key) ?? []].flat(), given, 2),
}
