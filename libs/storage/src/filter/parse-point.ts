import type { Point } from './filter.js'
import { isObject } from './read-field.js'

const geohashAlphabet = '0123456789bcdefghjkmnpqrstuvwxyz'
const decimal = /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i

/**
 * Reads a point in any notation of the filter language, in filters as in documents: `{ lat, lon }`, `[lat, lon]`, `"lat, lon"`,
 * a geohash of 1 to 12 or more characters (its centre), and each of these under `latLon` or `lat_lon`.
 *
 * @returns `undefined` for anything else, a latitude beyond ±90 or a longitude beyond ±180 included.
 */
export function parsePoint(value: unknown): Point | undefined {
  if (!isObject(value)) return readPlainPoint(value)
  if (Object.hasOwn(value, 'lat') && Object.hasOwn(value, 'lon')) return pointAt(value.lat, value.lon)
  if (Object.hasOwn(value, 'latLon')) return readInnerPoint(value.latLon)
  return Object.hasOwn(value, 'lat_lon') ? readInnerPoint(value.lat_lon) : undefined
}

function readInnerPoint(value: unknown): Point | undefined {
  return isObject(value) ? pointAt(value.lat, value.lon) : readPlainPoint(value)
}

function readPlainPoint(value: unknown): Point | undefined {
  if (Array.isArray(value)) return value.length === 2 ? pointAt(value[0], value[1]) : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text.includes(',') ? readPair(text) : readGeohash(text)
}

function readPair(text: string): Point | undefined {
  const parts = text.split(',', 3).map((part) => part.trim())
  return parts.length === 2 && parts.every((part) => decimal.test(part)) ? pointAt(Number(parts[0]), Number(parts[1])) : undefined
}

/** The alphabet's five bits a character halve the longitude and the latitude by turns (geohash.org). */
function readGeohash(text: string): Point | undefined {
  if (text.length === 0 || text.length > 24) return undefined
  const range = { lon: { low: -180, high: 180 }, lat: { low: -90, high: 90 } }
  let axis: 'lon' | 'lat' = 'lon'
  for (const character of text.toLowerCase()) {
    const digit = geohashAlphabet.indexOf(character)
    if (digit === -1) return undefined
    for (let bit = 16; bit >= 1; bit >>= 1) {
      const middle = (range[axis].low + range[axis].high) / 2
      range[axis][digit & bit ? 'low' : 'high'] = middle
      axis = axis === 'lon' ? 'lat' : 'lon'
    }
  }
  return pointAt((range.lat.low + range.lat.high) / 2, (range.lon.low + range.lon.high) / 2)
}

function pointAt(lat: unknown, lon: unknown): Point | undefined {
  if (typeof lat !== 'number' || typeof lon !== 'number') return undefined
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined
}
