import { refuse, within } from '../filter-fault.js'
import type { Box, Filter, Point } from '../filter.js'
import { unrollRing } from '../geometry.js'
import { parseDistance } from '../parse-distance.js'
import { parsePoint } from '../parse-point.js'
import type { Properties } from '../read-field.js'
import { allowOnly, readFieldTest, readList, readNumber, readObject } from './clause-body.js'

const maxCorners = 1000

/** `geoBoundingBox: { <field>: { top, left, bottom, right } }`, or two corners: `topLeft` and `bottomRight`, or `top_left` and `bottom_right`. */
export function parseGeoBoundingBox(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  const { top, left, bottom, right } = readBox(readObject(test, here), here)
  return { type: 'geoBoundingBox', field, top: Math.max(top, bottom), left, bottom: Math.min(top, bottom), right }
}

function readBox(box: Properties, place: string): Box {
  const corners = [['topLeft', 'bottomRight'], ['top_left', 'bottom_right']].find(([corner]) => Object.hasOwn(box, corner!))
  if (corners === undefined) return readSides(box, place)
  allowOnly(box, corners, place)
  const [topLeft, bottomRight] = corners.map((corner) => readPoint(box[corner], within(place, corner)))
  return { top: topLeft!.lat, left: topLeft!.lon, bottom: bottomRight!.lat, right: bottomRight!.lon }
}

function readSides(box: Properties, place: string): Box {
  allowOnly(box, ['top', 'left', 'bottom', 'right'], place)
  const side = (name: string, limit: number) => readDegrees(box[name], limit, within(place, name))
  return { top: side('top', 90), left: side('left', 180), bottom: side('bottom', 90), right: side('right', 180) }
}

/** `geoDistance: { <field>: <point>, distance: <distance> }` */
export function parseGeoDistance(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place, ['distance'])
  const { distance } = body as Properties
  return { type: 'geoDistance', field, center: readPoint(test, here), distance: readDistance(distance, within(place, 'distance')) }
}

/** `geoDistanceRange: { <field>: <point>, from: <distance>, to: <distance> }` */
export function parseGeoDistanceRange(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place, ['from', 'to'])
  const given = body as Properties
  const [from, to] = [readDistance(given.from, within(place, 'from')), readDistance(given.to, within(place, 'to'))]
  if (from > to) refuse(place, `leaves no distance between ${from} m and ${to} m`)
  return { type: 'geoDistanceRange', field, center: readPoint(test, here), from, to }
}

/** `geoPolygon: { <field>: { points: [<point>, <point>, <point>, …] } }`, closed when its last corner is not its first. */
export function parseGeoPolygon(body: unknown, place: string): Filter {
  const { field, test, place: here } = readFieldTest(body, place)
  const polygon = readObject(test, here)
  allowOnly(polygon, ['points'], here)
  const listed = readList(polygon.points, within(here, 'points'))
  if (listed.length > maxCorners) refuse(here, `has ${listed.length} corners, of which at most ${maxCorners} are allowed`)
  const corners = listed.map((corner, index) => readPoint(corner, within(within(here, 'points'), index)))
  const points = unrollRing(corners)
  if (points === undefined) return refuse(here, 'runs round a pole, so it has no inside', 'Split it at a meridian into two polygons.')
  if (points.length < 3) return refuse(here, 'has fewer than three different corners')
  return { type: 'geoPolygon', field, points }
}

function readPoint(value: unknown, place: string): Point {
  return parsePoint(value) ?? refuse(
    place,
    'must be a point: { lat, lon }, [lat, lon], "lat, lon" or a geohash, within 90° of latitude and 180° of longitude',
  )
}

function readDistance(value: unknown, place: string): number {
  return parseDistance(value) ?? refuse(place, 'must be a distance: metres, or a number and a unit such as "1.5 km" or "300 ft"')
}

function readDegrees(value: unknown, limit: number, place: string): number {
  const degrees = readNumber(value, place)
  return Math.abs(degrees) <= limit ? degrees : refuse(place, `must lie within ${limit}° of zero`)
}
