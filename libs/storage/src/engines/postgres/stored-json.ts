/** A document as its two columns. */
export interface StoredJson { source: string; exact: string | null }

/**
 * What `jsonb` cannot hold, U+0000 and halves of surrogate pairs, and the two characters that escape it there. In JSON text the former and
 * U+0001 are escapes; an escaped backslash before them does not count.
 */
const ESCAPED = /\\(?:u000[01]|ud[89a-f][0-9a-f]{2}|.)|\ud7ff/g

const FIRST_HALF = 0xd800

/**
 * JSON text for a `jsonb` column. Text in it that `jsonb` cannot hold is escaped, so that it is found and ordered as it is anywhere else;
 * the text as it was given is kept beside.
 */
export function toStoredJson(document: Record<string, unknown>): StoredJson {
  const exact = JSON.stringify(document)
  if (!exact.includes('\\u000') && !exact.includes('\\ud') && !exact.includes('\ud7ff')) return { source: exact, exact: null }
  const source = exact.replace(ESCAPED, escapeJson)
  return source === exact ? { source, exact: null } : { source, exact }
}

/** A text as it stands in `jsonb`. Its order by code points and what it starts with stay as they are, and no two texts become one. */
export function escapeText(text: string): string {
   
  return text.replace(/[\u0000\u0001\ud7ff\p{Surrogate}]/gu, escape)
}

/** The text that `escapeText` has escaped. */
export function unescapeText(text: string): string {
   
  return text.replace(/([\u0001\ud7ff])([^])/g, (_, sign: string, rest: string) => unescape(sign, rest))
}

function escape(unit: string): string {
  switch (unit) {
    case '\u0000': return '\u0001\u0001'
    case '\u0001': return '\u0001\u0002'
    case '\ud7ff': return '\ud7ff\u0001'
    default: return `\ud7ff${String.fromCharCode(unit.charCodeAt(0) - FIRST_HALF + 2)}`
  }
}

function unescape(sign: string, rest: string): string {
  if (sign === '\u0001') return rest === '\u0001' ? '\u0000' : '\u0001'
  return rest === '\u0001' ? '\ud7ff' : String.fromCharCode(rest.charCodeAt(0) - 2 + FIRST_HALF)
}

/** One match of `ESCAPED`; what else a backslash escapes is left as it is. */
function escapeJson(match: string): string {
  if (match.length === 2) return match
  const unit = match.startsWith('\\') ? String.fromCharCode(Number.parseInt(match.slice(2), 16)) : match
  return JSON.stringify(escape(unit)).slice(1, -1)
}
