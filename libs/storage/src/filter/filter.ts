/** What a field is compared with: a JSON value that is neither an object nor an array. */
export type Scalar = string | number | boolean | null

/** A place on earth in degrees: latitude −90…90, longitude −180…180. */
export interface Point { lat: number; lon: number }

/**
 * A filter whose every notation has been resolved: what {@link parseFilter} returns, and what everything else (the evaluator, the
 * subscription index, the SQL compilers) reads. Plain JSON, never changed after it was made.
 *
 * - A *field* is a path of own properties, `a.b`. A path never enters an array, and a property whose own name holds a dot is not seen.
 * - A field is *absent* when the path leads nowhere. A field that holds `null` is present.
 * - Types are strict: the string `"1"` equals no number, and a clause about another type than the field's is false, not an error.
 * - A clause about an absent field is false, so `not` around it is true.
 */
export type Filter = Combination | Condition

/** Filters put together. An `and` of nothing is true, an `or` of nothing is false. */
export type Combination =
  | { type: 'and'; filters: Filter[] }
  | { type: 'or'; filters: Filter[] }
  | { type: 'not'; filter: Filter }

/** A single test of one document. */
export type Condition = Constant | FieldCondition | IdsFilter

/** True, or false, of every document. */
export type Constant = { type: 'everything' } | { type: 'nothing' }

/** A test of the document's id: true when it is in the list. Never true of a message that has no id. */
export interface IdsFilter { type: 'ids'; ids: string[] }

/** A test of one field. */
export type FieldCondition =
  | EqualsFilter | InFilter | RangeFilter | ExistsFilter | RegexpFilter | MatchFilter | SelectFilter | GeoFilter

/** The field is this very scalar (`null` included). An array that contains it does not count; see {@link ExistsFilter}. */
export interface EqualsFilter { type: 'equals'; field: string; value: Scalar }

/** The field is one of these scalars. */
export interface InFilter { type: 'in'; field: string; values: Scalar[] }

/** The field is a number within every bound that is given; there is at least one. */
export interface RangeFilter { type: 'range'; field: string; gt?: number; gte?: number; lt?: number; lte?: number }

/**
 * Without `element`: the field is present, whatever it holds. With it (`tags["new"]` in the language): the field is an array
 * that contains this scalar.
 */
export interface ExistsFilter { type: 'exists'; field: string; element?: Scalar }

/**
 * The field is a string in which the pattern is found somewhere. Flags are a sorted subset of `ims` with their JavaScript meaning;
 * text is read code point by code point. False for strings of more than 65,536 characters. The dialect is that of `parsePattern`.
 */
export interface RegexpFilter { type: 'regexp'; field: string; pattern: string; flags: string }

/**
 * The field contains `value`: a scalar contains its equal; an object contains another when it has all its properties and each value
 * contains the other's; an array contains another when each wanted element is contained in some element.
 */
export interface MatchFilter { type: 'match'; field: string; value: Json }

/**
 * The field is an array whose element at `index` (from the end when negative: −1 is the last) satisfies `filter`, read as the document
 * `{ value: element }`. False when there is no such element.
 */
export interface SelectFilter { type: 'select'; field: string; index: number; filter: Filter }

/** A test of a field that holds a point, in any notation {@link parsePoint} reads. False for anything else. */
export type GeoFilter = GeoBoundingBoxFilter | GeoDistanceFilter | GeoDistanceRangeFilter | GeoPolygonFilter

/** Borders count as inside. `bottom ≤ top` always; `left > right` means that the box crosses the antimeridian. */
export interface GeoBoundingBoxFilter extends Box { type: 'geoBoundingBox'; field: string }

/** At most `distance` metres from the centre, along a great circle of a sphere ({@link distanceBetween}). */
export interface GeoDistanceFilter { type: 'geoDistance'; field: string; center: Point; distance: number }

/** From `from` to `to` metres away from the centre, both included. */
export interface GeoDistanceRangeFilter { type: 'geoDistanceRange'; field: string; center: Point; from: number; to: number }

/**
 * Inside the polygon or on its border, on the flat map of degrees. The ring is closed and each side goes the shorter way round, so
 * longitudes run on past ±180 where it crosses the antimeridian: test a point at its longitude, and 360 to either side.
 */
export interface GeoPolygonFilter { type: 'geoPolygon'; field: string; points: Point[] }

/** Degrees. */
export interface Box { top: number; left: number; bottom: number; right: number }

/** Any JSON value. */
export type Json = Scalar | Json[] | { [key: string]: Json }
