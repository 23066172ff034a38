import type { Box, Point, Properties } from '@app/storage'
import { Buckets } from './buckets.js'
import type { Depth } from './crowd.js'

/** Level n cuts the world into squares of 180 / 2ⁿ degrees; the finest, 20, has squares of some 20 metres. */
const finest = 20

/**
 * Which boxes may contain a point? Each box is entered in the at most four squares it touches on the finest level whose squares are no
 * smaller than it; a point looks into one square a level.
 */
export class GeoGrid<Member extends object> {
  private readonly levels: (Buckets<number, Member> | undefined)[] = []

  /** @param depth - How those of one square are told apart. */
  constructor(private readonly depth?: Depth<Member>) {}

  get isEmpty(): boolean {
    return this.levels.every((level) => level === undefined)
  }

  add(box: Box, member: Member): void {
    const level = levelOf(box)
    const squares = (this.levels[level] ??= new Buckets(this.depth))
    for (const square of squaresOf(box, level)) squares.add(square, member)
  }

  remove(box: Box, member: Member): void {
    const level = levelOf(box)
    const squares = this.levels[level]
    if (squares === undefined) return
    for (const square of squaresOf(box, level)) squares.remove(square, member)
    if (squares.isEmpty) this.levels[level] = undefined
  }

  /** How many members share the box's fullest square. */
  crowd(box: Box): number {
    const level = levelOf(box)
    const squares = this.levels[level]
    return squares === undefined ? 0 : Math.max(...squaresOf(box, level).map((square) => squares.size(square)))
  }

  /** Calls `visit` with each member whose box may contain the point, and the point. */
  visit(point: Point, document: Properties, visit: (member: Member, point: Point) => void): void {
    const visitHere = (member: Member) => visit(member, point)
    this.levels.forEach((squares, level) => squares?.visit(squareAt(rowOf(point.lat, level), columnOf(point.lon, level), level), document, visitHere))
  }
}

function widthOf({ left, right }: Box): number {
  return left <= right ? right - left : right - left + 360
}

function levelOf(box: Box): number {
  const size = Math.max(widthOf(box), box.top - box.bottom)
  return size === 0 ? finest : Math.max(0, Math.min(finest, Math.floor(Math.log2(180 / size))))
}

function squaresOf(box: Box, level: number): number[] {
  const columns = columnsOf(box, level)
  const squares: number[] = []
  for (let row = rowOf(box.bottom, level); row <= rowOf(box.top, level); row++) {
    for (const column of columns) squares.push(squareAt(row, column, level))
  }
  return squares
}

/** 180 and −180 are one line, so a box that touches it on one side is entered on both. */
function columnsOf({ left, right }: Box, level: number): number[] {
  const count = 2 * 2 ** level
  const [first, last] = [columnOf(left, level), columnOf(right, level)]
  const columns = new Set<number>()
  for (let column = first; column !== last; column = (column + 1) % count) columns.add(column)
  columns.add(last)
  if (left > right && first === last) for (let column = 0; column < count; column++) columns.add(column)
  if (right === 180) columns.add(0)
  if (left === -180) columns.add(count - 1)
  return [...columns]
}

function rowOf(lat: number, level: number): number {
  return Math.min(2 ** level - 1, Math.floor(((lat + 90) / 180) * 2 ** level))
}

function columnOf(lon: number, level: number): number {
  return Math.min(2 * 2 ** level - 1, Math.floor(((lon + 180) / 180) * 2 ** level))
}

function squareAt(row: number, column: number, level: number): number {
  return row * 2 * 2 ** level + column
}
