import { CommandFault, decimalSum, integer, sumOf, syntax, whole } from './fault.js'
import { flag, OK, type CommandTable } from './command-table.js'
import type { Keyspace } from './keyspace.js'

const textOf = (space: Keyspace, key: string): string | null => space.get('string', key)?.toString() ?? null

/** Places as Redis counts them: from the end when negative, both included. */
export function slice(length: number, from: number, to: number): [start: number, end: number] {
  const start = Math.max(from < 0 ? length + from : from, 0)
  return [start, Math.max(Math.min(to < 0 ? length + to : to, length - 1) + 1, start)]
}

/** Places of bytes: what lies before the beginning is the first byte, unless the end comes before the start. */
export function bytesBetween(length: number, from: number, to: number): [start: number, end: number] {
  if (from < 0 && to < 0 && from > to) return [0, 0]
  const [start, last] = [from, to].map((at) => Math.max(at < 0 ? length + at : at, 0)) as [number, number]
  return [start, Math.max(Math.min(last, length - 1) + 1, start)]
}

function add(space: Keyspace, key: string, amount: bigint): number {
  const sum = sumOf(textOf(space, key), amount)
  space.write(key, Buffer.from(String(sum)))
  return Number(sum)
}

interface SetOptions {
  until?: number
  nx?: boolean
  xx?: boolean
}

function readSetOptions(space: Keyspace, given: string[]): SetOptions {
  const options: SetOptions = {}
  for (let at = 0; at < given.length; at++) {
    const word = given[at]?.toLowerCase()
    if (word === 'ex') options.until = space.now() + lifetime(given[++at]) * 1000
    else if (word === 'px') options.until = space.now() + lifetime(given[++at])
    else if (word === 'nx' || word === 'xx') options[word] = true
    else throw syntax()
  }
  if (options.nx && options.xx) throw syntax()
  return options
}

function lifetime(text: string | undefined): number {
  const time = integer(text)
  if (time <= 0) throw new CommandFault('ERR a time to live is more than zero')
  return time
}

function assign(space: Keyspace, key: string, value: string, until?: number): string {
  space.put('string', key, Buffer.from(value))
  if (until !== undefined) space.expire(key, until)
  return OK
}

/** `[a, 1, b, 2]` as `[[a, 1], [b, 2]]`. */
export function pairs(flat: string[]): [string, string][] {
  if (flat.length === 0 || flat.length % 2 === 1) throw syntax()
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[at * 2], flat[at * 2 + 1]] as [string, string])
}

export const stringCommands: CommandTable = {
  get: textOf,
  set: (space, key, value = '', ...options) => {
    const { until, nx, xx } = readSetOptions(space, options)
    const isThere = space.kindOf(key) !== undefined
    if ((nx && isThere) || (xx && !isThere)) return null
    return assign(space, key, value, until)
  },
  setex: (space, key, seconds, value) => assign(space, key, value, space.now() + lifetime(seconds) * 1000),
  psetex: (space, key, milliseconds, value) => assign(space, key, value, space.now() + lifetime(milliseconds)),
  setnx: (space, key, value) => flag(space.kindOf(key) === undefined && assign(space, key, value) === OK),
  getset: (space, key, value) => {
    const old = textOf(space, key)
    assign(space, key, value)
    return old
  },
  append: (space, key, value) => {
    const whole = Buffer.concat([space.get('string', key) ?? Buffer.alloc(0), Buffer.from(value)])
    space.write(key, whole)
    return whole.length
  },
  strlen: (space, key) => space.get('string', key)?.length ?? 0,
  getrange: (space, key, from, to) => {
    const text = space.get('string', key) ?? Buffer.alloc(0)
    return text.subarray(...bytesBetween(text.length, integer(from), integer(to))).toString()
  },
  incr: (space, key) => add(space, key, 1n),
  decr: (space, key) => add(space, key, -1n),
  incrby: (space, key, amount) => add(space, key, whole(amount)),
  decrby: (space, key, amount) => add(space, key, -whole(amount)),
  incrbyfloat: (space, key, amount) => {
    const sum = decimalSum(textOf(space, key), amount)
    space.write(key, Buffer.from(sum))
    return sum
  },
  mget: (space, ...keys) => keys.map((key) => (space.kindOf(key) === 'string' ? textOf(space, key) : null)),
  mset: (space, ...entries) => {
    for (const [key, value] of pairs(entries)) assign(space, key, value)
    return OK
  },
  msetnx: (space, ...entries) => {
    const given = pairs(entries)
    if (given.some(([key]) => space.kindOf(key) !== undefined)) return 0
    for (const [key, value] of given) assign(space, key, value)
    return 1
  },
}
