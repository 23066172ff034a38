import { service } from './service.js'

/**
 * The plugin's own secrets: passwords, keys, tokens. They come from the
 * environment (`MORTISE_SECRETS__<PLUGIN>__<NAME>`) or the encrypted secrets
 * file (`mortise secrets edit`), and never show in logs, in errors or in the
 * configuration that the host publishes.
 */
@service('secrets')
export abstract class Secrets {
  /** The secret's value. @throws InternalError, naming the variable to set, when there is none. */
  abstract get(name: string): string
  abstract has(name: string): boolean
}
