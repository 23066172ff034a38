import { createError } from '@mortise/sdk'
import { closest, distance } from 'fastest-levenshtein'

/**
 * Refuses a filter: the message names the place inside the filter (`and[1].range.age`) and states what is wrong there.
 *
 * @throws `api.assert.koncorde_dsl_error` always.
 */
export function refuse(place: string, fault: string, hint?: string): never {
  throw createError('api.assert.koncorde_dsl_error', `"${shorten(place) || 'filter'}": ${fault}`).with({ place: shorten(place), hint })
}

/** A place is made of the client's own words, which may be of any length. */
function shorten(place: string): string {
  return place.length <= 200 ? place : `${place.slice(0, 199)}…`
}

/** "Did you mean …", when a known word is near enough to be what was meant. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 40) return undefined
  const nearest = closest(word, known)
  return distance(word, nearest) <= Math.max(1, Math.floor(nearest.length / 3)) ? `Did you mean "${nearest}"?` : undefined
}

/** The place of a part: `bool` and `must` give `bool.must`, `and` and 2 give `and[2]`. */
export function within(place: string, part: string | number): string {
  if (typeof part === 'number') return `${place}[${part}]`
  return place === '' ? part : `${place}.${part}`
}
