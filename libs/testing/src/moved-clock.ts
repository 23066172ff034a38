import type { TestClock } from '@mortise/sdk/testing'
import type { ManualClock } from './manual-clock.js'
import { readTime } from './read-time.js'
import type { Settler } from './settler.js'
import { testingErrors } from './testing.errors.js'

/** The clock of a host as its test moves it. Without a clock of its own, the host has the machine's. */
export class MovedClock implements TestClock {
  constructor(private readonly clock: ManualClock | undefined, private readonly settler: Settler) {}

  now(): number {
    return this.clock?.now() ?? Date.now()
  }

  async advance(time: number | string): Promise<void> {
    const { clock, settler } = this
    if (!clock) throw testingErrors.clock_runs().with({ hint: 'Start it with a clock of its own: createTestHost({ clock: \'now\', … }).' })
    const end = clock.now() + readTime(time)
    settler.forget()
    do await settler.settle()
    while (clock.step(end))
    settler.forget()
    await settler.settle()
  }
}

/** Reads the time at which a host's clock is to stand: `now`, milliseconds since 1970, a date, or a text such as `2026-03-01T08:00:00Z`. */
export function readMoment(moment: number | string | Date): number {
  const time = moment === 'now' ? Date.now() : new Date(moment).getTime()
  if (Number.isFinite(time)) return time
  throw testingErrors.invalid_option('clock', String(moment), 'a moment').with({ hint: 'Give "now", milliseconds since 1970, or a text such as "2026-03-01T08:00:00Z".' })
}
