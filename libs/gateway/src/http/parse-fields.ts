import { unescape } from 'node:querystring'

/** Keys and values of a query string or a form. */
export type Fields = Record<string, string | string[]>

/**
 * Parses `a=1&b=2`. A repeated key has a list, a key without `=` has `''`,
 * broken percent-encoding stays as it is. `__proto__` is dropped.
 */
export function parseFields(text: string): Fields {
  const fields: Fields = {}
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const mark = pair.indexOf('=')
    const key = decode(mark < 0 ? pair : pair.slice(0, mark))
    const value = mark < 0 ? '' : decode(pair.slice(mark + 1))
    if (key !== '__proto__') fields[key] = Object.hasOwn(fields, key) ? append(fields[key] as string | string[], value) : value
  }
  return fields
}

function append(known: string | string[], value: string): string[] {
  if (!Array.isArray(known)) return [known, value]
  known.push(value)
  return known
}

const decode = (text: string): string => (text.includes('%') || text.includes('+') ? unescape(text.replaceAll('+', ' ')) : text)
