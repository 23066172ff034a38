import { Logger } from '@mortise/sdk'

/** A log that keeps what it is told, for tests to read. */
export class RecordingLogger extends Logger {
  readonly entries: { level: string; message: unknown }[] = []

  error(message: unknown): void { this.#keep('error', message) }
  warn(message: unknown): void { this.#keep('warn', message) }
  info(message: unknown): void { this.#keep('info', message) }
  debug(message: unknown): void { this.#keep('debug', message) }
  verbose(message: unknown): void { this.#keep('verbose', message) }
  silly(message: unknown): void { this.#keep('silly', message) }

  /** The messages of a level, as text. */
  textsOf(level: string): string[] {
    return this.entries.filter((entry) => entry.level === level).map(({ message }) => (message instanceof Error ? message.message : String(message)))
  }

  #keep(level: string, message: unknown): void {
    this.entries.push({ level, message })
  }
}
