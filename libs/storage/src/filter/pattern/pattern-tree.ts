/** A regular expression as a tree: what {@link parsePattern} reads and {@link buildAutomaton} lays out. */
export type PatternTree =
  | { type: 'character'; accepts: AcceptsCodePoint }
  | { type: 'assertion'; assertion: Assertion }
  | { type: 'sequence'; parts: PatternTree[] }
  | { type: 'choice'; options: PatternTree[] }
  | { type: 'repeat'; body: PatternTree; least: number; most: number }

/** Whether one character (a code point) may stand here. */
export type AcceptsCodePoint = (codePoint: number) => boolean

/** A test of the place between two characters: `^`, `$`, `\b`, `\B`. */
export type Assertion = 'start' | 'end' | 'boundary' | 'no-boundary'

/** Why a pattern is refused, in words that fit after "the pattern …". */
export class PatternFault extends Error {}
