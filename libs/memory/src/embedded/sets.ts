import { flag, type CommandTable } from './command-table.js'
import { CommandFault, integer } from './fault.js'
import { scan } from './keys.js'
import type { Keyspace } from './keyspace.js'

/** Members that one command draws with putting back: more than a small set has, and no more than an answer can hold. */
const MOST_DRAWN = 1_000_000

type Combine = (sets: ReadonlySet<string>[]) => string[]

const setsOf = (space: Keyspace, keys: string[]): Set<string>[] => keys.map((key) => space.get('set', key) ?? new Set())

const difference: Combine = ([first = new Set(), ...others]) => [...first].filter((member) => !others.some((other) => other.has(member)))
const intersection: Combine = ([first = new Set(), ...others]) => [...first].filter((member) => others.every((other) => other.has(member)))
const union: Combine = (sets) => [...new Set(sets.flatMap((set) => [...set]))]

const combined = (combine: Combine) => (space: Keyspace, ...keys: string[]): string[] => combine(setsOf(space, keys))
const stored = (combine: Combine) => (space: Keyspace, destination: string, ...keys: string[]): number => {
  const members = combine(setsOf(space, keys))
  space.put('set', destination, new Set(members))
  return members.length
}

function draw(members: string[], count: number): string[] {
  return Array.from({ length: Math.min(count, members.length) }, () => members.splice(Math.floor(Math.random() * members.length), 1)[0] as string)
}

export const setCommands: CommandTable = {
  sadd: (space, key, ...members) => {
    const set = space.open('set', key)
    const before = set.size
    for (const member of members) set.add(member)
    return set.size - before
  },
  srem: (space, key, ...members) => {
    const gone = members.filter((member) => space.get('set', key)?.delete(member)).length
    space.tidy(key)
    return gone
  },
  smembers: (space, key) => [...space.get('set', key) ?? []],
  scard: (space, key) => space.get('set', key)?.size ?? 0,
  sismember: (space, key, member) => flag(space.get('set', key)?.has(member) ?? false),
  smove: (space, source, destination, member) => {
    const from = space.get('set', source)
    if (!from) return 0
    space.get('set', destination)
    if (!from.delete(member)) return 0
    space.tidy(source)
    space.open('set', destination).add(member)
    return 1
  },
  spop: (space, key, count) => {
    if (count !== undefined && integer(count) < 0) throw new CommandFault('ERR a count is not negative')
    const set = space.get('set', key) ?? new Set()
    const drawn = draw([...set], count === undefined ? 1 : integer(count))
    for (const member of drawn) set.delete(member)
    space.tidy(key)
    return count === undefined ? drawn[0] ?? null : drawn
  },
  srandmember: (space, key, count) => {
    const members = [...space.get('set', key) ?? []]
    if (count === undefined) return draw(members, 1)[0] ?? null
    const wanted = integer(count)
    if (wanted >= 0) return draw(members, wanted)
    // A negative count draws with putting back.
    if (-wanted > MOST_DRAWN) throw new CommandFault(`ERR at most ${MOST_DRAWN} members are drawn at once`)
    return members.length === 0 ? [] : Array.from({ length: -wanted }, () => members[Math.floor(Math.random() * members.length)] as string)
  },
  sscan: (space, key, ...given) => scan([...space.get('set', key) ?? []], given),
  sdiff: combined(difference),
  sinter: combined(intersection),
  sunion: combined(union),
  sdiffstore: stored(difference),
  sinterstore: stored(intersection),
  sunionstore: stored(union),
}
