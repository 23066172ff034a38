/** The names on the way to a field, from the outside in. */
export type FieldPath = readonly string[]

/** Quotes and backslashes end a name in one engine or the other; control characters are written differently by each. */
const UNSAFE = /["\\\u0000-\u001f\ud7ff\p{Surrogate}]/u

/**
 * The path as the engines can be asked for it, or `undefined` when a name on it has another meaning for one of them: digits, which
 * PostgreSQL takes for the place in an array, quotes, and what has no UTF-8 form, or escapes it (`stored-json.ts`).
 */
export function fieldPath(field: string): FieldPath | undefined {
  const names = field.split('.')
  return names.every((name) => !UNSAFE.test(name) && !/^-?\d+$/.test(name)) ? names : undefined
}
