import { Logger, type LoggerService } from '@nestjs/common'

/** What Nest says of its own doings while it starts; faults are reported by the loader instead. */
const CHATTER = ['NestFactory', 'InstanceLoader', 'ExceptionHandler']

type Level = 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal'

/** Nest keeps what the process logs with where only its own class may look. */
class CurrentLogger extends Logger {
  static get instance(): LoggerService | undefined {
    return this.staticInstanceRef
  }
}

/** Starts under way; more than one when plugins are started from several places. */
let starts = 0
let replaced: LoggerService | undefined
let filter: LoggerService | undefined

/** Runs `start` without Nest's start-up messages; what else is logged meanwhile goes where it would have gone. */
export async function quietly<T>(start: () => Promise<T>): Promise<T> {
  if (starts++ === 0) install()
  try {
    return await start()
  } finally {
    // When one module fails, Nest still has something to say of the others.
    await new Promise(setImmediate)
    if (--starts === 0) restore()
  }
}

function install(): void {
  const logger = (replaced = CurrentLogger.instance)
  if (!logger) return
  const pass = (level: Level) => (message: unknown, ...rest: unknown[]): void => {
    if (!CHATTER.includes(rest.at(-1) as string)) logger[level]?.(message, ...rest)
  }
  filter = { log: pass('log'), error: pass('error'), warn: pass('warn'), debug: pass('debug'), verbose: pass('verbose'), fatal: pass('fatal') }
  Logger.overrideLogger(filter)
}

/** Unless somebody has chosen another logger in the meantime. */
function restore(): void {
  if (replaced && CurrentLogger.instance === filter) Logger.overrideLogger(replaced)
}
