import type { Write } from '../engine.js'

/** Splits writes into rounds, so that no round writes a document twice and each document is written in the order asked for. */
export function splitRounds(writes: readonly Write[]): Write[][] {
  const rounds: Write[][] = []
  const roundOf = new Map<string, number>()
  for (const write of writes) {
    const document = `${write.table}/${write.id}`
    const round = roundOf.get(document) ?? 0
    roundOf.set(document, round + 1)
    const writesOfRound = (rounds[round] ??= [])
    writesOfRound.push(write)
  }
  return rounds
}
