/** A line of the host's log, which is JSON. */
interface LogLine {
  readonly level: number
  readonly time?: string
  readonly plugin?: string
  readonly msg?: string
  /** The id of the request on whose behalf it was logged, where that is known. */
  readonly request?: string
  readonly hint?: string
  readonly stack?: string
}

const LEVELS: Readonly<Record<number, string>> = { 50: 'error', 40: 'warn', 30: 'info', 20: 'debug', 15: 'verbose', 10: 'silly' }

const STYLES: Readonly<Record<string, 'red' | 'yellow'>> = { error: 'red', warn: 'yellow' }

/** How a word of the log is shown, such as in a colour. */
export type Paint = (style: 'red' | 'yellow' | 'green' | 'dim', text: string) => string

/** As much of an id as tells requests apart that stand near each other. */
const TAG = 8

/**
 * A line of the host's output as a person who develops reads it: time, who
 * logs, what, and for which request: `#` and the beginning of its id, which the
 * request's own line bears, too. Requests stand among the plugins' own lines,
 * as `request`. What is no log is shown as it is.
 */
export function renderLog(line: string, paint: Paint): string {
  const log = parse(line)
  if (!log) return line
  const level = LEVELS[log.level] ?? 'info'
  const [first, ...rest] = (log.msg ?? line).split('\n')
  const tag = log.request === undefined ? [] : [paint('dim', ` #${log.request.slice(0, TAG)}`)]
  const head = [paint('dim', (log.time ?? '').slice(11, 19)), paint(STYLES[level] ?? 'dim', level.padEnd(5)), (log.plugin ?? 'host').padEnd(12), first, ...tag].join(' ')
  return [head, ...rest, ...detailsOf(log)].join('\n')
}

/** What is to be done, and where an error comes from. */
const detailsOf = ({ level, hint, stack }: LogLine): string[] => [...(hint ? [`  do    ${hint}`] : []), ...(level >= 50 && stack ? [stack] : [])]

function parse(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const log = JSON.parse(line) as LogLine
    return typeof log.level === 'number' ? log : undefined
  } catch {
    // A plugin may print what begins like JSON.
    return undefined
  }
}
