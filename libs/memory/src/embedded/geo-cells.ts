/** Degrees: longitude, latitude. */
export type Point = readonly [longitude: number, latitude: number]

/** Bits of each coordinate in a score: 52 in all, which a number holds. */
const BITS = 26
const LONGITUDES: Span = [-180, 180]
/** Of the projection that maps use; the poles are beyond. */
const LATITUDES: Span = [-85.05112878, 85.05112878]
/** Metres. */
const EARTH_RADIUS = 6_372_797.560856
const BASE32 = '0123456789bcdefghjkmnpqrstuvwxyz'

type Span = readonly [low: number, high: number]

const cellOf = (value: number, [low, high]: Span): number => Math.min(Math.floor(((value - low) / (high - low)) * 2 ** BITS), 2 ** BITS - 1)
const bitOf = (cell: number, bit: number): number => Math.floor(cell / 2 ** bit) % 2

/** A point as a number: bits of both coordinates in turn, the longitude's first. Source: the Redis protocol's geo commands. */
export const encodePoint = (point: Point): number => interleave(point, LATITUDES)

function interleave([longitude, latitude]: Point, latitudes: Span): number {
  const [x, y] = [cellOf(longitude, LONGITUDES), cellOf(latitude, latitudes)]
  let score = 0
  for (let bit = BITS - 1; bit >= 0; bit--) score = score * 4 + bitOf(x, bit) * 2 + bitOf(y, bit)
  return score
}

/** The middle of the cell that a score stands for; one that stands for none, as it was no point that was added, is taken for the nearest that does. */
export function decodePoint(given: number): Point {
  const score = Math.min(Math.max(Math.floor(given), 0), 4 ** BITS - 1)
  let [x, y] = [0, 0]
  for (let bit = BITS - 1; bit >= 0; bit--) {
    x = x * 2 + bitOf(score, bit * 2 + 1)
    y = y * 2 + bitOf(score, bit * 2)
  }
  return [middleOf(x, LONGITUDES), middleOf(y, LATITUDES)]
}

const middleOf = (cell: number, [low, high]: Span): number => low + ((cell + 0.5) / 2 ** BITS) * (high - low)

/** The text that maps know a point by: eleven characters, of which the last one says nothing. */
export function textHash(point: Point): string {
  const score = interleave(point, [-90, 90])
  return Array.from({ length: 10 }, (_, at) => BASE32[Math.floor(score / 2 ** (52 - (at + 1) * 5)) % 32]).join('') + BASE32[0]
}

/** Metres between two points, over the ground. */
export function distance([fromLongitude, fromLatitude]: Point, [toLongitude, toLatitude]: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const [u, v] = [Math.sin(radians(toLatitude - fromLatitude) / 2), Math.sin(radians(toLongitude - fromLongitude) / 2)]
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(u * u + Math.cos(radians(fromLatitude)) * Math.cos(radians(toLatitude)) * v * v))
}
