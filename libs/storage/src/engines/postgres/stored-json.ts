/** Escapes of `JSON.stringify` that `jsonb` refuses: U+0000 and halves of surrogate pairs. An escaped backslash before them does not count. */
const UNSTORABLE = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g

/** A document as its two columns. */
export interface StoredJson { source: string; exact: string | null }

/**
 * JSON text for a `jsonb` column. A character that `jsonb` cannot hold is replaced there by one for private use, so that the rest of the
 * document can be searched, and the text itself is kept beside.
 */
export function toStoredJson(document: Record<string, unknown>): StoredJson {
  const exact = JSON.stringify(document)
  if (!exact.includes('\\u0000') && !exact.includes('\\ud')) return { source: exact, exact: null }
  const source = exact.replace(UNSTORABLE, (escape) => (escape.length > 2 ? '\ue000' : escape))
  return source === exact ? { source, exact: null } : { source, exact }
}
