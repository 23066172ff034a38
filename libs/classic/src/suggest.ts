import { closest, distance } from 'fastest-levenshtein'

/** "Did you mean …", when one of the known words is near enough to be what was meant. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const nearest = closest(word, known)
  return distance(word, nearest) <= Math.max(2, Math.ceil(word.length / 2)) ? `Did you mean "${nearest}"?` : undefined
}
