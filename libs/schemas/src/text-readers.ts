import type { JsonSchema } from '@mortise/sdk'

/** Turns what a URL said into the value that was meant; what cannot be read stays as it is, for the schema to refuse. */
export type TextReader = (text: unknown) => unknown

const READERS: Readonly<Record<string, TextReader>> = {
  number: readNumber,
  integer: readNumber,
  boolean: (text) => (text === '' || text === 'true' ? true : text === 'false' ? false : text),
  array: (text) => (Array.isArray(text) ? text : listOf(readJson(text))),
  object: readJson,
}

/**
 * How the arguments that a schema describes are read from a URL, where all is
 * text: numbers, `true`, `false` and a bare key for booleans, lists as
 * repeated keys or JSON, objects as JSON. Arguments that are texts have none.
 */
export function textReaders({ properties }: JsonSchema): readonly (readonly [name: string, read: TextReader])[] {
  return Object.entries((properties ?? {}) as Record<string, { type?: string }>).flatMap(([name, { type = '' }]) => {
    const read = READERS[type]
    return read && name !== 'body' ? [[name, read] as const] : []
  })
}

function readNumber(text: unknown): unknown {
  const number = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  return Number.isNaN(number) ? text : number
}

function readJson(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    // A text that is no JSON is the schema's to refuse.
    return text
  }
}

const listOf = (value: unknown): unknown => (Array.isArray(value) ? value : [value])
