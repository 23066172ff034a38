import type { PluginDefinition } from '@app/registry'

/** A definition with everything empty but what is given. */
export function definePlugin(given: Partial<PluginDefinition> & { name: string }): PluginDefinition {
  return { version: '1.0.0', kind: 'decorated', place: `plugins/enabled/${given.name}`, hooks: [], pipes: [], controllers: [], ...given }
}
