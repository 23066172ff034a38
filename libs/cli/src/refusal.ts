import { closest } from 'fastest-levenshtein'

/** A command that is not done, and why; the message is for the person who typed it. The process is to end with a code other than 0. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** A command line that is wrong in what options and arguments say together, or in how one is written. The process is to end as for an unknown option. */
export class Misuse extends Refusal {}

/** Refuses a name that is none of the known ones, and says which was probably meant. */
export function unknownName(name: string, known: readonly string[], where: string): Refusal {
  return new Refusal(`No plugin "${name}" is in ${where}.${suggest(name, known, 'There is none at all.')}`)
}

/** Refuses the name of a plugin that none of those who have stored something bears. */
export function unknownOwner(name: string, known: readonly string[]): Refusal {
  return new Refusal(`No plugin "${name}" has stored anything.${suggest(name, known, 'No other has either.')}`)
}

const suggest = (name: string, known: readonly string[], otherwise: string): string =>
  ` ${known.length > 0 ? `Did you mean "${closest(name, [...known])}"?` : otherwise}`
