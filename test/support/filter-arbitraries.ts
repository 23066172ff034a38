import fc from './property-testing.js'

/** Few fields and few values, so that random filters and random documents often meet. */
const fields = ['a', 'b', 'n.x', 'n.y', 'list', 'place']
const words = ['', 'a', 'ab', 'é', '1', 'longer word']

export const scalar = fc.oneof(fc.constantFrom(...words), fc.integer({ min: -3, max: 5 }), fc.constantFrom(0.5, 1.5), fc.boolean(), fc.constant(null))
const field = fc.constantFrom(...fields)

const degrees = (limit: number) => fc.integer({ min: -limit, max: limit })
const pointObject = fc.record({ lat: degrees(90), lon: degrees(180) })

/** A point of the world's borders, poles and insides, in every notation. */
export const point = pointObject.chain(({ lat, lon }) => fc.constantFrom<unknown>(
  { lat, lon }, [lat, lon], `${lat}, ${lon}`, { latLon: [lat, lon] }, { lat_lon: { lat, lon } }, 'u09', 'ezs42',
))

const list = fc.array(scalar, { minLength: 1, maxLength: 4 })
const path = fc.oneof(field, fc.tuple(field, scalar).map(([name, element]) => `${name}[${JSON.stringify(element)}]`))
const distance = fc.constantFrom<unknown>(0, '10 km', '1,5 km', '900 miles', 5_000_000, '12000 km', 30_000_000)
const under = <Value>(test: fc.Arbitrary<Value>) => fc.tuple(field, test).map(([name, value]) => ({ [name]: value }))

const range = fc.record({
  low: fc.constantFrom('gt', 'gte', ''), high: fc.constantFrom('lt', 'lte', ''), from: fc.integer({ min: -3, max: 3 }), width: fc.integer({ min: 1, max: 4 }),
}).map(({ low, high, from, width }) => ({ ...(low !== '' && { [low]: from }), ...(high !== '' || low === '' ? { [high || 'lte']: from + width } : {}) }))

const box = fc.record({ top: degrees(90), left: degrees(180), bottom: degrees(90), right: degrees(180) })
const polygon = fc.constantFrom<unknown>(
  [[0, 0], [0, 40], [40, 40], [40, 0]], [[0, 0], [10, 80], [60, 20], [20, 30]], [[-20, 170], [20, 170], [20, -170], [-20, -170]], [[90, 0], [-90, 0], [0, 90]],
)

const leaf = fc.oneof(
  { weight: 4, arbitrary: under(scalar).map((equals) => ({ equals })) },
  { weight: 2, arbitrary: under(list).map((values) => ({ in: values })) },
  { weight: 3, arbitrary: under(range).map((bounds) => ({ range: bounds })) },
  { weight: 2, arbitrary: path.map((exists) => ({ exists })) },
  path.map((missing) => ({ missing })),
  fc.subarray(['id1', 'id2', 'id3'], { minLength: 1 }).map((values) => ({ ids: { values } })),
  under(fc.constantFrom<unknown>('a', '^a', 'b$', '[^a]', { value: 'AB|é', flags: 'i' })).map((regexp) => ({ regexp })),
  under(fc.oneof(scalar, list, under(scalar), fc.constantFrom({}, [], [{ x: 1 }], { x: { y: [1] } }))).map((match) => ({ match })),
  fc.tuple(field, fc.integer({ min: -2, max: 2 }), under(scalar)).map(([name, index, test]) => ({ select: { field: name, index, query: { not: { equals: { value: Object.values(test)[0] } } } } })),
  fc.constantFrom({}, { nothing: {} }),
  box.map((place) => ({ geoBoundingBox: { place } })),
  fc.tuple(point, distance).map(([place, far]) => ({ geoDistance: { place, distance: far } })),
  fc.tuple(point, distance).map(([place, far]) => ({ geoDistanceRange: { place, from: 0, to: far } })),
  polygon.map((points) => ({ geoPolygon: { place: { points } } })),
)

/** A filter as a client writes it; always valid. */
export const filterSource: fc.Arbitrary<unknown> = fc.letrec<{ filter: unknown; filters: unknown[] }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    tie('filters').map((and) => ({ and })),
    tie('filters').map((or) => ({ or })),
    tie('filter').map((not) => ({ not })),
    fc.tuple(tie('filters'), tie('filters'), fc.constantFrom('must', 'should'), fc.constantFrom('must_not', 'should_not'))
      .map(([yes, no, positive, negative]) => ({ bool: { [positive]: yes, [negative]: no } })),
  ),
  filters: fc.array(tie('filter'), { minLength: 1, maxLength: 4 }),
})).filter

const bounds = fc.record({ from: fc.integer({ min: 0, max: 9 }), width: fc.integer({ min: 1, max: 9 }), ends: fc.constantFrom('both', 'low', 'high') })
  .map(({ from, width, ends }) => ({ ...(ends !== 'high' && { gte: from }), ...(ends !== 'low' && { lt: from + width }) }))
const asked = [
  fc.constantFrom('hue', 'rome').map((city) => ({ equals: { city } })),
  fc.constantFrom(1, 2, null).map((status) => ({ equals: { status } })),
  fc.constantFrom([1, 2], [2, 3]).map((kinds) => ({ in: { kind: kinds } })),
  bounds.map((price) => ({ range: { price } })),
  bounds.map((stock) => ({ range: { 'in.stock': stock } })),
  fc.integer({ min: 0, max: 3 }).map((lat) => ({ geoDistance: { place: { lat, lon: lat }, distance: '120 km' } })),
  fc.constantFrom('a', 'b').map((tag) => ({ exists: `tags["${tag}"]` })),
  fc.constantFrom(1, 2).map((by) => ({ not: { equals: { by } } })),
  fc.constantFrom('city', 'price').map((exists) => ({ exists })),
]

/** Conditions of which all must hold, out of so few that many filters share each of them. */
export const crowdedSource: fc.Arbitrary<unknown> = fc.subarray(asked, { minLength: 1, maxLength: 4 }).chain((parts) => fc.tuple(...parts)).map((and) => ({ and }))

/** A document that many of those match. */
export const crowdedDocument = fc.record({
  city: fc.constantFrom('hue', 'rome', 'elsewhere'), status: fc.constantFrom(1, 2, null), kind: fc.integer({ min: 1, max: 3 }), price: fc.integer({ min: -1, max: 18 }),
  in: fc.record({ stock: fc.integer({ min: 0, max: 12 }) }), place: fc.integer({ min: 0, max: 3 }).map((lat) => ({ lat, lon: lat })), tags: fc.subarray(['a', 'b', 'c']), by: fc.integer({ min: 1, max: 3 }),
}, { requiredKeys: ['city', 'price'] }) as fc.Arbitrary<Record<string, unknown>>

const value = fc.oneof({ weight: 4, arbitrary: scalar }, list, point, fc.constantFrom<unknown>({ x: 1 }, [{ x: 1 }], {}, []))

/** A document with some of the fields that filters ask about, and values of every type. */
export const document = fc.record({
  a: value, b: value, list: fc.oneof(list, value), place: fc.oneof(point, value), n: fc.oneof(value, fc.record({ x: value, y: value }, { requiredKeys: [] })),
}, { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>

export const documentId = fc.constantFrom('id1', 'id2', 'other', undefined)
