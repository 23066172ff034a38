import { isIn, stackLines } from '@app/packages'

/** A plugin and the real folder that its code lies in. */
export interface PluginFolder {
  readonly name: string
  readonly folder: string
}

/**
 * Says whose an error is that nobody caught, by the topmost line of its stack
 * that lies in a plugin's folder; `undefined` when none does.
 */
export function attributeStray(error: unknown, plugins: readonly PluginFolder[]): string | undefined {
  for (const line of stackLines(error)) {
    const owner = plugins.find(({ folder }) => isIn(line, folder))
    if (owner) return owner.name
  }
  return undefined
}
