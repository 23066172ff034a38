import { randomInt } from 'node:crypto'

const adjectives = [
  'amber', 'ample', 'brave', 'brisk', 'calm', 'clear', 'clever', 'coral', 'crisp', 'deep', 'eager', 'early', 'fair', 'fleet', 'fond', 'fresh',
  'gentle', 'glad', 'grand', 'green', 'happy', 'hardy', 'keen', 'kind', 'late', 'light', 'lively', 'lucid', 'mellow', 'merry', 'mild', 'neat',
  'nimble', 'noble', 'patient', 'plain', 'proud', 'quick', 'quiet', 'rapid', 'ready', 'rosy', 'round', 'silent', 'silver', 'smart', 'snug',
  'solid', 'steady', 'still', 'sunny', 'swift', 'tidy', 'true', 'vivid', 'warm', 'wide', 'wild', 'wise', 'young',
] as const

const nouns = [
  'alder', 'anchor', 'arrow', 'badger', 'beacon', 'birch', 'bridge', 'brook', 'cedar', 'cliff', 'cloud', 'comet', 'crane', 'delta', 'ember',
  'falcon', 'fern', 'finch', 'forge', 'fox', 'garden', 'harbor', 'hawk', 'hazel', 'heron', 'hill', 'island', 'joiner', 'kestrel', 'lantern',
  'lark', 'linden', 'lynx', 'maple', 'meadow', 'mill', 'moon', 'oak', 'orchard', 'otter', 'owl', 'pebble', 'pine', 'plane', 'raven', 'reef',
  'river', 'robin', 'rowan', 'sparrow', 'spruce', 'stone', 'swan', 'tenon', 'thrush', 'tide', 'timber', 'valley', 'willow', 'wren',
] as const

/** An id that people can read out: `kuid-brisk-cedar-wren-48213`. */
export function createReadableId(): string {
  const pick = (words: readonly string[]): string => words[randomInt(words.length)] as string
  return `kuid-${pick(adjectives)}-${pick(nouns)}-${pick(nouns)}-${randomInt(10_000, 100_000)}`
}
