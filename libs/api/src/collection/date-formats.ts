const ISO_DATE = /^[+-]?\d{4,6}-\d{2}-\d{2}$/
const ISO = /^[+-]?\d{4,6}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/
const ISO_TIME = /^[+-]?\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[.,]\d{1,9}(Z|[+-]\d{2}:?\d{2})$/
const BASIC = /^(\d{4})(\d{2})(\d{2})$/

type Read = (value: unknown) => number

const byPattern = (pattern: RegExp): Read => (value) => (typeof value === 'string' && pattern.test(value) ? Date.parse(value) : Number.NaN)
const epoch = (unit: number): Read => (value) =>
  (typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value)) ? Number(value) * unit : Number.NaN)

const formats: Record<string, Read> = {
  date: byPattern(ISO_DATE),
  date_time: byPattern(ISO_TIME),
  date_optional_time: byPattern(ISO),
  basic_date: (value) => (typeof value === 'string' && BASIC.test(value) ? Date.parse(value.replace(BASIC, '$1-$2-$3')) : Number.NaN),
  epoch_millis: epoch(1),
  epoch_second: epoch(1000),
}

/** The date formats a specification may name, in Elasticsearch's words; each of them that is text has a `strict_` twin. */
export const dateFormats: ReadonlyMap<string, Read> = new Map(
  Object.entries(formats).flatMap(([name, read]) => [[name, read], [`strict_${name}`, read]] as const),
)

/** Milliseconds since the epoch of a date in one of the formats, or `undefined`. Without formats, ISO 8601 and milliseconds will do. */
export function readDate(value: unknown, names: readonly string[] = ['date_optional_time', 'epoch_millis']): number | undefined {
  for (const name of names) {
    const time = dateFormats.get(name)?.(value) ?? Number.NaN
    if (!Number.isNaN(time)) return time
  }
  return undefined
}
