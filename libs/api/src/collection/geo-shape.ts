import { isObject } from '@app/storage'

const isPosition = (value: unknown): boolean => Array.isArray(value) && value.length >= 2 && value.every((part) => Number.isFinite(part))
const listOf = (isGood: (value: unknown) => boolean, atLeast = 1) => (value: unknown): boolean =>
  Array.isArray(value) && value.length >= atLeast && value.every(isGood)

/** A polygon's ring: closed, so its first position comes again last. */
const isRing = (value: unknown): boolean =>
  listOf(isPosition, 4)(value) && JSON.stringify((value as unknown[])[0]) === JSON.stringify((value as unknown[]).at(-1))

const isLine = listOf(isPosition, 2)
const isPolygon = listOf(isRing)

type Shape = Record<string, unknown>

/** Shapes of GeoJSON and the two that Elasticsearch adds, each with what tells it is well-formed. */
export const shapeTypes: ReadonlyMap<string, (shape: Shape) => boolean> = new Map([
  ['point', ({ coordinates }: Shape) => isPosition(coordinates)],
  ['multipoint', ({ coordinates }: Shape) => listOf(isPosition)(coordinates)],
  ['linestring', ({ coordinates }: Shape) => isLine(coordinates)],
  ['multilinestring', ({ coordinates }: Shape) => listOf(isLine)(coordinates)],
  ['polygon', ({ coordinates }: Shape) => isPolygon(coordinates)],
  ['multipolygon', ({ coordinates }: Shape) => listOf(isPolygon)(coordinates)],
  ['geometrycollection', ({ geometries }: Shape) => listOf((shape) => isShape(shape))(geometries)],
  ['envelope', ({ coordinates }: Shape) => isLine(coordinates) && (coordinates as unknown[]).length === 2],
  ['circle', ({ coordinates, radius }: Shape) => isPosition(coordinates) && (typeof radius === 'string' || Number.isFinite(radius))],
])

/** Whether a value is a well-formed shape, of one of the wanted types. */
export function isShape(value: unknown, wanted?: readonly string[]): boolean {
  if (!isObject(value) || typeof value.type !== 'string') return false
  const type = value.type.toLowerCase()
  return (wanted?.includes(type) ?? true) && (shapeTypes.get(type)?.(value) ?? false)
}
