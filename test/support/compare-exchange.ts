/** An answer as `exchanges.json` records it, and as a door gave it. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly text?: string
}

/** How closely an answer is compared: `shape` leaves out which documents it shows, and in which order. */
export type Closeness = 'exact' | 'shape'

/** What the recorder wrote in place of values that change. */
const PLACEHOLDERS: readonly [RegExp, (value: unknown) => boolean][] = [
  [/^<uuid>$/, (value) => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)],
  [/^<ms since epoch>$/, (value) => typeof value === 'number' && value > 1e12 && value < 1e14],
  [/^(kauth|kapikey)-<jwt>$/, (value) => typeof value === 'string' && /^(kauth|kapikey)-[\w-]+\.[\w-]+\.[\w-]+$/.test(value)],
  [/^<(auto id|scrollId|node|jwt|hash|sha256)>$/, (value) => typeof value === 'string' && value.length > 0],
]

/** Texts and measures that are each product's own. */
const FREE_VALUES: ReadonlySet<string> = new Set(['message', 'reason', 'props', 'size', 'stack'])

/** Keys that an answer may have besides the recorded ones. */
const ADDITIONS: ReadonlySet<string> = new Set(['node', 'deprecations'])

/**
 * What tells a real answer from a recorded one, each difference with its path;
 * an empty list when it conforms. Status, ids, codes, keys and values count;
 * messages, and where documents lie on the disk, do not.
 */
export function compareExchange(recorded: Answer, real: Answer, closeness: Closeness = 'exact'): string[] {
  const differences = compare(recorded.status, real.status, 'status', closeness)
  if (recorded.text !== undefined) differences.push(...compare(recorded.text, real.text, 'text', closeness))
  if (recorded.body !== undefined) differences.push(...compare(recorded.body, real.body, 'body', closeness))
  return differences
}

function compare(recorded: unknown, real: unknown, path: string, closeness: Closeness): string[] {
  if (isCut(recorded)) return compareKeys(recorded.keys, real, path)
  const placeholder = typeof recorded === 'string' ? PLACEHOLDERS.find(([pattern]) => pattern.test(recorded)) : undefined
  if (placeholder) return placeholder[1](real) ? [] : [say(path, recorded, real)]
  if (Array.isArray(recorded)) return compareLists(recorded, real, path, closeness)
  if (isObject(recorded)) return compareObjects(recorded, real, path, closeness)
  const isSame = closeness === 'shape' && path !== 'status' ? typeof recorded === typeof real : recorded === real
  return isSame ? [] : [say(path, recorded, real)]
}

function compareLists(recorded: readonly unknown[], real: unknown, path: string, closeness: Closeness): string[] {
  if (!Array.isArray(real)) return [`${path} is no list`]
  if (recorded.length !== real.length) return [say(`${path}.length`, recorded.length, real.length)]
  return recorded.flatMap((element, position) => compare(element, real[position], `${path}[${position}]`, closeness))
}

function compareObjects(recorded: Record<string, unknown>, real: unknown, path: string, closeness: Closeness): string[] {
  const differences = compareKeys(Object.keys(recorded), real, path)
  if (differences.length > 0) return differences
  const members = Object.entries(recorded).filter(([key]) => !FREE_VALUES.has(key) && !(closeness === 'shape' && key === '_source'))
  return members.flatMap(([key, value]) => compare(value, (real as Record<string, unknown>)[key], `${path}.${key}`, closeness))
}

function compareKeys(expected: readonly string[], real: unknown, path: string): string[] {
  if (!isObject(real)) return [`${path} is no object`]
  const present = Object.keys(real).filter((key) => real[key] !== undefined)
  return [
    ...expected.filter((key) => !present.includes(key)).map((key) => `${path}.${key} is missing`),
    ...present.filter((key) => !expected.includes(key) && !ADDITIONS.has(key)).map((key) => `${path}.${key} is new`),
  ]
}

/** A body too long to record, of which only the keys were kept. */
const isCut = (value: unknown): value is { keys: string[] } => isObject(value) && '<cut>' in value && Array.isArray(value.keys)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const say = (path: string, recorded: unknown, real: unknown): string =>
  `${path} is ${isObject(real) ? 'an object' : JSON.stringify(real)} instead of ${JSON.stringify(recorded)}`
