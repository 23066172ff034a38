import { service } from './service.js'

/**
 * The plugin's own section of the configuration, `plugins.<name>`, checked by
 * the schema given to `@Plugin({ config })` and with its defaults filled in.
 * Frozen; no plugin sees another's.
 *
 * @example
 * constructor(private readonly config: Config<{ greeting: string }>) {}
 * hello() { return this.config.get('greeting') }
 */
@service('config')
export abstract class Config<T extends object = Record<string, unknown>> {
  abstract readonly values: Readonly<T>

  get<K extends keyof T>(key: K): T[K] {
    return this.values[key]
  }
}
