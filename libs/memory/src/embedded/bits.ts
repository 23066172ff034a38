import { type CommandTable } from './command-table.js'
import { CommandFault, integer, syntax } from './fault.js'
import type { Keyspace } from './keyspace.js'
import { bytesBetween } from './strings.js'

const bytesOf = (space: Keyspace, key: string): Buffer => space.get('string', key) ?? Buffer.alloc(0)

const ones = (byte: number): number => byte.toString(2).replaceAll('0', '').length

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = { and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b }

function combine(operation: string, sources: readonly Buffer[]): Buffer {
  const length = Math.max(0, ...sources.map((source) => source.length))
  const byteAt = (source: Buffer, at: number): number => source[at] ?? 0
  if (operation === 'not' && sources.length === 1) return Buffer.from(Array.from({ length }, (_, at) => ~byteAt(sources[0] as Buffer, at) & 0xff))
  const apply = OPERATIONS[operation]
  if (!apply) throw syntax()
  return Buffer.from(Array.from({ length }, (_, at) => sources.map((source) => byteAt(source, at)).reduce(apply)))
}

function firstBit(bytes: Buffer, wanted: number, [start, end]: [number, number]): number {
  for (let at = start; at < end; at++) {
    const bit = (bytes[at] as number).toString(2).padStart(8, '0').indexOf(String(wanted))
    if (bit >= 0) return at * 8 + bit
  }
  return -1
}

/** Beyond its end a text is all zeros; but for who looks from there on, there is nothing. */
const bitsOf = (bytes: Buffer, [start, end]: [number, number]): number => (start < end ? bytes.length * 8 : -1)

export const bitCommands: CommandTable = {
  getbit: (space, key, offset) => {
    const at = integer(offset)
    if (at < 0 || at >= 2 ** 32) throw new CommandFault('ERR an offset is not negative, and less than 2^32')
    return ((bytesOf(space, key)[Math.floor(at / 8)] ?? 0) >> (7 - (at % 8))) & 1
  },
  bitcount: (space, key, from = '0', to = '-1') => {
    const bytes = bytesOf(space, key)
    return bytes.subarray(...bytesBetween(bytes.length, integer(from), integer(to))).reduce((sum, byte) => sum + ones(byte), 0)
  },
  bitop: (space, operation, destination, ...keys) => {
    const result = combine(operation.toLowerCase(), keys.map((key) => bytesOf(space, key)))
    if (result.length === 0) space.delete(destination)
    else space.put('string', destination, result)
    return result.length
  },
  bitpos: (space, key, ...[bit, from, to]) => {
    if (bit !== '0' && bit !== '1') throw new CommandFault('ERR a bit is 0 or 1')
    const bytes = bytesOf(space, key)
    if (bytes.length === 0) return bit === '0' ? 0 : -1
    const place = bytesBetween(bytes.length, integer(from ?? '0'), integer(to ?? '-1'))
    const found = firstBit(bytes, Number(bit), place)
    return found < 0 && bit === '0' && to === undefined ? bitsOf(bytes, place) : found
  },
}
