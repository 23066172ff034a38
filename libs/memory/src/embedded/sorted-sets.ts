import type { Reply } from '../memory-store.js'
import { type CommandTable } from './command-table.js'
import { CommandFault, float, integer, syntax, written } from './fault.js'
import { scan } from './keys.js'
import type { Keyspace } from './keyspace.js'
import { lexRange, scoreRange, type InRange } from './ranges.js'
import { SortedSet } from './sorted-set.js'
import { pairs, slice } from './strings.js'

type Ranked = readonly (readonly [member: string, score: number])[]

const rankedOf = (space: Keyspace, key: string): Ranked => space.get('zset', key)?.ranked ?? []

const listed = (ranked: Ranked, withScores: boolean): string[] =>
  ranked.flatMap(([member, score]) => (withScores ? [member, written(score)] : [member]))

interface RangeOptions {
  readonly withScores: boolean
  readonly limit: readonly [offset: number, count: number]
}

function readOptions(given: string[]): RangeOptions {
  let [withScores, limit] = [false, [0, -1] as [number, number]]
  for (let at = 0; at < given.length; at++) {
    const word = given[at]?.toLowerCase()
    if (word === 'withscores') withScores = true
    else if (word === 'limit') limit = [integer(given[++at]), integer(given[++at])]
    else throw syntax()
  }
  return { withScores, limit }
}

const byRank = (isReversed: boolean) => (space: Keyspace, key: string, ...[from, to, ...options]: string[]): string[] => {
  const ranked = isReversed ? [...rankedOf(space, key)].reverse() : rankedOf(space, key)
  return listed(ranked.slice(...slice(ranked.length, integer(from), integer(to))), readOptions(options).withScores)
}

const byRange = (readRange: (min: string, max: string) => InRange, isReversed: boolean) => (space: Keyspace, key: string, ...[first = '', second = '', ...options]: string[]): string[] => {
  const { withScores, limit: [offset, count] } = readOptions(options)
  const inRange = isReversed ? readRange(second, first) : readRange(first, second)
  const found = rankedOf(space, key).filter(([member, score]) => inRange(member, score))
  if (isReversed) found.reverse()
  return offset < 0 ? [] : listed(found.slice(offset, count < 0 ? undefined : offset + count), withScores)
}

const counted = (readRange: (min: string, max: string) => InRange) => (space: Keyspace, key: string, min: string, max: string): number => {
  const inRange = readRange(min, max)
  return rankedOf(space, key).filter(([member, score]) => inRange(member, score)).length
}

function remove(space: Keyspace, key: string, members: readonly string[]): number {
  const set = space.get('zset', key)
  const gone = members.filter((member) => set?.delete(member)).length
  space.tidy(key)
  return gone
}

const removed = (readRange: (min: string, max: string) => InRange) => (space: Keyspace, key: string, min: string, max: string): number => {
  const inRange = readRange(min, max)
  return remove(space, key, rankedOf(space, key).filter(([member, score]) => inRange(member, score)).map(([member]) => member))
}

function rank(space: Keyspace, key: string, member: string): number | null {
  const at = space.get('zset', key)?.rank(member) ?? -1
  return at < 0 ? null : at
}

/** @throws when the two are endless in opposite directions */
function increase(set: SortedSet, member: string, amount: number): number {
  const score = (set.score(member) ?? 0) + amount
  if (Number.isNaN(score)) throw new CommandFault('ERR the sum would be no number')
  set.set(member, score)
  return score
}

const FLAGS = ['nx', 'xx', 'ch', 'incr']

function addScores(space: Keyspace, key: string, ...given: string[]): Reply {
  const words = given.slice(0, given.findIndex((word) => !FLAGS.includes(word.toLowerCase()))).map((word) => word.toLowerCase())
  const elements = pairs(given.slice(words.length)).map(([score, member]) => [member, float(score)] as const)
  const [nx, xx, ch, incr] = FLAGS.map((name) => words.includes(name))
  if ((nx && xx) || (incr && elements.length > 1)) throw syntax()
  const set = space.open('zset', key)
  const isWanted = (member: string): boolean => (set.score(member) === undefined ? !xx : !nx)
  const before = set.size
  if (incr) {
    const sums = elements.filter(([member]) => isWanted(member)).map(([member, score]) => written(increase(set, member, score)))
    space.tidy(key)
    return sums[0] ?? null
  }
  // One after the other: a member may be named twice.
  const moved = elements.filter(([member, score]) => {
    const moves = isWanted(member) && set.score(member) !== score
    if (moves) set.set(member, score)
    return moves
  })
  space.tidy(key)
  return ch ? moved.length : set.size - before
}

const AGGREGATES: Readonly<Record<string, (a: number, b: number) => number>> = { sum: (a, b) => a + b, min: Math.min, max: Math.max }

/** Sorted sets, or sets whose members all count one. */
function scoresOf(space: Keyspace, key: string): Map<string, number> {
  if (space.kindOf(key) === 'set') return new Map([...space.get('set', key) ?? []].map((member) => [member, 1]))
  return new Map(rankedOf(space, key))
}

const combined = (keep: 'all' | 'any') => (space: Keyspace, destination: string, size: string, ...given: string[]): number => {
  const keys = given.slice(0, Math.max(integer(size), 0))
  if (keys.length === 0 || keys.length !== integer(size)) throw syntax()
  const { weights, aggregate } = readWeights(given.slice(keys.length), keys.length)
  const sources = keys.map((key, at) => [...scoresOf(space, key)].map(([member, score]) => [member, score * (weights[at] ?? 1)] as const))
  const [sums, times] = [new Map<string, number>(), new Map<string, number>()]
  for (const [member, score] of sources.flat()) {
    const sum = sums.get(member)
    sums.set(member, sum === undefined ? score : aggregate(sum, score))
    times.set(member, (times.get(member) ?? 0) + 1)
  }
  const set = new SortedSet()
  for (const [member, sum] of sums) if (keep === 'any' || times.get(member) === keys.length) set.set(member, sum)
  space.put('zset', destination, set)
  return set.size
}

function readWeights(given: string[], size: number): { weights: number[]; aggregate: (a: number, b: number) => number } {
  const words = given.map((word) => word.toLowerCase())
  const [at, how] = [words.indexOf('weights'), words.indexOf('aggregate')]
  const weights = at < 0 ? [] : given.slice(at + 1, at + 1 + size).map(float)
  const aggregate = how < 0 ? AGGREGATES.sum : AGGREGATES[words[how + 1] ?? '']
  const used = (at < 0 ? 0 : 1 + size) + (how < 0 ? 0 : 2)
  if (!aggregate || used !== given.length) throw syntax()
  return { weights, aggregate }
}

export const sortedSetCommands: CommandTable = {
  zadd: addScores,
  zcard: (space, key) => space.get('zset', key)?.size ?? 0,
  zscore: (space, key, member) => {
    const score = space.get('zset', key)?.score(member)
    return score === undefined ? null : written(score)
  },
  zincrby: (space, key, amount, member) => {
    const more = float(amount)
    return written(increase(space.open('zset', key), member, more))
  },
  zrem: (space, key, ...members) => remove(space, key, members),
  zrank: rank,
  zrevrank: (space, key, member) => {
    const at = rank(space, key, member)
    return at === null ? null : rankedOf(space, key).length - 1 - at
  },
  zrange: byRank(false),
  zrevrange: byRank(true),
  zrangebyscore: byRange(scoreRange, false),
  zrevrangebyscore: byRange(scoreRange, true),
  zrangebylex: byRange(lexRange, false),
  zrevrangebylex: byRange(lexRange, true),
  zcount: counted(scoreRange),
  zlexcount: counted(lexRange),
  zremrangebyscore: removed(scoreRange),
  zremrangebylex: removed(lexRange),
  zremrangebyrank: (space, key, from, to) => {
    const ranked = rankedOf(space, key)
    return remove(space, key, ranked.slice(...slice(ranked.length, integer(from), integer(to))).map(([member]) => member))
  },
  zunionstore: combined('any'),
  zinterstore: combined('all'),
  zscan: (space, key, ...given) => scan(listed(rankedOf(space, key), true), given, 2),
}
