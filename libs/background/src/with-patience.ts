import type { Clock } from '@app/supervision'

/** Waits for something to be done, for so many milliseconds at most. */
export async function withPatience(clock: Clock, patience: number, done: Promise<unknown>): Promise<void> {
  let cancel = (): void => undefined
  const late = new Promise<void>((resolve) => { cancel = clock.after(patience, resolve) })
  await Promise.race([late, done])
  cancel()
}
