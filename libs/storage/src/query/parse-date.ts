const DIGITS = /^-?\d{5,}$/
const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ](\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Reads a date as Elasticsearch's default format does (`strict_date_optional_time||epoch_millis`): milliseconds as a number or as
 * digits, or an ISO 8601 date of any precision, which is UTC when it names no zone.
 *
 * @returns Milliseconds since 1970, or `undefined` for anything else.
 */
export function parseDate(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  if (DIGITS.test(value)) return Number(value)
  const match = ISO.exec(value)
  return match ? readParts(match) : undefined
}

function readParts([, year = '', month = '01', day = '01', time = '00:00', zone = 'Z']: RegExpExecArray): number | undefined {
  const clock = (time.length === 2 ? `${time}:00` : time).replace(',', '.')
  const milliseconds = Date.parse(`${year}-${month}-${day}T${clock}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}
