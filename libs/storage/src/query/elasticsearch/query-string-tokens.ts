import type { Bounds } from '../condition.js'
import { refuse } from './query-fault.js'

/** A piece of a query string. */
export type Token =
  | { type: 'and' | 'or' | 'not' | 'plus' | 'open' | 'close' }
  | { type: 'word' | 'phrase' | 'field'; text: string }
  | { type: 'range'; bounds: Bounds<string> }

const FORMS: [RegExp, (match: RegExpExecArray) => Token][] = [
  [/^(?:AND\b|&&)/, () => ({ type: 'and' })],
  [/^(?:OR\b|\|\|)/, () => ({ type: 'or' })],
  [/^(?:NOT\b|!|-)/, () => ({ type: 'not' })],
  [/^\+/, () => ({ type: 'plus' })],
  [/^\(/, () => ({ type: 'open' })],
  [/^\)/, () => ({ type: 'close' })],
  [/^"((?:[^"\\]|\\.)*)"/, (match) => ({ type: 'phrase', text: unescape(match[1]!) })],
  [/^([[{])\s*(\S+)\s+TO\s+([^\s\]}]+)\s*([\]}])/, readRange],
  [/^(>=|<=|>|<)\s*([^\s()]+)/, (match) => ({ type: 'range', bounds: { [{ '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' }[match[1]!]!]: match[2]! } })],
  [/^((?:[^\s()"[\]{}:^~/\\]|\\.)+):/, (match) => ({ type: 'field', text: unescape(match[1]!) })],
  [/^((?:[^\s()"[\]{}:^~/\\]|\\.)+)(?![\^~:])/, (match) => ({ type: 'word', text: unescape(match[1]!) })],
]

/** A backslash keeps `*` and `?` from being wildcards; anything else it only takes along. */
const unescape = (text: string): string => text.replace(/\\([^*?])/g, '$1')

function readRange([, open, from = '*', to = '*', close]: RegExpExecArray): Token {
  const bounds: Bounds<string> = {}
  if (from !== '*') bounds[open === '[' ? 'gte' : 'gt'] = from
  if (to !== '*') bounds[close === ']' ? 'lte' : 'lt'] = to
  return { type: 'range', bounds }
}

/** Cuts a query string into pieces. @throws at what is no part of the language, or of the part that is supported */
export function readQueryTokens(query: string): Token[] {
  const tokens: Token[] = []
  let rest = query.trimStart()
  while (rest !== '') {
    const { token, length } = readToken(rest)
    tokens.push(token)
    rest = rest.slice(length).trimStart()
  }
  return tokens
}

function readToken(rest: string): { token: Token; length: number } {
  for (const [form, toToken] of FORMS) {
    const match = form.exec(rest)
    if (match) return { token: toToken(match), length: match[0].length }
  }
  return refuse(`A query string cannot be read from "${rest.slice(0, 20)}" on.`)
}
