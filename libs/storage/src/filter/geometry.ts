import type { Box, Filter, GeoFilter, Point } from './filter.js'

/** Metres: the mean radius of the earth that search engines use for great circles. */
export const earthRadius = 6_371_008.7714

const radians = (degrees: number) => (degrees * Math.PI) / 180
const degrees = (angle: number) => (angle * 180) / Math.PI

/** The great-circle distance in metres between two points of a sphere of {@link earthRadius} (haversine formula). */
export function distanceBetween(one: Point, other: Point): number {
  const latitude = Math.sin(radians(other.lat - one.lat) / 2) ** 2
  const longitude = Math.sin(radians(other.lon - one.lon) / 2) ** 2
  const half = latitude + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * longitude
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** Borders count as inside; `left > right` crosses the antimeridian, where 180 and −180 are one line. */
export function isInBox(box: Box, { lat, lon }: Point): boolean {
  if (lat < box.bottom || lat > box.top) return false
  return isBetween(box, lon) || (Math.abs(lon) === 180 && isBetween(box, -lon))
}

function isBetween({ left, right }: Box, lon: number): boolean {
  return left <= right ? left <= lon && lon <= right : left <= lon || lon <= right
}

/** Even-odd rule, borders inside. `ring` runs on past ±180 as {@link unrollRing} makes it. */
export function isInPolygon(ring: Point[], { lat, lon }: Point): boolean {
  return isInFlatPolygon(ring, lat, lon) || isInFlatPolygon(ring, lat, lon + 360) || isInFlatPolygon(ring, lat, lon - 360)
}

function isInFlatPolygon(ring: Point[], lat: number, lon: number): boolean {
  let inside = false
  let before = ring[ring.length - 1]!
  for (const corner of ring) {
    const side = (corner.lon - before.lon) * (lat - before.lat) - (corner.lat - before.lat) * (lon - before.lon)
    if (side === 0 && isWithin(before.lat, corner.lat, lat) && isWithin(before.lon, corner.lon, lon)) return true
    if (before.lat > lat !== corner.lat > lat && (side < 0) === corner.lat < before.lat) inside = !inside
    before = corner
  }
  return inside
}

function isWithin(one: number, other: number, value: number): boolean {
  return Math.min(one, other) <= value && value <= Math.max(one, other)
}

/**
 * The ring with each side going the shorter way round, so that its longitudes run on past ±180 where it crosses the antimeridian;
 * a last corner that repeats the first is dropped.
 *
 * @returns `undefined` when the ring winds round a pole: it has no inside on a flat map.
 */
export function unrollRing(corners: Point[]): Point[] | undefined {
  const ring: Point[] = []
  for (const { lat, lon } of corners) {
    const before = ring.at(-1)
    ring.push({ lat, lon: before === undefined ? lon : nearestLongitude(lon, before.lon) })
  }
  const [first, last] = [ring[0]!, ring.at(-1)!]
  if (nearestLongitude(first.lon, last.lon) !== first.lon) return undefined
  if (ring.length > 1 && first.lat === last.lat && first.lon === last.lon) ring.pop()
  return ring
}

function nearestLongitude(lon: number, reference: number): number {
  if (lon - reference > 180) return nearestLongitude(lon - 360, reference)
  return reference - lon > 180 ? nearestLongitude(lon + 360, reference) : lon
}

const metresPerDegree = radians(1) * earthRadius

export function isGeoFilter(filter: Filter): filter is GeoFilter {
  return filter.type.startsWith('geo')
}

/** Whether a point is where the filter asks for. */
export function isAtPlace(filter: GeoFilter, point: Point): boolean {
  switch (filter.type) {
    case 'geoBoundingBox': return isInBox(filter, point)
    case 'geoDistance': return isWithinReach(filter.center, point, filter.distance) && distanceBetween(filter.center, point) <= filter.distance
    case 'geoDistanceRange': {
      if (!isWithinReach(filter.center, point, filter.to)) return false
      const distance = distanceBetween(filter.center, point)
      return filter.from <= distance && distance <= filter.to
    }
    case 'geoPolygon': return isInPolygon(filter.points, point)
  }
}

/** No if the latitudes alone are too far apart, which is quickly told. A metre makes up for rounding. */
function isWithinReach(center: Point, point: Point, distance: number): boolean {
  return Math.abs(center.lat - point.lat) * metresPerDegree <= distance + 1
}

/** A box that holds every point the filter can match, a little too large rather than too small. */
export function boxAround(filter: GeoFilter): Box {
  switch (filter.type) {
    case 'geoBoundingBox': return filter
    case 'geoDistance': return boxAroundCircle(filter.center, filter.distance)
    case 'geoDistanceRange': return boxAroundCircle(filter.center, filter.to)
    case 'geoPolygon': return boxAroundRing(filter.points)
  }
}

/** Degrees (some centimetres) by which a computed box is widened against rounding. */
const margin = 1e-6

function boxAroundCircle({ lat, lon }: Point, distance: number): Box {
  const angle = Math.min(Math.PI, distance / earthRadius)
  const top = lat + degrees(angle) + margin
  const bottom = lat - degrees(angle) - margin
  if (top >= 90 || bottom <= -90) return { top: Math.min(90, top), bottom: Math.max(-90, bottom), left: -180, right: 180 }
  const width = degrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(radians(lat))))) + margin
  return { top, bottom, ...wrap(lon - width, lon + width) }
}

function boxAroundRing(ring: Point[]): Box {
  const latitudes = ring.map((corner) => corner.lat)
  const longitudes = ring.map((corner) => corner.lon)
  return {
    top: Math.min(90, Math.max(...latitudes) + margin),
    bottom: Math.max(-90, Math.min(...latitudes) - margin),
    ...wrap(Math.min(...longitudes) - margin, Math.max(...longitudes) + margin),
  }
}

function wrap(left: number, right: number): { left: number; right: number } {
  if (right - left >= 360) return { left: -180, right: 180 }
  return { left: intoRange(left), right: intoRange(right) }
}

function intoRange(lon: number): number {
  return Math.abs(lon) <= 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180
}
