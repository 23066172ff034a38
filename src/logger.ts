import { ApiError, Logger } from '@mortise/sdk'
import { pino, stdTimeFunctions, type Logger as Pino } from 'pino'

/** Levels of the protocol's log events, the least important last; pino has no `verbose` and `silly`. */
const LEVELS = { error: 50, warn: 40, info: 30, debug: 20, verbose: 15, silly: 10 } as const

export type LogLevel = keyof typeof LEVELS | 'silent'

/** Told of every message, whatever level is shown, so that plugins can hook `log:<level>`. */
export type LogTap = (level: keyof typeof LEVELS, message: unknown) => void

/** The host's log: one line of JSON a message. */
export class HostLogger extends Logger {
  constructor(private readonly pino: Pino, private readonly taps: LogTap[] = []) {
    super()
  }

  /** The same log under a plugin's name. */
  for(plugin: string): HostLogger {
    return new HostLogger(this.pino.child({ plugin }), this.taps)
  }

  /** Tells of every message from now on. */
  onMessage(tap: LogTap): void {
    this.taps.push(tap)
  }

  error(message: unknown): void { this.#write('error', message) }
  warn(message: unknown): void { this.#write('warn', message) }
  info(message: unknown): void { this.#write('info', message) }
  debug(message: unknown): void { this.#write('debug', message) }
  verbose(message: unknown): void { this.#write('verbose', message) }
  silly(message: unknown): void { this.#write('silly', message) }

  #write(level: keyof typeof LEVELS, message: unknown): void {
    const write = this.pino[level as 'info'].bind(this.pino)
    if (message instanceof Error) write(describe(message), message.message)
    else if (typeof message === 'object' && message !== null) write(message)
    else write(String(message))
    for (const tap of this.taps) tap(level, message)
  }
}

/** What the log says of an error beyond its message: id, place, hint, and the stack of what lies beneath. */
function describe(error: Error): Record<string, unknown> {
  const { id, place, hint } = ApiError.is(error) ? error : {} as Partial<ApiError>
  return { id, place, hint, stack: error.stack, cause: error.cause instanceof Error ? error.cause.stack : error.cause }
}

const nowhere = (): void => undefined

/** How the log is opened. */
export interface LogOptions {
  /** Where lines go; standard output without it. */
  readonly write?: (line: string) => void
  /** The id of the request on whose behalf something is logged, as far as that is known. */
  readonly requestId?: () => string | undefined
}

/** Opens the log. One that is silent holds nothing open. */
export function openLog(level: LogLevel, { write = level === 'silent' ? nowhere : undefined, requestId }: LogOptions = {}): HostLogger {
  const { verbose, silly } = LEVELS
  const mixin = requestId && ((): object => {
    const id = requestId()
    return id === undefined ? {} : { request: id }
  })
  const options = { level, customLevels: { verbose, silly }, base: null, timestamp: stdTimeFunctions.isoTime, mixin }
  const log = write ? pino(options, { write }) : pino(options)
  return new HostLogger(log as unknown as Pino)
}
