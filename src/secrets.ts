import { InternalError, Secrets } from '@mortise/sdk'

/** The secrets of one plugin, and of no other. */
export class PluginSecrets extends Secrets {
  readonly #values: Readonly<Record<string, string>>

  constructor(private readonly plugin: string, values: Readonly<Record<string, string>> = {}) {
    super()
    this.#values = values
  }

  get(name: string): string {
    const value = this.has(name) ? this.#values[name] : undefined
    if (value !== undefined) return value
    throw new InternalError(`The secret "${name}" of plugin "${this.plugin}" is not set.`).with({ hint: `Set ${variableOf(this.plugin, name)} in the environment, or pipe it into "mortise secrets set ${this.plugin} ${name}".` })
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name)
  }
}

/** The environment variable that holds a secret. */
export const variableOf = (plugin: string, name: string): string =>
  `MORTISE_SECRETS__${plugin.replaceAll('-', '_')}__${name.replace(/[A-Z]/g, '_$&')}`.toUpperCase()
