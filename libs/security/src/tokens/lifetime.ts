import { createError } from '@mortise/sdk'
import ms, { type StringValue } from 'ms'

/** How long a token lives: milliseconds, or -1 for ever. */
export type Lifetime = number

/** The furthest a date can be, in milliseconds since the epoch. */
const LAST_MOMENT = 8.64e15

/**
 * Reads a lifetime: milliseconds, as a number or a text, or a duration such as
 * `1h`; -1 is for ever.
 *
 * @throws `security.token.invalid_expiration` for 0 and for what is no duration, `security.token.ttl_exceeded` above `maxTTL`
 */
export function readLifetime(value: unknown, maxTTL: Lifetime = -1): Lifetime {
  const lifetime = Math.round(toMilliseconds(value))
  if (lifetime !== -1 && !(lifetime > 0 && Date.now() + lifetime < LAST_MOMENT)) {
    throw createError('security.token.invalid_expiration', 'expiresIn', String(value))
  }
  if (maxTTL !== -1 && (lifetime === -1 || lifetime > maxTTL)) throw createError('security.token.ttl_exceeded')
  return lifetime
}

function toMilliseconds(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value === '' || value.length > 100) return Number.NaN
  return /^-?\d+$/.test(value) ? Number(value) : ms(value as StringValue) ?? Number.NaN
}

/** When something that starts now and lives so long ends, in milliseconds since the epoch; -1 for never. */
export const endOf = (lifetime: Lifetime, now = Date.now()): number => (lifetime === -1 ? -1 : now + lifetime)
