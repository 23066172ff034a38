import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until something holds; fails, saying what was last seen, when it does not come to that. */
export async function until<T>(look: () => T | Promise<T>, holds: (seen: T) => boolean, patience = 5_000): Promise<T> {
  const deadline = Date.now() + patience
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (Date.now() > deadline) throw new Error(`It has not come to that. Last seen: ${JSON.stringify(seen)}`)
    await sleep(5)
  }
}
