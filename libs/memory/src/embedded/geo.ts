import type { Reply } from '../memory-store.js'
import { type CommandTable } from './command-table.js'
import { CommandFault, float, integer, syntax } from './fault.js'
import { decodePoint, distance, encodePoint, textHash, type Point } from './geo-cells.js'
import type { Keyspace } from './keyspace.js'

const METRES: Readonly<Record<string, number>> = { m: 1, km: 1000, mi: 1609.34, ft: 0.3048 }

function metresOf(unit = 'm'): number {
  const metres = METRES[unit.toLowerCase()]
  if (metres === undefined) throw new CommandFault('ERR a unit is m, km, ft or mi')
  return metres
}

function readPoint(lon: string | undefined, lat: string | undefined): Point {
  const point: Point = [float(lon), float(lat)]
  if (Math.abs(point[0]) > 180 || Math.abs(point[1]) > 85.05112878) throw new CommandFault('ERR a longitude or latitude is out of range')
  return point
}

function pointOf(space: Keyspace, key: string, member: string): Point | undefined {
  const score = space.get('zset', key)?.score(member)
  return score === undefined ? undefined : decodePoint(score)
}

interface RadiusOptions {
  readonly shows: ReadonlySet<string>
  readonly count: number
  readonly order: 1 | -1 | 0
}

const ORDERS = { asc: 1, desc: -1 } as const

function readOptions(given: string[]): RadiusOptions {
  const shows = new Set<string>()
  let [count, order] = [Infinity, 0 as RadiusOptions['order']]
  for (let at = 0; at < given.length; at++) {
    const word = String(given[at]).toLowerCase()
    if (/^with(coord|dist|hash)$/.test(word)) shows.add(word)
    else if (Object.hasOwn(ORDERS, word)) order = ORDERS[word as keyof typeof ORDERS]
    else if (word === 'count') count = positive(given[++at])
    else throw syntax()
  }
  // The nearest ones count, whatever order was asked for.
  return { shows, count, order: order === 0 && count !== Infinity ? 1 : order }
}

function positive(text: string | undefined): number {
  const count = integer(text)
  if (count <= 0) throw new CommandFault('ERR a count is more than zero')
  return count
}

const coordinates = (point: Point): Reply => point.map(String)

/** @param centreOf - Asked only where there is something to be found. */
function around(space: Keyspace, key: string, centreOf: () => Point, [radius, unit, ...options]: string[]): Reply {
  const [metres, reach] = [metresOf(unit), float(radius)]
  if (reach < 0) throw new CommandFault('ERR a radius is not negative')
  const { shows, count, order } = readOptions(options)
  if (space.kindOf(key) === undefined) return []
  const centre = centreOf()
  const found = (space.get('zset', key)?.ranked ?? []).map(([member, score]) => ({ member, score, point: decodePoint(score) }))
    .map((place) => ({ ...place, away: distance(centre, place.point) })).filter(({ away }) => away <= reach * metres)
  if (order !== 0) found.sort((a, b) => (a.away - b.away) * order)
  return found.slice(0, count).map(({ member, score, point, away }) => (shows.size === 0 ? member : [
    member, ...(shows.has('withdist') ? [(away / metres).toFixed(4)] : []), ...(shows.has('withhash') ? [score] : []), ...(shows.has('withcoord') ? [coordinates(point)] : []),
  ]))
}

export const geoCommands: CommandTable = {
  geoadd: (space, key, ...given) => {
    if (given.length === 0 || given.length % 3 > 0) throw syntax()
    const places = given.flatMap((_, at) => (at % 3 === 0 ? [{ member: given[at + 2] as string, score: encodePoint(readPoint(given[at], given[at + 1])) }] : []))
    const set = space.open('zset', key)
    const before = set.size
    for (const { member, score } of places) set.set(member, score)
    return set.size - before
  },
  geopos: (space, key, ...members) => members.map((member) => {
    const point = pointOf(space, key, member)
    return point ? coordinates(point) : null
  }),
  geohash: (space, key, ...members) => members.map((member) => {
    const point = pointOf(space, key, member)
    return point ? textHash(point) : null
  }),
  geodist: (space, key, ...[first = '', second = '', unit]) => {
    const metres = metresOf(unit)
    const [from, to] = [pointOf(space, key, first), pointOf(space, key, second)]
    return from && to ? (distance(from, to) / metres).toFixed(4) : null
  },
  georadius: (space, key, ...[lon, lat, ...given]) => {
    const centre = readPoint(lon, lat)
    return around(space, key, () => centre, given)
  },
  georadiusbymember: (space, key, member, ...given) => around(space, key, () => {
    const centre = pointOf(space, key, member)
    if (!centre) throw new CommandFault('ERR no such member')
    return centre
  }, given),
}
