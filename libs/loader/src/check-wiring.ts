import { hostEvents, type ApiError } from '@mortise/sdk'
import { labelOf, nameOf } from '@app/ordering'
import { findUnheardEvents, partsOf, type PluginDefinition, type Registry } from '@app/registry'
import { closest, distance } from 'fastest-levenshtein'
import { loaderErrors } from './loader.errors.js'

/** Something a plugin waits for in vain. */
export interface WiringFault {
  readonly plugin: PluginDefinition
  readonly error: ApiError
}

/**
 * What is wrong between plugins that are sound by themselves: listeners to
 * events that nothing emits, and `before` or `after` naming nobody.
 *
 * @param isWhole - Whether every plugin that should be there is. If not, what may depend on a missing one is not held against others.
 */
export function checkWiring(registry: Registry, isWhole: boolean): WiringFault[] {
  const scopes = new Set([...hostEvents.map((event) => partsOf(event).scope), ...registry.actions.keys()])
  const unheard = findUnheardEvents(registry)
    .filter(({ event }) => isWhole || scopes.has(partsOf(event).scope))
    .map(({ plugin, kind, event, name, suggestion }) => ({
      plugin,
      error: loaderErrors.unknown_event(plugin.name, event).with({
        place: `${plugin.place} → ${kind === 'hook' ? '@Hook' : '@Pipe'} on ${name}`,
        hint: suggestion ? `Did you mean "${suggestion}"?` : hintFor(event),
      }),
    }))
  const names = new Set(namesOf(registry))
  return isWhole ? [...unheard, ...registry.plugins.flatMap((plugin) => unknownNeighbours(plugin, names))] : unheard
}

/** What to do about an event that is like no other. */
function hintFor(event: string): string {
  const { scope } = partsOf(event)
  const [owner] = scope.replace(/^plugin-/, '').split('/')
  if (owner !== scope) return `Enable plugin "${owner}", or listen to what another one tells.`
  if (event.includes('*')) return 'Write a pattern as "document:before*", "document:after*", "document:*" or "*:*".'
  return 'Name an event such as "document:afterCreate", or "plugin-<name>:<event>" for what a plugin triggers.'
}

/** Names that listeners may be ordered by: of plugins, of their listeners, and both together. */
const namesOf = ({ plugins }: Registry): string[] =>
  plugins.flatMap(({ name, hooks, pipes }) => [name, ...[...hooks, ...pipes].flatMap((listener) => [nameOf({ ...listener, plugin: name }), labelOf(listener)])])

/** Names further away than this many letters are no suggestion. */
const FAR = 4

function suggest(name: string, known: readonly string[]): string {
  const nearest = closest(name, known)
  return distance(name, nearest) <= Math.min(FAR, name.length - 1) ? `: did you mean "${nearest}"?` : '.'
}

function unknownNeighbours(plugin: PluginDefinition, names: ReadonlySet<string>): WiringFault[] {
  return [...plugin.hooks, ...plugin.pipes].flatMap((listener) =>
    (['before', 'after'] as const).flatMap((order) => (listener[order] ?? [])
      .filter((other) => !names.has(other))
      .map((other) => ({
        plugin,
        error: loaderErrors.unknown_plugin(plugin.name, other, order).with({
          place: `${plugin.place} → ${listener.name}`,
          hint: `Enable it, or name another${suggest(other, [...names].filter((name) => name !== plugin.name))}`,
        }),
      }))))
}
