import { createHash } from 'node:crypto'
import { flag, OK, type CommandTable } from './command-table.js'
import { CommandFault } from './fault.js'
import type { Keyspace } from './keyspace.js'

/** Bits of a hash that choose a register: 16,384 of them, for a standard error of 0.81 %. */
const INDEX_BITS = 14
const REGISTERS = 2 ** INDEX_BITS
const MARK = Buffer.from('HYLL')

/** Estimates how many different elements were added, in 16 KB. Source: Flajolet and others, "HyperLogLog" (2007). */
function registersOf(space: Keyspace, key: string): Buffer | undefined {
  const whole = space.get('string', key)
  if (!whole) return undefined
  if (whole.length !== MARK.length + REGISTERS || !whole.subarray(0, MARK.length).equals(MARK)) throw new CommandFault('WRONGTYPE the key holds no HyperLogLog')
  return whole.subarray(MARK.length)
}

const empty = (): Buffer => Buffer.alloc(REGISTERS)

/** Which register an element belongs to, and how many zeros its hash starts with, and one. */
function placeOf(element: string): [register: number, rank: number] {
  const hash = createHash('sha1').update(element).digest().readBigUInt64BE()
  const rest = hash >> BigInt(INDEX_BITS)
  return [Number(hash & BigInt(REGISTERS - 1)), 64 - INDEX_BITS - rest.toString(2).length + 1 + (rest === 0n ? 1 : 0)]
}

function merge(all: readonly Buffer[]): Buffer {
  const merged = empty()
  for (const registers of all) registers.forEach((rank, at) => { merged[at] = Math.max(merged[at] as number, rank) })
  return merged
}

function estimate(registers: Buffer): number {
  const zeros = registers.filter((rank) => rank === 0).length
  const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS ** 2) / registers.reduce((sum, rank) => sum + 2 ** -rank, 0)
  // While many registers are empty, those tell more than the others.
  return Math.round(raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw)
}

const put = (space: Keyspace, key: string, registers: Buffer): void => space.write(key, Buffer.concat([MARK, registers]))

const readAll = (space: Keyspace, keys: string[]): Buffer[] => keys.map((key) => registersOf(space, key) ?? empty())

export const hyperloglogCommands: CommandTable = {
  pfadd: (space, key, ...elements) => {
    const known = registersOf(space, key)
    const registers = known ?? empty()
    const higher = elements.map(placeOf).filter(([register, rank]) => rank > (registers[register] as number) && (registers[register] = rank) > 0)
    put(space, key, registers)
    return flag(known === undefined || higher.length > 0)
  },
  pfcount: (space, ...keys) => estimate(merge(readAll(space, keys))),
  pfmerge: (space, key, ...sources) => {
    put(space, key, merge(readAll(space, [key, ...sources])))
    return OK
  },
}
