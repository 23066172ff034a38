import ms, { type StringValue } from 'ms'
import { testingErrors } from './testing.errors.js'

/** Reads a time that is to pass: milliseconds, or a text such as `1h`. @throws `plugin.testing.invalid_time` */
export function readTime(time: number | string): number {
  const milliseconds = typeof time === 'string' && time !== '' ? ms(time as StringValue) : time
  if (typeof milliseconds === 'number' && Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds
  throw testingErrors.invalid_time(String(time)).with({ hint: 'Give milliseconds, or a text such as "90s", "1h" or "2d"; time does not go back.' })
}
