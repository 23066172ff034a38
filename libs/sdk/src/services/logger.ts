import { service } from './service.js'

/**
 * Writes to the host's log under the plugin's name. Messages are texts,
 * errors (logged with their stack) or plain objects.
 */
@service('logger')
export abstract class Logger {
  abstract error(message: unknown): void
  abstract warn(message: unknown): void
  abstract info(message: unknown): void
  abstract debug(message: unknown): void
  abstract verbose(message: unknown): void
  abstract silly(message: unknown): void
}
