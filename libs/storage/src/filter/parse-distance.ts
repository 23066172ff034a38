const prefixes: [symbol: string, name: string, power: number][] = [
  ['y', 'yocto', -24], ['z', 'zepto', -21], ['a', 'atto', -18], ['f', 'femto', -15], ['p', 'pico', -12], ['n', 'nano', -9],
  ['u', 'micro', -6], ['µ', 'micro', -6], ['m', 'milli', -3], ['c', 'centi', -2], ['d', 'deci', -1], ['', '', 0], ['da', 'deca', 1],
  ['h', 'hecto', 2], ['k', 'kilo', 3], ['M', 'mega', 6], ['G', 'giga', 9], ['T', 'tera', 12], ['P', 'peta', 15], ['E', 'exa', 18],
  ['Z', 'zetta', 21], ['Y', 'yotta', 24],
]

const units: { symbol: string; names: string[]; metres: number }[] = [
  { symbol: 'm', names: ['meter', 'meters', 'metre', 'metres'], metres: 1 },
  { symbol: 'ft', names: ['foot', 'feet', 'feets'], metres: 0.3048 },
  { symbol: 'in', names: ['inch', 'inches'], metres: 0.0254 },
  { symbol: 'yd', names: ['yard', 'yards'], metres: 0.9144 },
  { symbol: 'mi', names: ['mile', 'miles'], metres: 1609.344 },
  { symbol: 'nmi', names: ['nauticalmile', 'nauticalmiles'], metres: 1852 },
]

/** Every spelling, with its prefix: the bare units come last, so that `ft` stays the foot whatever a prefix would make of it. */
const metresPerUnit = new Map<string, number>([
  ...prefixes.flatMap(([symbol, name, power]) => units.flatMap((unit) => spell(unit, symbol, name, 10 ** power))),
  ...units.flatMap((unit) => spell(unit, '', '', 1)),
])

function spell(unit: (typeof units)[number], symbol: string, name: string, factor: number): [string, number][] {
  return [[symbol + unit.symbol, factor * unit.metres], ...unit.names.map((spelling): [string, number] => [name + spelling, factor * unit.metres])]
}

const shape = /^(\d[\d ]*)(?:[.,](\d+))?([a-zµ ]*)$/i

/**
 * Reads a length into metres: a number is metres already; a string is digits (spaces between them are fine), an optional `.` or `,`
 * with decimals, and an optional unit: metres, feet, inches, yards, miles or nautical miles, in symbols or words, with any prefix from
 * yocto to yotta, in any case (`mm` and `Mm` differ where both exist). `1 093,6 yd`, `1km`, `10 kilometers`, `5 nautical miles`.
 * Rounded to the micrometre, so that one length in two units is one number.
 *
 * @returns `undefined` for anything else, negative lengths included. A comma is the decimal mark: `1,000 m` is one metre.
 */
export function parseDistance(value: unknown): number | undefined {
  const metres = typeof value === 'string' && value.length <= 100 ? readLength(value.trim()) : value
  return typeof metres === 'number' && Number.isFinite(metres) && metres >= 0 ? roundToMicrometre(metres) : undefined
}

function readLength(text: string): number | undefined {
  const [found, whole = '', decimals = '0', unit = ''] = shape.exec(text) ?? []
  const metres = found === undefined ? undefined : metresOf(unit.replaceAll(' ', ''))
  return metres === undefined ? undefined : Number(`${whole.replaceAll(' ', '')}.${decimals}`) * metres
}

function metresOf(unit: string): number | undefined {
  return unit === '' ? 1 : metresPerUnit.get(unit) ?? metresPerUnit.get(unit.toLowerCase())
}

/** Lengths beyond what a double holds to the micrometre stay as they are. */
function roundToMicrometre(metres: number): number {
  return metres < 1e9 ? Math.round(metres * 1e6) / 1e6 : metres
}
