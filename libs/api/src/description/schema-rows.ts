import type { JsonSchema } from '@mortise/sdk'

/** One value that an action takes or gives, in words. */
export interface SchemaRow {
  /** Its path: `body.items[].price`. */
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly note: string
}

/** Deeper values are summed up by their types. */
const DEEPEST = 4

interface Node {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly format?: string
  readonly [keyword: string]: unknown
}

/** The values of an object, and what is in them, in the order in which they are declared. */
export function rowsOf(schema: JsonSchema, path = '', depth = 0): SchemaRow[] {
  const { properties = {}, required = [] } = schema as Node
  return Object.entries(properties).flatMap(([name, value]): SchemaRow[] => {
    const own = path === '' ? name : `${path}.${name}`
    const row = { path: own, type: typeOf(value), isRequired: required.includes(name), note: noteOf(value) }
    const [inner, innerPath] = value.items?.properties ? [value.items, `${own}[]`] : [value, own]
    return [row, ...(depth < DEEPEST ? rowsOf(inner, innerPath, depth + 1) : [])]
  })
}

/** `integer`, `string (date-time)`, `list of string`, `"a" or "b"`; `anything` where nothing is said. */
export function typeOf(schema: JsonSchema): string {
  const { type, items, enum: values, const: only, anyOf, format } = schema as Node
  if (only !== undefined) return JSON.stringify(only)
  // A schema that is defined elsewhere: nearly always one that contains itself.
  if (schema.$ref !== undefined) return 'object'
  if (values) return values.map((value) => JSON.stringify(value)).join(' or ')
  if (anyOf) return anyOf.map((each) => typeOf(each)).join(' or ')
  if (type === 'array') return items ? `list of ${typeOf(items)}` : 'list'
  if (type === undefined) return 'anything'
  const word = typeof type === 'string' ? type : type.join(' or ')
  return format ? `${word} (${format})` : word
}

const LIMITS: Readonly<Record<string, string>> = {
  minimum: 'at least', maximum: 'at most', exclusiveMinimum: 'more than', exclusiveMaximum: 'less than',
  minLength: 'characters: at least', maxLength: 'characters: at most', minItems: 'entries: at least', maxItems: 'entries: at most',
}

function noteOf(schema: Node): string {
  const { description, default: fallback, format, pattern } = schema
  const limits = Object.entries(LIMITS).filter(([keyword]) => isTelling(schema[keyword])).map(([keyword, words]) => `${words} ${String(schema[keyword])}`)
  return [
    ...(typeof description === 'string' ? [description] : []),
    ...limits,
    ...(pattern !== undefined && format === undefined ? [`matches ${String(pattern)}`] : []),
    ...(fallback === undefined ? [] : [`default ${JSON.stringify(fallback)}`]),
  ].join(' · ')
}

/** The bounds of whole numbers in JavaScript say nothing. */
const isTelling = (limit: unknown): boolean => limit !== undefined && Math.abs(Number(limit)) !== Number.MAX_SAFE_INTEGER

/** A value that may be sent, to begin with. */
export function sampleOf(schema: JsonSchema): unknown {
  const { type = 'string', enum: values = [], const: only, anyOf = [], default: fallback } = schema as Node
  const given = [only, fallback, values[0]].find((value) => value !== undefined)
  if (given !== undefined) return given
  return anyOf[0] ? sampleOf(anyOf[0]) : SAMPLES[String(type)]?.(schema)
}

const SAMPLES: Readonly<Record<string, (schema: Node) => unknown>> = {
  object: ({ properties = {} }) => Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, sampleOf(value)])),
  array: ({ items }) => (items ? [sampleOf(items)] : []),
  integer: () => 1,
  number: () => 1,
  boolean: () => true,
  string: () => '…',
}
