import { parsePoint } from '../filter/parse-point.js'

const WKT = /^POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)$/i

const isLongitudeLatitude = (lon: unknown, lat: unknown): boolean =>
  typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90

/**
 * Whether a field mapped as `geo_point` may hold this: any notation of the filter language, Elasticsearch's `[lon, lat]`, GeoJSON,
 * `POINT (lon lat)`, numbers as text, or an array of points.
 */
export function isGeoPoint(value: unknown): boolean {
  if (parsePoint(value) !== undefined) return true
  if (typeof value === 'string') {
    const match = WKT.exec(value)
    return match !== null && isLongitudeLatitude(Number(match[1]), Number(match[2]))
  }
  if (Array.isArray(value)) return typeof value[0] === 'number' ? isLongitudeLatitude(value[0], value[1]) : value.every(isGeoPoint)
  return isObjectPoint(value)
}

function isObjectPoint(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { lat, lon, type, coordinates } = value as Record<string, unknown>
  if (type === 'Point' && Array.isArray(coordinates)) return isLongitudeLatitude(coordinates[0], coordinates[1])
  return isNumberText(lat) && isNumberText(lon) && isLongitudeLatitude(Number(lon), Number(lat))
}

const isNumberText = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
