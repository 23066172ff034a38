const TOKENS: Record<string, { pattern: string; set: (date: Parts, value: number) => void }> = {
  YYYY: { pattern: '(\\d{4})', set: (date, value) => { date.year = value } },
  MM: { pattern: '(\\d{2})', set: (date, value) => { date.month = value } },
  DD: { pattern: '(\\d{2})', set: (date, value) => { date.day = value } },
  HH: { pattern: '(\\d{2})', set: (date, value) => { date.hour = value } },
  mm: { pattern: '(\\d{2})', set: (date, value) => { date.minute = value } },
  SSS: { pattern: '(\\d{3})', set: (date, value) => { date.millisecond = value } },
  ss: { pattern: '(\\d{2})', set: (date, value) => { date.second = value } },
}

interface Parts { year: number; month: number; day: number; hour: number; minute: number; second: number; millisecond: number }

const TOKEN = /YYYY|SSS|MM|DD|HH|mm|ss/g
const ISO = /^[+-]?\d{4,6}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/

/**
 * Reads a date written in ISO 8601, or strictly in `format`: literal text
 * around the tokens `YYYY MM DD HH mm ss SSS`, in UTC. Yields `undefined` for
 * anything else, also for a day that no calendar has.
 */
export function parseDate(text: string, format?: string): Date | undefined {
  const date = format ? parseByFormat(text, format) : ISO.test(text) ? new Date(text) : undefined
  return date && !Number.isNaN(date.getTime()) ? date : undefined
}

function parseByFormat(text: string, format: string): Date | undefined {
  const tokens = format.match(TOKEN) ?? []
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(TOKEN, (token) => TOKENS[token]?.pattern ?? token)
  const found = new RegExp(`^${pattern}$`).exec(text)
  if (!found) return undefined
  const parts: Parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 }
  tokens.forEach((token, position) => TOKENS[token]?.set(parts, Number(found[position + 1])))
  const date = new Date(Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second, parts.millisecond))
  const isReal = date.getUTCMonth() === parts.month - 1 && date.getUTCDate() === parts.day && date.getUTCHours() === parts.hour
  return isReal ? date : undefined
}
