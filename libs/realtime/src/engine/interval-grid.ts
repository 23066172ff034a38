import type { Interval, Properties } from '@app/storage'
import { Buckets } from './buckets.js'
import type { Depth } from './crowd.js'

/** Shorter pieces are not told apart. */
const shortest = 2 ** -64

/** So many are crowd enough: how many more there are makes no difference. */
const enough = 500

/**
 * Which intervals may contain a number? Each level cuts the numbers into pieces whose length is a power of two. Each interval is entered in
 * the at most two pieces it touches on the level of the shortest pieces that are no shorter than it; a number looks into one piece a level.
 */
export class IntervalGrid<Member extends object> {
  /** By the length of their pieces. */
  private readonly levels = new Map<number, Buckets<number, Member>>()

  constructor(private readonly depth: Depth<Member>) {}

  /** Whether an interval can be entered: it has both ends. */
  static takes({ low, high }: Interval): boolean {
    return high >= low && high - low < Infinity
  }

  get isEmpty(): boolean {
    return this.levels.size === 0
  }

  add(interval: Interval, member: Member): void {
    const length = lengthFor(interval)
    const pieces = this.levels.get(length) ?? new Buckets(this.depth)
    this.levels.set(length, pieces)
    for (const piece of piecesOf(interval, length)) pieces.add(piece, member)
  }

  remove(interval: Interval, member: Member): void {
    const length = lengthFor(interval)
    const pieces = this.levels.get(length)
    if (pieces === undefined) return
    for (const piece of piecesOf(interval, length)) pieces.remove(piece, member)
    if (pieces.isEmpty) this.levels.delete(length)
  }

  /** How many members a number looks at: exactly while they are few. */
  crowd(value: number): number {
    let size = 0
    for (const [length, pieces] of this.levels) {
      size += pieces.size(pieceAt(value, length))
      if (size > enough) return size
    }
    return size
  }

  visit(value: number, document: Properties, visit: (member: Member) => void): void {
    for (const [length, pieces] of this.levels) pieces.visit(pieceAt(value, length), document, visit)
  }
}

/** The difference of the ends is rounded, and so is the logarithm: whether two pieces are enough is tried. */
function lengthFor({ low, high }: Interval): number {
  const length = Math.max(shortest, 2 ** Math.ceil(Math.log2(high - low)))
  return pieceAt(high, length) - pieceAt(low, length) > 1 ? length * 2 : length
}

/** Dividing by a power of two is exact, and rounding down keeps the order: what lies between the ends falls into one of these. */
function piecesOf({ low, high }: Interval, length: number): number[] {
  const [first, last] = [pieceAt(low, length), pieceAt(high, length)]
  return first === last ? [first] : [first, last]
}

function pieceAt(value: number, length: number): number {
  return Math.floor(value / length)
}
