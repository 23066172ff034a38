import { createError } from '@mortise/sdk'

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const LONGEST = '1h'

function toMilliseconds(duration: string): number | undefined {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(duration)
  return match ? Number(match[1]) * UNITS[match[2]!]! : undefined
}

/**
 * How long a scroll is kept, in milliseconds.
 * @throws `services.storage.invalid_argument`, `services.storage.scroll_duration_too_great`
 */
export function readScrollDuration(duration: string): number {
  const milliseconds = toMilliseconds(duration)
  if (milliseconds === undefined) throw createError('services.storage.invalid_argument', 'scroll', 'a number and a unit, such as "30s"')
  if (milliseconds > toMilliseconds(LONGEST)!) throw createError('services.storage.scroll_duration_too_great', duration, LONGEST)
  return milliseconds
}
