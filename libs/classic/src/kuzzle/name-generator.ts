import { randomInt } from 'node:crypto'

const ADJECTIVES = [
  'amber', 'brave', 'calm', 'clever', 'eager', 'early', 'fair', 'gentle', 'glad', 'golden', 'keen', 'kind', 'light', 'lively', 'lucky',
  'mellow', 'merry', 'noble', 'patient', 'proud', 'quick', 'quiet', 'ready', 'silver', 'steady', 'sunny', 'swift', 'tidy', 'warm', 'wise',
]
const NOUNS = [
  'acorn', 'badger', 'beech', 'cedar', 'crane', 'dove', 'elm', 'falcon', 'finch', 'fox', 'hare', 'hazel', 'heron', 'ibis', 'kestrel',
  'larch', 'lark', 'linden', 'lynx', 'maple', 'marten', 'oak', 'osprey', 'otter', 'robin', 'rowan', 'sparrow', 'stork', 'swan', 'willow',
]

/** What a generated name is made of. */
export interface NameOptions {
  prefix?: string | null
  separator?: string
  /** Bounds of the number at its end, both possible; `false` for none. */
  postfixRandRange?: { min: number; max: number } | false
}

const pick = (words: readonly string[]): string => words[randomInt(words.length)] as string

/** Names that people can tell apart, such as `calm-otter-4711`: `kuzzle`'s `NameGenerator`. */
export const NameGenerator = {
  generateRandomName({ prefix = null, separator = '-', postfixRandRange = { min: 0, max: 99_999 } }: NameOptions = {}): string {
    const words = [pick(ADJECTIVES), pick(NOUNS)]
    if (prefix) words.unshift(prefix)
    if (postfixRandRange) words.push(String(randomInt(postfixRandRange.min, postfixRandRange.max + 1)))
    return words.join(separator)
  },
}
