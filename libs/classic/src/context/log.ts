import { format } from 'node:util'
import type { Logger } from '@mortise/sdk'

const LEVELS = ['silly', 'verbose', 'debug', 'info', 'warn', 'error'] as const

type Write = (...messages: unknown[]) => void

/** `context.log`: the six levels, as functions that need no `this`. */
export type ClassicLog = Record<(typeof LEVELS)[number], Write>

/** `context.logger`: the same, with the names that newer plugins use besides. */
export interface ClassicLogger extends ClassicLog {
  readonly fatal: Write
  readonly trace: Write
  child(): ClassicLogger
}

/** Several arguments become one text, as `console.log` writes them; a single one is logged as it is. */
export function classicLog(logger: Logger): ClassicLog {
  const write = (level: (typeof LEVELS)[number]): Write => (...messages) =>
    logger[level](messages.length === 1 ? messages[0] : format(...messages))
  return Object.fromEntries(LEVELS.map((level) => [level, write(level)])) as ClassicLog
}

export function classicLogger(log: ClassicLog): ClassicLogger {
  const logger: ClassicLogger = { ...log, fatal: log.error, trace: log.silly, child: () => logger }
  return logger
}
